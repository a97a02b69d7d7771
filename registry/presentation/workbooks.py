"""Tables as workbooks (XLSX), written row by row."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_TEXT = "s"
_SPOOLED_BYTES = 4 * 1024 * 1024
_WIDTH = 24
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, a head of column names, or none, and rows of texts."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[str]]


def write_workbook(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The workbook as a file at its start; every cell is a text, so that none is run as a formula."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        if sheet.head:
            page.freeze_panes = "A2"
            for place in range(1, len(sheet.head) + 1):
                page.column_dimensions[get_column_letter(place)].width = _WIDTH
            page.append([_cell(page, text, bold=True) for text in sheet.head])
        for row in sheet.rows:
            page.append([_cell(page, text) for text in row])
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOLED_BYTES)  # noqa: SIM115 (the caller reads it)
    book.save(file)
    file.seek(0)
    return file


def in_workbook(text: str) -> str:
    """The text without what XML cannot hold; with it no workbook could be written."""
    return _NOT_IN_XML.sub("", text)


def _cell(page: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, in_workbook(text))
    cell.data_type = _TEXT
    if bold:
        cell.font = Font(bold=True)
    return cell
