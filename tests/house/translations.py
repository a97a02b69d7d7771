"""Finds texts without a current Chinese translation: not collected yet, empty, or fuzzy. Run as a module."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parents[2]
_ROOMS = ("applicants", "filing_portal", "registry", "review", "templates")
_LOCALE = "zh_Hans"


def find_untranslated() -> list[str]:
    """`file: message id` for every text that a Chinese reader would get in English."""
    with tempfile.TemporaryDirectory(prefix="filing-portal-messages-") as name:
        copy = Path(name) / "tree"
        _copy_tree(copy)
        _collect(copy, var=Path(name) / "var")
        catalogues = sorted(copy.rglob(f"locale/{_LOCALE}/LC_MESSAGES/django.po"))
        return [finding for catalogue in catalogues for finding in _problems(catalogue, below=copy)]


def _copy_tree(copy: Path) -> None:
    copy.mkdir()
    shutil.copy(_REPOSITORY / "manage.py", copy)
    for room in _ROOMS:
        shutil.copytree(_REPOSITORY / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))


def _collect(copy: Path, *, var: Path) -> None:
    """Has Django collect the texts of the copy, merging them with the translations there are."""
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", _LOCALE, "--verbosity", "0"],
        cwd=copy,
        check=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "filing_portal.settings.embedded",
            "FILING_PORTAL_VAR_DIR": str(var),
        },
    )


def _problems(catalogue: Path, *, below: Path) -> list[str]:
    where = catalogue.relative_to(below)
    found = []
    for option, word in (("--untranslated", "untranslated"), ("--only-fuzzy", "fuzzy")):
        output = subprocess.run(
            ["msgattrib", option, "--no-obsolete", "--no-wrap", str(catalogue)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        found += [f"{where}: {word}: {message}" for message in _message_ids(output)]
    return found


def _message_ids(output: str) -> list[str]:
    """The ids in a catalogue that msgattrib has written; its header, the empty id, is none."""
    ids: list[str] = []
    in_id = False
    for line in output.splitlines():
        if line.startswith("msgid "):
            ids.append(line.removeprefix("msgid ").strip('"'))
            in_id = True
        elif in_id and line.startswith('"'):
            ids[-1] += line.strip('"')
        else:
            in_id = False
    return [message for message in ids if message]


def main() -> int:
    findings = find_untranslated()
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
