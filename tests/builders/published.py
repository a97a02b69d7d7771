"""Lists as they were published before the register began: invented rows, written to files of many kinds."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path

from openpyxl import Workbook
from weasyprint import HTML

from registry.batches.importing.importing import Outcome, import_file
from registry.rules.codes.filing_number import compose

PUBLISHED_ON = date(2019, 3, 30)
HEAD = ("序号", "主体名称", "服务名称", "备案编号")
_DIVISIONS = ("110108", "440305", "330106", "310115", "150102", "230102", "460400")

Row = tuple[str, str, str, str]


def rows(count: int, *, first: int = 0, year: int = 2019) -> list[Row]:
    """Rows of a list; every fifth applicant has two services, one after the other. `first` is the first serial."""
    made: list[Row] = []
    applicant = first
    while len(made) < count:
        for sequence in range(1, 3 if applicant % 5 == 0 else 2):
            if len(made) < count:
                division = _DIVISIONS[applicant % len(_DIVISIONS)]
                number = compose(division, year, f"{applicant:08d}", sequence)
                made.append(
                    (
                        str(len(made) + 1),
                        f"样例既往{applicant:05d}科技有限公司",
                        f"样例服务{applicant:05d}之{sequence}",
                        str(number),
                    )
                )
        applicant += 1
    return made


def text(lines: Sequence[Sequence[str]], *, head: Sequence[str] = HEAD) -> str:
    """The lines as CSV below their header."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows((head, *lines))
    return written.getvalue()


def csv_file(folder: Path, lines: Sequence[Sequence[str]], *, name: str = "list.csv") -> Path:
    """The lines in a CSV file in UTF-8."""
    path = folder / name
    path.write_text(text(lines), encoding="utf-8", newline="")
    return path


def xlsx_file(folder: Path, lines: Sequence[Sequence[object]]) -> Path:
    """The lines in a workbook below a merged title, on the second sheet."""
    book = Workbook()
    sheet = book.create_sheet("清单")
    sheet.append(["境内区块链信息服务备案清单（样例）"])
    sheet.merge_cells("A1:D1")
    sheet.append(list(HEAD))
    for line in lines:
        sheet.append(list(line))
    path = folder / "list.xlsx"
    book.save(path)
    return path


def imported(
    folder: Path, lines: Sequence[Sequence[str]], *, number: int = 1, on: date = PUBLISHED_ON
) -> Outcome:
    """The lines taken over as a list."""
    return import_file(csv_file(folder, lines), number=number, published_on=on, writes=True)


def docx_file(
    folder: Path, tables: Sequence[Sequence[Sequence[str | None]]], *, name: str = "list.docx"
) -> Path:
    """A Word document with a heading and these tables; a cell `None` stands for one merged into that above it."""
    body = "".join(
        f"<w:p><w:r><w:t>境内区块链信息服务备案清单（样例）</w:t></w:r></w:p><w:tbl>{_word_rows(table)}</w:tbl>"
        for table in tables
    )
    path = folder / name
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "word/document.xml",
            '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
            f'wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
        )
    return path


def _word_rows(table: Sequence[Sequence[str | None]]) -> str:
    below = [*table[1:], ()]
    return "".join(
        "<w:tr>"
        + "".join(_word_cell(cell, after[place] if after else "") for place, cell in enumerate(row))
        + "</w:tr>"
        for row, after in zip(table, below, strict=True)
    )


def _word_cell(text: str | None, below: str | None) -> str:
    merged = "<w:vMerge/>" if text is None else '<w:vMerge w:val="restart"/>' if below is None else ""
    lines = "<w:br/>".join(f"<w:t>{escape(each)}</w:t>" for each in (text or "").split("\n"))
    return f"<w:tc><w:tcPr>{merged}</w:tcPr><w:p><w:r>{lines}</w:r></w:p></w:tc>"


def pdf_file(
    folder: Path,
    lines: Sequence[Sequence[str]],
    *,
    style: str = "",
    before: str = "",
    after: str = "",
    name: str = "list.pdf",
) -> Path:
    """The lines printed as a table whose cells have borders, below a title; `style` is more CSS."""
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in line)}</tr>" for line in lines)
    head = "".join(f"<th>{each}</th>" for each in HEAD)
    path = folder / name
    HTML(
        string="<style>@page { size: A4 } body { font: 9pt 'Noto Sans SC' } "
        "table { border-collapse: collapse; width: 100% } "
        f"td, th {{ border: 0.5pt solid black; padding: 3pt }} {style}</style>"
        f"<h1>境内区块链信息服务备案清单（样例）</h1>{before}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{after}"
    ).write_pdf(path)
    return path
