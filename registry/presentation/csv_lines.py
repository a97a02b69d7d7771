"""Tables as CSV, line by line, for streamed responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from defusedcsv import csv


class _Echo:
    """A file whose `write` returns the text, so that the CSV writer returns each line."""

    @staticmethod
    def write(text: str) -> str:
        return text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yields a byte-order mark, by which spreadsheets recognise UTF-8, the head and the rows.

    Cells that a spreadsheet would run as formulas are escaped.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow(row)
