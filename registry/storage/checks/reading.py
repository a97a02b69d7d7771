"""What stands on the pages of a file: its text, whether it is blank, and whether it looks like another document.

Runs in the decoders' child process, as everything that opens an uploaded file.
"""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from registry.storage.checks import images
from registry.storage.checks.pdf import ink

_PDF = "application/pdf"
_WIDTH = 400
# Of 255 shades: paper that a machine drew is of one shade, paper that was scanned or photographed never is.
_BLANK_SHADES = 3


def read(content: bytes, content_type: str) -> list[dict[str, Any]]:
    """For each page its `text`, whether it `is_blank`, and whether it `has_pictures`, such as that of a scan.

    A page is blank where nothing at all is drawn on it: one that was scanned is never quite of one shade.
    """
    if content_type != _PDF:
        picture = Image.open(io.BytesIO(images.draw(content, content_type, width=_WIDTH)))
        return [{"text": "", "is_blank": _is_blank(picture), "has_pictures": True}]
    document = pypdfium2.PdfDocument(content)
    return [_read_page(document, place) for place in range(len(document))]


def looks_like(first: bytes, second: bytes) -> bool:
    """Whether two PDFs show the same on as many pages: nothing was written, sealed or stamped on one of them."""
    one, other = pypdfium2.PdfDocument(first), pypdfium2.PdfDocument(second)
    if len(one) != len(other):
        return False
    return all(
        ink.difference(ink.page_picture(one, place), ink.page_picture(other, place)) <= ink.TOLERANCE
        for place in range(len(one))
    )


def _read_page(document: pypdfium2.PdfDocument, place: int) -> dict[str, Any]:
    page = document[place]
    try:
        pictures = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
        has_pictures = next(iter(pictures), None) is not None
        text = page.get_textpage().get_text_range()
    finally:
        page.close()
    is_blank = not text.strip() and _is_blank(ink.page_picture(document, place, width=_WIDTH))
    return {"text": text, "is_blank": is_blank, "has_pictures": has_pictures}


def _is_blank(picture: Image.Image) -> bool:
    darkest, brightest = picture.convert("L").getextrema()
    return int(brightest) - int(darkest) <= _BLANK_SHADES  # type: ignore[arg-type]  # Of one band.
