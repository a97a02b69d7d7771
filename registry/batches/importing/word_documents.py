"""Reads the tables of a DOCX document."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from registry.batches.importing.tables import Cells, ListUnreadable, Place, Table, open_package

_BODY = "word/document.xml"
# What a document carries beside what it shows: what was deleted or moved away, and a picture's older form.
_NOT_SHOWN = frozenset({"del", "moveFrom", "Fallback"})
_NESTED = frozenset({"tbl"})
_TEXTS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def tables_of_document(content: bytes) -> Iterator[Table]:
    """Its tables in order, rows counted through all of them; a cell merged over several rows is in each of them.

    Raises ListUnreadable: file_damaged, file_too_large.
    """
    line = 0
    for table in _body_of(content).iter():
        if _name(table) == "tbl":
            try:
                rows = _rows_of(table)
            except RecursionError:
                raise ListUnreadable("file_damaged") from None
            yield [(Place(0, line + number), cells) for number, cells in enumerate(rows, start=1)]
            line += len(rows)


class _WithoutType(TreeBuilder):
    """Refuses a document type, in whatever encoding it is written: without one there are no entities to be expanded."""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise ParseError("a document type")


def _body_of(content: bytes) -> Element:
    try:
        with open_package(content) as package:
            xml = package.read(_BODY)
        parser = ElementTree.XMLParser(target=_WithoutType())  # noqa: S314  # nosec B314
        return ElementTree.fromstring(xml, parser=parser)  # noqa: S314  # nosec B314
    # RuntimeError: the member is encrypted.
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, RuntimeError, ParseError):
        raise ListUnreadable("file_damaged") from None


def _rows_of(table: Element) -> list[Cells]:
    rows: list[Cells] = []
    above: dict[int, str] = {}
    for row in _within(table, "tr"):
        if _property(row, "del") is not None:
            continue
        cells = [""] * _number(row, "gridBefore", default=0)
        for cell in _within(row, "tc"):
            column = len(cells)
            merged = _property(cell, "vMerge")
            if merged is None or _value(merged) == "restart":
                above[column] = _text_of(cell)
            cells += [above.get(column, ""), *[""] * (_number(cell, "gridSpan", default=1) - 1)]
        rows.append(cells)
    return rows


def _text_of(cell: Element) -> str:
    return "\n".join("".join(_pieces(paragraph)) for paragraph in _within(cell, "p"))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in _TEXTS:
            yield _TEXTS[name]
        elif name not in _NOT_SHOWN and not name.endswith("Pr"):
            yield from _pieces(child)


def _within(element: Element, name: str) -> Iterator[Element]:
    """The elements of this name that belong to the element itself and not to a table inside it."""
    for child in element:
        found = _name(child)
        if found == name:
            yield child
        elif found not in _NOT_SHOWN | _NESTED:
            yield from _within(child, name)


def _property(element: Element, name: str) -> Element | None:
    """A property of a row or a cell, from its list of properties."""
    for child in element:
        if _name(child) in ("trPr", "tcPr"):
            return next((each for each in child if _name(each) == name), None)
    return None


def _number(element: Element, name: str, *, default: int) -> int:
    found = _property(element, name)
    text = "" if found is None else _value(found)
    # A table of Word has at most 63 columns.
    return min(int(text), 63) if text.isdecimal() else default


def _value(element: Element) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "val"), "")


def _name(element: Element) -> str:
    """Its name without the namespace, which the strict form of the format writes otherwise."""
    return element.tag.rpartition("}")[2]
