"""PDF documents with forms that were filled in and marks that were made on their pages."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.builders.odd_documents import document

_BOX = (20, 20, 280, 80)
_HIGH_BOX = (20, 20, 280, 120)


def marked(kind: str, **values: Any) -> bytes:
    """A page with one mark of a kind; `values` are further keys of the mark."""

    def change(pdf: Pdf) -> None:
        mark = Dictionary(
            Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array(_HIGH_BOX), F=4, C=Array([1, 0, 0])
        )
        for key, value in values.items():
            mark[f"/{key}"] = value
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(mark)])

    return document(change)


def lines(*boxes: tuple[float, float, float, float]) -> Array:
    """The corners of marked lines of text, given by left, bottom, right and top."""
    corners = [
        number
        for left, bottom, right, top in boxes
        for number in (left, top, right, top, left, bottom, right, bottom)
    ]
    return Array(corners)


def filled(
    value: str,
    *,
    drawn: str | None,
    is_left_to_viewer: bool,
    kind: str = "Tx",
    choices: list[tuple[str, str]] | None = None,
    **further: Any,
) -> bytes:
    """A form with one field that holds a value and is drawn as another text, or not at all."""

    def change(pdf: Pdf) -> None:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        field = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            Rect=Array(_BOX),
            F=4,
            FT=Name(f"/{kind}"),
            T=String("name"),
            V=String(value),
            DA=String("/F1 12 Tf 0 g"),
        )
        for key, each in further.items():
            field[f"/{key}"] = each
        if choices is not None:
            field.Opt = Array([Array([String(stored), String(shown)]) for stored, shown in choices])
        if drawn is not None:
            field.AP = Dictionary(N=_drawing(pdf, f"BT /F1 12 Tf 4 20 Td ({drawn}) Tj ET", font))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(field)])
        pdf.Root.AcroForm = Dictionary(
            Fields=pdf.pages[0].obj.Annots,
            DR=Dictionary(Font=Dictionary(F1=font)),
            DA=String("/F1 12 Tf 0 g"),
            NeedAppearances=is_left_to_viewer,
        )

    return document(change)


def ticked(*, value: str, state: str | None, has_states: bool = True) -> bytes:
    """A form with one box to tick: the value of the field, and the state that is drawn."""

    def change(pdf: Pdf) -> None:
        box = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            Rect=Array([20, 20, 60, 60]),
            F=4,
            FT=Name.Btn,
            T=String("agreed"),
        )
        box.V = Name(f"/{value}")
        if has_states:
            tick = _drawing(pdf, "0 0 260 60 re f")
            box.AP = Dictionary(N=Dictionary(Yes=tick, Off=_drawing(pdf, "0 0 260 60 re S")))
        if state is not None:
            box.AS = Name(f"/{state}")
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(box)])
        pdf.Root.AcroForm = Dictionary(Fields=pdf.pages[0].obj.Annots)

    return document(change)


def _drawing(pdf: Pdf, orders: str, font: Dictionary | None = None) -> Stream:
    drawing = Stream(pdf, orders.encode())
    drawing[Name.Type], drawing[Name.Subtype] = Name.XObject, Name.Form
    drawing[Name.BBox] = Array([0, 0, 260, 60])
    if font is not None:
        drawing[Name.Resources] = Dictionary(Font=Dictionary(F1=font))
    return pdf.make_indirect(drawing)


def stamp(*, orders: str = "1 0 0 rg 0 0 260 60 re f", **values: Any) -> bytes:
    """A page with a stamp that draws itself."""

    def change(pdf: Pdf) -> None:
        mark = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array(_BOX), F=4)
        mark.AP = Dictionary(N=_drawing(pdf, orders))
        for key, value in values.items():
            mark[f"/{key}"] = value
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(mark)])

    return document(change)
