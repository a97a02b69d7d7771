"""Files of a list that are small on the disk and would be huge in memory: refused before they are read."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from registry.batches.importing.reading import ListUnreadable, read_list
from tests.builders import published


def _book(folder: Path, sheet: str, *, rest: int = 0) -> Path:
    """A workbook whose first sheet is this XML, with a member of so many bytes beside it."""
    source, path = published.xlsx_file(folder, published.rows(1)), folder / "harm.xlsx"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            after.writestr(name, sheet.encode() if is_sheet else before.read(name))
        after.writestr("xl/media/rest.bin", bytes(rest))
    return path


@pytest.mark.parametrize(
    ("cells", "merged", "rest", "code"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "", 0, "too_many_rows"),
        ("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', 0, "too_many_rows"),
        ("", "<mergeCells>" + "<mergeCell ref='A1:A1048576'/>" * 9 + "</mergeCells>", 0, "too_many_rows"),
        ("", "", 100_000_001, "file_too_large"),
        ("<row", "", 0, "file_damaged"),
    ],
)
def test_a_small_workbook_that_would_be_a_huge_one_is_refused_before_it_is(
    tmp_path: Path, cells: str, merged: str, rest: int, code: str
) -> None:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData>{merged}</worksheet>'
    started = time.monotonic()
    with pytest.raises(ListUnreadable, match=code):
        read_list(_book(tmp_path, sheet, rest=rest))
    assert time.monotonic() - started < 10


def test_a_file_of_blank_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"\n" * 300_002)
    with pytest.raises(ListUnreadable, match="too_many_rows"):
        read_list(path)
