"""PDF documents that take a drawing program long: small to send, and correct."""

from __future__ import annotations

import random

from pikepdf import Pdf, Stream

from tests.builders.odd_documents import document

CURVES = 150_000
# Across the page, so that each is drawn in full.
_SIDES = (300, 200)


def curves(count: int = CURVES, *, page: int = 1, pages: int = 1) -> bytes:
    """A document with so many curves on one of its pages (from 1); 150,000 are about two megabytes."""

    def draw(pdf: Pdf) -> None:
        pdf.pages[page - 1].obj.Contents = Stream(pdf, _lines(count))

    return document(draw, pages=pages)


def slow_pages(count: int, *, pages: int) -> bytes:
    """A document with so many curves on each page: no page is too much, all of them together are."""

    def draw(pdf: Pdf) -> None:
        shown = Stream(pdf, _lines(count))
        for page in pdf.pages:
            page.obj.Contents = shown

    return document(draw, pages=pages)


def _lines(count: int) -> bytes:
    chance = random.Random(20261127)
    lines = []
    for _ in range(count):
        places = [chance.randrange(side) for _ in range(4) for side in _SIDES]
        start, bend = " ".join(map(str, places[:2])), " ".join(map(str, places[2:]))
        lines.append(f"{start} m {bend} c S")
    return "\n".join(lines).encode()
