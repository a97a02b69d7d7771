"""Tables as CSV, line by line, for streamed responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import normalize

from defusedcsv import csv
from django.http import StreamingHttpResponse

_FORMULA_SIGNS = tuple("=+-@")


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
        yield writer.writerow([_inert(cell) for cell in row])


def csv_answer(lines: Iterable[str], *, name: str) -> StreamingHttpResponse:
    """Lines of `csv_lines` as a file of this name."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _inert(cell: object) -> object:
    """The cell; what the library leaves alone and some spreadsheets run all the same is escaped as it escapes others.

    That are the full-width signs, and signs behind a blank, a tab or a return.
    """
    if not isinstance(cell, str) or cell.startswith(_FORMULA_SIGNS):
        return cell
    return f"'{cell}" if normalize("NFKC", cell.lstrip()[:1]) in _FORMULA_SIGNS else cell
