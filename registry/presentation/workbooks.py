"""Tables as workbooks (XLSX), written row by row."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXT = "s"
_WIDTH = 24
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, a head of column names, or none, rows of texts and numbers, and the columns' widths."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = ()


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """The workbook, whole; a text stays a text, so that none is run as a formula."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        if sheet.head:
            page.freeze_panes = "A2"
            for place, width in enumerate(sheet.widths or [_WIDTH] * len(sheet.head), start=1):
                page.column_dimensions[get_column_letter(place)].width = width
            page.append([_cell(page, text, bold=True) for text in sheet.head])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(page: WriteOnlyWorksheet, value: object, *, bold: bool = False) -> WriteOnlyCell:
    # With what XML cannot hold no workbook could be written.
    written = _NOT_IN_XML.sub("", value) if isinstance(value, str) else value
    cell = WriteOnlyCell(page, written)
    if isinstance(written, str):
        cell.data_type = _TEXT
    if bold:
        cell.font = Font(bold=True)
    return cell
