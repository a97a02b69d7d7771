"""Filled forms: what was typed into a field is shown on the page as it was typed, or the file is refused.

Programs that fill in forms often write the value only, and leave it to the viewer to draw it; some draw what their
font has no character for as a question mark.
"""

from __future__ import annotations

import io
import unicodedata
from collections import Counter
from collections.abc import Iterator

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from registry.storage.checks.pdf import marks
from registry.storage.checks.refusals import FileRefused

_PUSH_BUTTON, _PASSWORD = 1 << 16, 1 << 13
_OFF = "/Off"
_LONGEST_NAME = 40
_MOST_ANCESTORS = 50


def draw_values(source: Pdf) -> bool:
    """Lets every field show what was typed into it; gives whether there is any field.

    Raises FileRefused for a form of the kind XFA, and for a value that the file cannot show.
    """
    form = source.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        form = Dictionary()
    if form.get("/XFA") is not None:
        raise FileRefused("form_dynamic")
    is_left_to_viewer = form.get("/NeedAppearances") is True
    widgets = [found for page in source.pages for found in marks.shown(page) if _is_field(found)]
    for widget in widgets:
        if inherited(widget, "/FT") == Name.Btn:
            _show_state(widget)
    texts = [widget for widget in widgets if inherited(widget, "/FT") in (Name.Tx, Name.Ch)]
    wrong = _not_shown(texts)
    if is_left_to_viewer or any(marks.appearance_of(widget) is None for widget in wrong):
        drawable = [each for each in wrong if is_left_to_viewer or marks.appearance_of(each) is None]
        for widget in drawable:
            if "/AP" in widget:
                del widget["/AP"]
            left, bottom, right, top = (float(side) for side in widget.Rect.as_list())
            widget.Rect = Array([min(left, right), min(bottom, top), max(left, right), max(bottom, top)])
            annotation = pikepdf.Annotation(widget)
            source.acroform.get_field_for_annotation(annotation).generate_appearance(annotation)
        wrong = _not_shown(texts)
    if wrong:
        raise FileRefused("form_value_not_shown", field=_name(wrong[0]))
    if "/NeedAppearances" in form:
        del form["/NeedAppearances"]
    for widget in widgets:
        _take_default_fonts(form, marks.appearance_of(widget))
    return bool(widgets)


def as_drawn(document: Pdf) -> None:
    """Turns fields into marks that only draw: a viewer would draw their values anew in its own manner."""
    for page in document.pages:
        for widget in marks.shown(page):
            if _is_field(widget) and marks.appearance_of(widget) is not None:
                widget.Subtype = Name.Stamp
    if "/AcroForm" in document.Root:
        del document.Root["/AcroForm"]


def _take_default_fonts(form: Dictionary, drawn: Stream | None) -> None:
    """Drawings may use the fonts of the form without naming them."""
    fonts = form.get("/DR", Dictionary()).get("/Font")
    if drawn is None or not isinstance(fonts, Dictionary):
        return
    if "/Resources" not in drawn:
        drawn[Name.Resources] = Dictionary()
    resources = drawn[Name.Resources]
    if "/Font" not in resources:
        resources[Name.Font] = Dictionary()
    for name, font in fonts.items():
        if name not in resources.Font:
            resources.Font[name] = font


def inherited(node: Dictionary, key: str) -> pikepdf.Object | None:
    """A value that a field or page has itself or takes from those above it."""
    found: object = node
    for _level in range(_MOST_ANCESTORS):
        if not isinstance(found, Dictionary):
            return None
        if key in found:
            return found[key]
        found = found.get("/Parent")
    return None


def _is_field(annotation: Dictionary) -> bool:
    return annotation.get("/Subtype") == Name.Widget


def _show_state(widget: Dictionary) -> None:
    """A box that is ticked is drawn ticked."""
    if _flags(widget) & _PUSH_BUTTON:
        return
    states = widget.get("/AP", Dictionary()).get("/N")
    value = inherited(widget, "/V")
    chosen = str(value) if isinstance(value, Name) else _OFF
    if not isinstance(states, Dictionary) or isinstance(states, Stream):
        if chosen != _OFF and str(widget.get("/AS", chosen)) == chosen:
            raise FileRefused("form_value_not_shown", field=_name(widget))
        return
    expected = chosen if chosen in states else _OFF
    if "/AS" not in widget:
        widget.AS = Name(expected)
    elif value is not None and str(widget.AS) != expected:
        raise FileRefused("form_value_not_shown", field=_name(widget))


def _not_shown(widgets: list[Dictionary]) -> list[Dictionary]:
    """The fields whose drawing says something else than their value."""
    drawn = _drawn_texts([marks.appearance_of(widget) for widget in widgets])
    return [
        widget
        for widget, shown in zip(widgets, drawn, strict=True)
        if not _flags(widget) & _PASSWORD and not _shows(widget, shown)
    ]


def _shows(widget: Dictionary, shown: str) -> bool:
    typed = "".join(_values(widget))
    if _is_formatted(widget) and shown:
        # A script of the form writes 1234.5 as 1,234.50: the drawing is what the applicant saw.
        return "?" in typed or "?" not in shown
    wanted, found = Counter(_readable(typed)), Counter(_readable(shown))
    unreadable = sum(1 for character in shown if unicodedata.category(character) in {"Cn", "Co", "Cc", "Cs"})
    if (wanted - found).total() > unreadable:
        return False
    # A list shows all its choices beside the chosen one.
    return inherited(widget, "/FT") == Name.Ch or not (found - wanted) or not typed


def _readable(text: str) -> str:
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if not character.isspace() and unicodedata.category(character)[0] != "C"
    )


def _is_formatted(widget: Dictionary) -> bool:
    actions = inherited(widget, "/AA")
    return isinstance(actions, Dictionary) and "/F" in actions


def _values(widget: Dictionary) -> Iterator[str]:
    """What was typed or chosen, as it is shown to people."""
    value = inherited(widget, "/V")
    choices = inherited(widget, "/Opt")
    words: dict[str, str] = {}
    for choice in choices.as_list() if isinstance(choices, Array) else []:
        if isinstance(choice, Array) and len(choice) == 2:
            words[str(choice[0])] = str(choice[1])
    for each in value.as_list() if isinstance(value, Array) else [value]:
        if isinstance(each, (String, Name)):
            yield words.get(str(each), str(each))
        elif isinstance(each, Stream):
            yield each.read_bytes().decode("utf-8", "replace")


def _drawn_texts(appearances: list[Stream | None]) -> list[str]:
    """The text that each drawing shows, read by another program than the one that draws it."""
    if not any(appearances):
        return [""] * len(appearances)
    with Pdf.new() as sheet:
        for appearance in appearances:
            page = sheet.add_blank_page(page_size=(1000, 1000))
            if appearance is not None and isinstance(appearance.get("/BBox"), Array):
                page.obj.MediaBox = Array([float(side) for side in appearance.BBox.as_list()])
                page.obj.Resources = Dictionary(XObject=Dictionary(X=sheet.copy_foreign(appearance)))
                page.obj.Contents = Stream(sheet, b"/X Do")
        written = io.BytesIO()
        sheet.save(written)
    document = pypdfium2.PdfDocument(written.getvalue())
    return [document[place].get_textpage().get_text_range() for place in range(len(appearances))]


def _flags(widget: Dictionary) -> int:
    flags = inherited(widget, "/Ff")
    return int(flags) if isinstance(flags, int) else 0


def _name(widget: Dictionary) -> str:
    words = inherited(widget, "/TU") or inherited(widget, "/T")
    return str(words)[:_LONGEST_NAME] if words is not None else "?"
