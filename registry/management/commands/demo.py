"""`manage.py demo`: a filing from the form to its number, in a temporary directory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

_REPOSITORY = Path(__file__).resolve().parents[3]
LANGUAGES = {"en": "en", "zh": "zh-hans"}


class Command(BaseCommand):
    """Runs the demonstration in a separate process, so that this installation's data is not touched."""

    help = "Carries a sample filing through the real forms, ledger and jobs, step by step, to its number."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=sorted(LANGUAGES), default="en")

    def handle(self, *_args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="filing-portal-demo-") as directory:
            child = subprocess.Popen(
                [
                    sys.executable,
                    "-W",
                    "ignore",
                    "-m",
                    "filing_portal.demonstration",
                    LANGUAGES[options["language"]],
                ],
                cwd=_REPOSITORY,
                env=_environment(directory),
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            if child.stdout is not None:
                for line in child.stdout:
                    self.stdout.write(line, ending="")
            status = child.wait()
        if status:
            sys.exit(1)


def _environment(directory: str) -> dict[str, str]:
    """The child's environment, without this installation's settings, database and broker."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FILING_PORTAL_") and name not in {"DATABASE_URL", "REDIS_URL", "PORT"}
    }
    return {**kept, "FILING_PORTAL_VAR_DIR": directory, "PYTHONIOENCODING": "utf-8", "TMPDIR": directory}
