"""Lists as they were published before the register began: invented rows, written to files of many kinds."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook

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
