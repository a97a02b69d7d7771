"""Reads the tables of a PDF by the lines drawn around their cells: text without lines is no table here.

Which row and column a text belongs to is never guessed from the space around it.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

from registry.batches.importing.tables import ListUnreadable, Place, Table, plain_radicals

# In points. Lines nearer than this are one; a cell is wider and higher.
_NEAR = 2.0
_SMALLEST_CELL = 4.0
# A picture of the whole page is drawn around nothing.
_WHOLE_PAGE = 0.9
_LINE_TO, _MOVE_TO = 0, 2
# What PDFium gives for a hyphen at the end of a line, and for a character that the file does not name.
_HYPHEN, _UNNAMED = 0x02, (0, 0xFFFE, 0xFFFF)
_UNREADABLE = "\ufffe"


class Line(NamedTuple):
    """A line of the page: its place across, and where it begins and ends along."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Character:
    """A character of the page with the middle of its box; of one beyond U+FFFF each half."""

    unit: int
    x: float
    y: float
    height: float


def tables_of_pdf(content: bytes) -> Iterator[Table]:
    """Its tables page by page, and the text outside them as a table of one cell in line 0.

    Raises ListUnreadable: file_damaged, page_without_text for a page that is a picture.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise ListUnreadable("file_damaged") from None
    with closing(document):
        for number in range(1, len(document) + 1):
            yield from _tables_of_page(document[number - 1], number)


def _tables_of_page(page: pypdfium2.PdfPage, number: int) -> Iterator[Table]:
    characters = list(_characters_of(page))
    if not characters and any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])):
        raise ListUnreadable("page_without_text", page=number)
    across, upright = _lines_of(page)
    line = 0
    for grid in _grids(across, upright):
        rows, characters = grid.read(characters)
        yield [(Place(number, line + row), cells) for row, cells in enumerate(rows, start=1)]
        line += len(rows)
    if characters:
        yield [(Place(number, 0), [_text_of(characters)])]


# ---------------------------------------------------------------- lines


@dataclass(frozen=True, slots=True)
class _Grid:
    """One table: the places of its upright lines, and in each column between them those of the lines across it."""

    edges: tuple[float, ...]
    across: tuple[tuple[float, ...], ...]
    upright: tuple[Line, ...]

    def read(self, characters: Iterable[Character]) -> tuple[list[list[str]], list[Character]]:
        """The texts of its rows from the top down, and the characters that stand in none of its cells.

        What is merged over several rows stands in each of them, what is merged over columns in the first. Where a cell
        is as wide as the table there are no columns: what stands in it is text beside the table.
        """
        inside: dict[tuple[int, int], list[Character]] = {}
        left_over: list[Character] = []
        for each in characters:
            cell = self._cell_of(each)
            (left_over if cell is None else inside.setdefault(cell, [])).append(each)
        rows: list[list[str]] = []
        taken: set[tuple[int, int]] = set()
        bounds = _merged(sorted({bound for column in self.across for bound in column}))
        for low, high in reversed(list(pairwise(bounds))):
            middle = (low + high) / 2
            edges = self._edges_at(middle)
            if high - low < _SMALLEST_CELL or len(edges) < min(len(self.edges), 3):
                continue
            row = [""] * len(self.across)
            for first, last in pairwise(edges):
                cells = [(each, bisect_right(self.across[each], middle)) for each in range(first, last)]
                row[first] = _text_of(each for cell in cells for each in inside.get(cell, ()))
                taken.update(cells)
            rows.append(row)
        left_over += [each for cell, several in inside.items() if cell not in taken for each in several]
        return rows, left_over

    def _cell_of(self, character: Character) -> tuple[int, int] | None:
        """The column of a character, and the number of lines across it below the character."""
        column = bisect_right(self.edges, character.x) - 1
        if not 0 <= column < len(self.across):
            return None
        bounds = self.across[column]
        below = bisect_right(bounds, character.y)
        return (column, below) if 0 < below < len(bounds) else None

    def _edges_at(self, height: float) -> list[int]:
        """The upright lines that stand at a height, by their place among the edges."""
        return [
            place
            for place, edge in enumerate(self.edges)
            if any(abs(each.at - edge) <= _NEAR and each.start <= height <= each.end for each in self.upright)
        ]


def _grids(across: Sequence[Line], upright: Sequence[Line]) -> Iterator[_Grid]:
    """The tables of a page from the top down: upright lines that stand beside each other belong to one."""
    for lines in _side_by_side(upright):
        edges = _merged(sorted({line.at for line in lines}))
        edges = [edges[0], *(right for left, right in pairwise(edges) if right - left >= _SMALLEST_CELL)]
        top, bottom = max(line.end for line in lines), min(line.start for line in lines)
        own = [line for line in across if bottom - _NEAR <= line.at <= top + _NEAR]
        cells = tuple(
            tuple(line.at for line in own if line.start <= left + _NEAR and line.end >= right - _NEAR)
            for left, right in pairwise(edges)
        )
        if cells:
            yield _Grid(tuple(edges), cells, tuple(lines))


def _side_by_side(upright: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in sorted(upright, key=lambda each: -each.end):
        if group and line.end < min(each.start for each in group) - _NEAR:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _lines_of(page: pypdfium2.PdfPage) -> tuple[list[Line], list[Line]]:
    """The lines across and the upright ones, each put together from its pieces; a filled strip is a line as well."""
    width, height = page.get_size()
    across: list[Line] = []
    upright: list[Line] = []
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        left, bottom, right, top = path.get_bounds()
        if right - left > _WHOLE_PAGE * width and top - bottom > _WHOLE_PAGE * height:
            continue
        for (x, y), (to_x, to_y) in _strokes_of(path):
            if abs(to_x - x) <= 1 and abs(to_y - y) > _NEAR:
                upright.append(Line(x, min(y, to_y), max(y, to_y)))
            elif abs(to_y - y) <= 1 and abs(to_x - x) > _NEAR:
                across.append(Line(y, min(x, to_x), max(x, to_x)))
    return _joined(across), _joined(upright)


def _strokes_of(path: pypdfium2.PdfObject) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight pieces of a path that is drawn, on the page."""
    fill, stroke = ctypes.c_int(), raw.FPDF_BOOL()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if not (fill.value or stroke.value):
        return
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for place in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, place)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == _MOVE_TO:
            first = point
        elif kind == _LINE_TO:
            yield last, point
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield last, first


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Lines at the same place as one where they touch, by place."""
    found: list[Line] = []
    for group in _near_each_other(sorted(lines)):
        at = sum(line.at for line in group) / len(group)
        start, end = group[0].start, group[0].end
        for line in sorted(group, key=lambda each: each.start):
            if line.start > end + _NEAR:
                found.append(Line(at, start, end))
                start, end = line.start, line.end
            start, end = min(start, line.start), max(end, line.end)
        found.append(Line(at, start, end))
    return sorted(found)


def _near_each_other(lines: Iterable[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and line.at - group[-1].at > _NEAR:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _merged(places: Iterable[float]) -> list[float]:
    """The places in order, of those that are near each other the first."""
    found: list[float] = []
    for place in places:
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


# ---------------------------------------------------------------- text


def _characters_of(page: pypdfium2.PdfPage) -> Iterator[Character]:
    text = page.get_textpage()
    for place in range(text.count_chars()):
        # PDFium adds spaces and line ends by its own reckoning.
        if raw.FPDFText_IsGenerated(text, place) == 1:
            continue
        left, bottom, right, top = text.get_charbox(place, loose=True)
        unit = raw.FPDFText_GetUnicode(text, place)
        yield Character(unit, (left + right) / 2, (bottom + top) / 2, top - bottom)


def _text_of(characters: Iterable[Character]) -> str:
    """The characters from the top down and from left to right, a line end after each line but the last."""
    lines: list[list[Character]] = []
    for each in sorted(characters, key=lambda character: -character.y):
        if lines and lines[-1][0].y - each.y < max(each.height, lines[-1][0].height) / 2:
            lines[-1].append(each)
        else:
            lines.append([each])
    return "\n".join(_decoded(sorted(line, key=lambda character: character.x)) for line in lines)


def _decoded(line: Iterable[Character]) -> str:
    units = (
        "-" if each.unit == _HYPHEN else _UNREADABLE if each.unit in _UNNAMED else chr(each.unit)
        for each in line
    )
    text = "".join(units).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return plain_radicals(text)
