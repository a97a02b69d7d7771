"""Plain lines for whoever started the embedded set-up and watches its terminal; elsewhere nobody is told."""

from __future__ import annotations

from pathlib import Path

import structlog

# filing_portal/logs.py lets it through to the terminal of the embedded set-up, and nowhere else.
LOGGER_NAME = "portal.terminal"

_log = structlog.get_logger(LOGGER_NAME)


def tell(sentence: str) -> None:
    """Shows one sentence, which must hold no personal data."""
    _log.info(sentence)


def readable_path(path: Path) -> str:
    """The path as one types it in the directory that the portal was started in."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
