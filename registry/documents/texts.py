"""The shipped sentences of papers and announcements that may have to follow a change of the law."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_TEXTS = Path(__file__).resolve().parent.parent / "data" / "document_texts.toml"


def document_text(name: str) -> str:
    """The text of this name, in Chinese. Raises KeyError."""
    return _texts()[name]


@cache
def _texts() -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
    return {name: text.strip() for name, text in found.items()}
