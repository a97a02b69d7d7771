"""Tables as CSV, line by line, for answers that are streamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from defusedcsv import csv


class _Echo:
    """A file that gives back what is written to it."""

    @staticmethod
    def write(text: str) -> str:
        return text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a table, after a byte-order mark, so that spreadsheets read the Chinese.

    Cells that a spreadsheet would take for formulas are defused.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow(row)
