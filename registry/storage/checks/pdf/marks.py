"""Marks on a page (annotations): what a viewer shows of them becomes part of the page, or the file is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from registry.storage.checks.refusals import FileRefused

_INVISIBLE, _HIDDEN, _NO_VIEW = 1, 2, 32
# Viewers show an icon of their own for these, or nothing: no ink of the page.
_WITHOUT_INK = frozenset(
    {"/Link", "/Popup", "/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D", "/Projection"}
    | {"/Widget", "/TrapNet", "/PrinterMark", "/Watermark", "/Redact"}
)
# The length of the handles of a curve that is a quarter of a circle.
_QUARTER = 0.5523
_Point = tuple[float, float]


def shown(page: pikepdf.Page) -> Iterator[Dictionary]:
    """The annotations of a page that a viewer shows."""
    found = page.obj.get("/Annots")
    for annotation in found.as_list() if isinstance(found, Array) else []:
        if isinstance(annotation, Dictionary) and not _flags(annotation) & (_HIDDEN | _NO_VIEW):
            yield annotation


def appearance_of(annotation: Dictionary) -> Stream | None:
    """The form that draws the annotation in its present state, if it has one."""
    normal = annotation.get("/AP", Dictionary()).get("/N")
    if isinstance(normal, Dictionary) and not isinstance(normal, Stream):
        state = annotation.get("/AS")
        normal = normal.get(str(state)) if isinstance(state, Name) else None
    return normal if isinstance(normal, Stream) else None


def draw_into_pages(source: Pdf) -> None:
    """Makes the marks that a viewer shows part of their pages.

    Raises FileRefused for a mark that the file does not draw and that has no single way to be drawn.
    """
    for number, page in enumerate(source.pages, start=1):
        for annotation in shown(page):
            _prepare(source, annotation, page_number=number)
    source.flatten_annotations("screen")


def _prepare(source: Pdf, annotation: Dictionary, *, page_number: int) -> None:
    kind = str(annotation.get("/Subtype"))
    if kind == "/Text" and str(annotation.get("/Contents", "")).strip():
        raise FileRefused("note_not_printed", page=page_number)
    drawn = appearance_of(annotation)
    if drawn is None:
        if kind in _WITHOUT_INK:
            return
        orders = _drawing_of(annotation, kind)
        if orders is None:
            raise FileRefused("mark_not_drawn", page=page_number)
        drawn = _form(source, annotation, orders, is_highlight=kind == "/Highlight")
        annotation.AP = Dictionary(N=drawn)
    # Viewers heed this only for marks of an unknown kind; it would drop the others, too.
    annotation.F = _flags(annotation) & ~_INVISIBLE
    if "/OC" in annotation and "/OC" not in drawn:
        drawn[Name.OC] = annotation.OC


def _flags(annotation: Dictionary) -> int:
    flags = annotation.get("/F", 0)
    return flags if isinstance(flags, int) else 0


def _form(source: Pdf, annotation: Dictionary, orders: str, *, is_highlight: bool) -> Stream:
    state = Dictionary(CA=_opacity(annotation), ca=_opacity(annotation))
    if is_highlight:
        state.BM = Name.Multiply
    form = Stream(source, f"/State gs {orders}".encode("ascii"))
    form[Name.Type], form[Name.Subtype] = Name.XObject, Name.Form
    form[Name.BBox] = annotation.Rect
    form[Name.Resources] = Dictionary(ExtGState=Dictionary(State=state))
    form[Name.Group] = Dictionary(S=Name.Transparency)
    return source.make_indirect(form)


def _opacity(annotation: Dictionary) -> float:
    return float(annotation.get("/CA", 1))


def _drawing_of(annotation: Dictionary, kind: str) -> str | None:
    """The orders that draw the mark; None where viewers would not agree how it looks."""
    draw = _DRAWINGS.get(kind)
    if draw is None or "/Rect" not in annotation:
        return None
    return draw(annotation)


def _highlight(annotation: Dictionary) -> str:
    orders = [_colour(annotation, "/C", "rg") or "1 1 0 rg"]
    for left, bottom, right, top in _marked_lines(annotation):
        orders.append(f"{left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re f")
    return " ".join(orders)


def _underline(annotation: Dictionary) -> str:
    orders = [_colour(annotation, "/C", "RG") or "0 G"]
    for left, bottom, right, _top in _marked_lines(annotation):
        orders.append(_path([(left, bottom + 1), (right, bottom + 1)]))
    return " ".join(orders)


def _strike_out(annotation: Dictionary) -> str:
    orders = [_colour(annotation, "/C", "RG") or "0 G"]
    for left, bottom, right, top in _marked_lines(annotation):
        orders.append(_path([(left, (bottom + top) / 2), (right, (bottom + top) / 2)]))
    return " ".join(orders)


def _square(annotation: Dictionary) -> str:
    left, bottom, right, top = _inner_box(annotation)
    return f"{_pen(annotation)} {left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re {_paint(annotation)}"


def _circle(annotation: Dictionary) -> str:
    left, bottom, right, top = _inner_box(annotation)
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    wide, high = (right - left) / 2 * _QUARTER, (top - bottom) / 2 * _QUARTER
    return (
        f"{_pen(annotation)} {left:.3f} {middle_y:.3f} m "
        f"{left:.3f} {middle_y + high:.3f} {middle_x - wide:.3f} {top:.3f} {middle_x:.3f} {top:.3f} c "
        f"{middle_x + wide:.3f} {top:.3f} {right:.3f} {middle_y + high:.3f} {right:.3f} {middle_y:.3f} c "
        f"{right:.3f} {middle_y - high:.3f} {middle_x + wide:.3f} {bottom:.3f} {middle_x:.3f} {bottom:.3f} c "
        f"{middle_x - wide:.3f} {bottom:.3f} {left:.3f} {middle_y - high:.3f} {left:.3f} {middle_y:.3f} c "
        f"h {_paint(annotation)}"
    )


def _ink(annotation: Dictionary) -> str:
    strokes = annotation.get("/InkList", Array())
    return f"{_pen(annotation)} " + " ".join(_path(_points(stroke)) for stroke in strokes.as_list())


_DRAWINGS: dict[str, Callable[[Dictionary], str]] = {
    "/Highlight": _highlight,
    "/Underline": _underline,
    "/StrikeOut": _strike_out,
    "/Square": _square,
    "/Circle": _circle,
    "/Ink": _ink,
}


def _pen(annotation: Dictionary) -> str:
    return f"{_colour(annotation, '/C', 'RG')} {_colour(annotation, '/IC', 'rg')} {_line_width(annotation):.3f} w"


def _paint(annotation: Dictionary) -> str:
    fills, strokes = bool(_colour(annotation, "/IC", "rg")), _line_width(annotation) > 0
    return {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}[fills, strokes]


def _line_width(annotation: Dictionary) -> float:
    style = annotation.get("/BS")
    if isinstance(style, Dictionary) and "/W" in style:
        return float(style.W)
    border = annotation.get("/Border")
    return float(border[2]) if isinstance(border, Array) and len(border) > 2 else 1.0


def _colour(annotation: Dictionary, key: str, order: str) -> str:
    """The order that sets a colour of one, three or four parts; empty where the mark has none."""
    parts = annotation.get(key)
    numbers = [float(part) for part in parts.as_list()] if isinstance(parts, Array) else []
    name = {1: "G", 3: "RG", 4: "K"}.get(len(numbers), "")
    if not name:
        return ""
    return " ".join(f"{number:.4f}" for number in numbers) + f" {name if order.isupper() else name.lower()}"


def _inner_box(annotation: Dictionary) -> tuple[float, float, float, float]:
    """The box in which the line runs: within the rectangle by its difference and half the line."""
    sides = [float(side) for side in annotation.Rect.as_list()]
    left, right = sorted((sides[0], sides[2]))
    bottom, top = sorted((sides[1], sides[3]))
    within = annotation.get("/RD")
    gaps = [float(gap) for gap in within.as_list()] if isinstance(within, Array) else [0.0] * 4
    half = _line_width(annotation) / 2
    return left + gaps[0] + half, bottom + gaps[1] + half, right - gaps[2] - half, top - gaps[3] - half


def _marked_lines(annotation: Dictionary) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each marked line of text."""
    corners = _points(annotation.get("/QuadPoints", Array()))
    lines = [corners[place : place + 4] for place in range(0, len(corners) - 3, 4)]
    return [(*map(min, zip(*line, strict=True)), *map(max, zip(*line, strict=True))) for line in lines]


def _points(numbers: pikepdf.Object) -> list[_Point]:
    values = [float(number) for number in numbers.as_list()]
    return list(zip(values[::2], values[1::2], strict=False))


def _path(points: list[_Point]) -> str:
    """The orders that draw a line from point to point."""
    return (
        " ".join(f"{x:.3f} {y:.3f} {'m' if place == 0 else 'l'}" for place, (x, y) in enumerate(points))
        + " S"
    )
