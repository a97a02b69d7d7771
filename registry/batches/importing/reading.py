"""Reads the table of a published list from a CSV, XLSX, DOCX or PDF file, as such files are found; judges nothing.

Titles may stand above the header, the header may be in other words or in English, rows may be blank, the header may
come again on each page, and text may be in UTF-8, UTF-16 or GB 18030. In a document the list may go on in further
tables.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from registry.batches.importing.printed_tables import tables_of_pdf
from registry.batches.importing.tables import Cells, ListUnreadable, Place, Table, open_package
from registry.batches.importing.word_documents import tables_of_document
from registry.rules.codes.filing_number import find_in
from registry.rules.visible_text import clean

MAXIMUM_BYTES = 50_000_000
MAXIMUM_ROWS = 100_000
# Beyond these a file is no list, whatever it holds: blank lines and cells cost memory too.
_MAXIMUM_LINES = 300_000
_MAXIMUM_CELLS = 5_000_000
_MERGED = re.compile(rb"mergeCell\b[^>]*?\bref\s*=\s*[\"']([^\"']{1,40})")

# The columns of a list by the headings under which they are found, without spaces and in lower case.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "position": ("序号", "序", "no.", "no", "position", "serialno.", "item"),
    "applicant_name": (
        "主体名称", "主体", "备案主体", "备案主体名称", "备案人", "备案人名称", "单位名称", "企业名称", "公司名称",
        "机构名称", "主办单位", "applicant", "applicantname", "entity", "entityname", "company", "organisation",
        "organization",
    ),
    "service_name": (
        "服务名称", "区块链信息服务名称", "备案服务名称", "信息服务名称", "产品名称", "项目名称", "service",
        "servicename", "nameofservice",
    ),
    "number": (
        "备案编号", "备案号", "备案编码", "编号", "filingnumber", "filingno.", "filingno", "recordnumber",
        "registrationnumber",
    ),
    "province": ("省份", "省", "所在省份", "所属省份", "province"),
}  # fmt: skip
NAMES = ("applicant_name", "service_name")
_COLUMN_OF = {heading: column for column, headings in HEADINGS.items() for heading in headings}
_NEEDED = {"applicant_name", "service_name", "number"}
# A header stands near the top; what is not found there is not looked for in the entries.
_HEADER_WITHIN = 40
_SEPARATORS = ",\t;"
_LINE_BREAK = re.compile(r"\s*[\r\n]+\s*")

# Where a line ends between two Latin characters, a printed table does not say whether a space stood.
_BROKEN_WORD = re.compile(r"[!-~]\n[!-~]")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row below the header as text, without spaces around it; `page` and `line` are its place in the file.

    `doubtful` are the columns of a printed row that were broken where a space may have stood or not.
    """

    line: int
    position: str
    applicant_name: str
    service_name: str
    number: str
    province: str
    page: int = 0
    doubtful: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        return Place(self.page, self.line)


def read_list(path: Path) -> list[ReadRow]:
    """The rows of the first table of the file that has the columns of a list; blank rows are left out.

    Raises ListUnreadable: file_missing, file_too_large, format_unknown, file_damaged, header_missing,
    too_many_rows, no_rows, page_without_text, table_differs.
    """
    if not path.is_file():
        raise ListUnreadable("file_missing", file=path.name)
    if path.stat().st_size > MAXIMUM_BYTES:
        raise ListUnreadable("file_too_large", file=path.name, maximum=MAXIMUM_BYTES)
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise ListUnreadable("format_unknown", file=path.name, format=path.suffix)
    tables = read(path.read_bytes())
    for table in tables:
        header = _header_of(table)
        if header is not None:
            place, columns = header
            below = table[place + 1 :]
            if path.suffix.lower() in _DOCUMENTS:
                below += _continued(tables, width=len(table[place][1]))
            return _rows_of(below, columns)
    raise ListUnreadable("header_missing", file=path.name)


# ---------------------------------------------------------------- the table


def _header_of(table: Table) -> tuple[int, dict[str, int]] | None:
    """The place of the header among the rows, and the place of each column in a row."""
    for place, (_place, cells) in enumerate(table[:_HEADER_WITHIN]):
        columns = _columns_in(cells)
        if columns.keys() >= _NEEDED:
            return place, columns
    return None


def _columns_in(cells: Cells) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        column = _COLUMN_OF.get(_heading(cell))
        if column is not None:
            found.setdefault(column, index)
    return found


def _heading(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()).casefold()


def _continued(tables: Iterable[Table], *, width: int) -> Iterator[tuple[Place, Cells]]:
    """The rows of the tables after the one with the header, which has this many columns.

    Raises ListUnreadable("table_differs") for a filing number that stands in another table, or in none.
    """
    for table in tables:
        for place, cells in table:
            if len(cells) == width:
                yield place, cells
            elif find_in("\n".join(cells)):
                raise ListUnreadable(
                    "table_differs", place=str(place) if place.line else f"page {place.page}"
                )


def _rows_of(below: Table, columns: Mapping[str, int]) -> list[ReadRow]:
    rows = [
        _row(place, {column: _cell(cells, columns.get(column)) for column in HEADINGS})
        for place, cells in below
        # Tables that were printed have their header again on each page.
        if any(_plain(cell) for cell in cells) and _columns_in(cells) != columns
    ]
    if not rows:
        raise ListUnreadable("no_rows")
    if len(rows) > MAXIMUM_ROWS:
        raise ListUnreadable("too_many_rows", found=len(rows), maximum=MAXIMUM_ROWS)
    return rows


def _row(place: Place, cells: Mapping[str, str]) -> ReadRow:
    doubtful = tuple(column for column in NAMES if place.page and _BROKEN_WORD.search(cells[column]))
    return ReadRow(
        line=place.line,
        position=_plain(cells["position"]),
        applicant_name=_plain(cells["applicant_name"]),
        service_name=_plain(cells["service_name"]),
        number=_plain(cells["number"]),
        province=_plain(cells["province"]),
        page=place.page,
        doubtful=doubtful,
    )


def _cell(cells: Cells, index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def _plain(text: str) -> str:
    """A cell's text on one line: where it was broken, Latin words keep a space and Chinese characters none."""
    return clean(_LINE_BREAK.sub(_joint, clean(text, line_breaks=True)), line_breaks=False)


def _joint(found: re.Match[str]) -> str:
    before, after = found.string[found.start() - 1], found.string[found.end()]
    return " " if before.isascii() and after.isascii() else ""


# ---------------------------------------------------------------- text


def _tables_of_text(content: bytes) -> Iterator[Table]:
    """The file as a table, for every encoding and separator it may be in, the likeliest first."""
    is_text = False
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        is_text = True
        for separator in _SEPARATORS:
            yield _table_of(text.removeprefix("\ufeff"), separator)
    if not is_text:
        raise ListUnreadable("file_damaged")


def _encodings(content: bytes) -> Iterable[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\x00" in content:
        return ("utf-16-le", "utf-16-be")
    return ("utf-8", "gb18030")


def _table_of(text: str, separator: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    table: Table = []
    line = 1
    try:
        for cells in reader:
            table.append((Place(0, line), cells))
            line = reader.line_num + 1
            if len(table) > _MAXIMUM_LINES:
                raise ListUnreadable("too_many_rows", found=len(table), maximum=MAXIMUM_ROWS)
    except csv.Error:
        raise ListUnreadable("file_damaged", line=line) from None
    return table


# ---------------------------------------------------------------- workbooks


# What the library raises for a workbook that is broken or encrypted, beside its own exception.
_BROKEN_BOOK = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    RuntimeError,
    SyntaxError,
)


def _tables_of_book(content: bytes) -> Iterator[Table]:
    """Each sheet as a table, with the values that were last computed."""
    try:
        _refuse_wide_merges(content)
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except _BROKEN_BOOK:
        raise ListUnreadable("file_damaged") from None
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > _MAXIMUM_CELLS:
            raise ListUnreadable("too_many_rows", found=sheet.max_row, maximum=MAXIMUM_ROWS)
        yield _table_of_sheet(sheet)


def _refuse_wide_merges(content: bytes) -> None:
    """Raises ListUnreadable for merged areas of more cells than a list has: reading the workbook makes each of them."""
    cells = 0
    with open_package(content) as package:
        for name in package.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            for area in _MERGED.findall(package.read(name)):
                left, top, right, bottom = range_boundaries(area.decode("latin-1"))
                cells += (right - left + 1) * (bottom - top + 1)
                if cells > _MAXIMUM_CELLS:
                    raise ListUnreadable("too_many_rows", found=bottom, maximum=MAXIMUM_ROWS)


def _table_of_sheet(sheet: Worksheet) -> Table:
    merged = _merged_below(sheet)
    return [
        (
            Place(0, line),
            [_text_of(merged.get((line, column), value)) for column, value in enumerate(cells, start=1)],
        )
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
    ]


def _merged_below(sheet: Worksheet) -> dict[tuple[int, int], Any]:
    """The value of each cell that one above it is merged over: an applicant that stands once beside its services."""
    found: dict[tuple[int, int], Any] = {}
    for area in sheet.merged_cells.ranges:
        if area.min_col == area.max_col:
            value = sheet.cell(area.min_row, area.min_col).value
            found |= {(line, area.min_col): value for line in range(area.min_row, area.max_row + 1)}
    return found


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        # A position that the spreadsheet keeps as a number; of a filing number so kept, digits are lost for good.
        return str(int(value))
    return str(value)


_READERS: Mapping[str, Callable[[bytes], Iterator[Table]]] = {
    ".csv": _tables_of_text,
    ".txt": _tables_of_text,
    ".tsv": _tables_of_text,
    ".xlsx": _tables_of_book,
    ".docx": tables_of_document,
    ".pdf": tables_of_pdf,
}
_DOCUMENTS = frozenset({".docx", ".pdf"})
