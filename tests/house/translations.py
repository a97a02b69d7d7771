"""Finds texts without a current Chinese translation: not collected yet, empty, or fuzzy. Run as a module."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from deploy.messages import REPOSITORY, ROOMS, collect, find_unfinished


def find_untranslated() -> list[str]:
    """What `make messages` would leave to be translated, found in a copy of the tree."""
    with tempfile.TemporaryDirectory(prefix="filing-portal-messages-") as name:
        copy = Path(name)
        for room in (*ROOMS, "templates"):
            shutil.copytree(
                REPOSITORY / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "*.mo")
            )
        collect(copy)
        return find_unfinished(copy)


def main() -> int:
    findings = find_untranslated()
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
