"""The demonstration: two filings reach valid numbers through the real pages, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry.rules.codes import filing_number


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "予以备案"), pytest.param("en", "approves", marks=pytest.mark.proof)]
)
def test_demo_ends_with_two_valid_numbers_and_leaves_no_file(
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
    numbers = [filing_number.parse(line) for line in lines[-2:]]
    assert [str(number)[0] for number in numbers] == ["京", "粤"]
    assert all(number.serial.startswith("0000") for number in numbers)
    assert said in answer.stdout
    assert list(temporary.iterdir()) == []
    assert not (own / "portal.sqlite3").exists()
    assert list((own / "attachments").iterdir()) == []
