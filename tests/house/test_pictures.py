"""The repository holds the pictures that its pages show, and no others."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.sources import read, tracked_files

FOLDER = Path("docs/screenshots")
PICTURES_AT_MOST = 16


def test_the_pictures_in_the_repository_are_those_that_pages_show() -> None:
    kept = {path.name for path in tracked_files() if path.parent == FOLDER}
    pages = [path for path in tracked_files() if path.suffix == ".md"]
    shown = {name for page in pages for name in re.findall(r"screenshots/([\w-]+\.png)", read(page))}
    assert kept == shown
    assert 0 < len(kept) <= PICTURES_AT_MOST
