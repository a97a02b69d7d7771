"""The demonstration: a filing reaches a valid number through the real pages, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry.rules import filing_number


@pytest.mark.parametrize(("language", "said"), [("en", "approves"), ("zh", "予以备案")])
def test_demo_ends_with_a_valid_number_and_leaves_no_file(
    language: str, said: str, repository: Path, tmp_path: Path
) -> None:
    own, temporary = tmp_path / "own", tmp_path / "temporary"
    temporary.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
        "DJANGO_SETTINGS_MODULE": "filing_portal.settings.embedded",
        "FILING_PORTAL_VAR_DIR": str(own),
        "TMPDIR": str(temporary),
    }
    answer = subprocess.run(
        [sys.executable, "manage.py", "demo", "--language", language],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    number = filing_number.parse(lines[-1])
    assert number.serial.startswith("0000")
    assert said in answer.stdout
    assert list(temporary.iterdir()) == []
    assert not (own / "portal.sqlite3").exists()
    assert list((own / "attachments").iterdir()) == []
