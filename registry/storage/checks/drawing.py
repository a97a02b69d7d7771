"""Pictures of pages as they are kept: one for the viewer and a small one, each in the format that suits it."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pypdfium2
from PIL import Image

from registry.storage.checks import images
from registry.storage.checks.limits import BATCH_CPU_SECONDS
from registry.storage.checks.pdf import ink

PDF = "application/pdf"
JPEG_QUALITY = 88
# Letters and lines have few colours; a page of them is exact as PNG, and not larger than this.
_FEW_COLOURS = 4096
_SMALL_PNG_BYTES = 700_000


def pictures_of(
    content: bytes, content_type: str, *, pages: tuple[int, int], widths: tuple[int, int]
) -> Iterator[tuple[bytes, bytes]]:
    """Of each page from the first to the last (from 1, both included) a picture in each width, the larger first.

    Ends early once the processor time of a batch is spent: at least one page is drawn.
    """
    first, last = pages
    width, small_width = widths
    document = pypdfium2.PdfDocument(content) if content_type == PDF else None
    for number in range(first, last + 1):
        if number > first and time.process_time() > BATCH_CPU_SECONDS:
            return
        if document is None:
            picture = images.on_white(images.scaled(content, content_type, width=width))
        else:
            picture = images.on_white(ink.page_picture(document, number - 1, width=width))
        small = picture.copy()
        small.thumbnail((small_width, small_width * 3), Image.Resampling.LANCZOS)
        yield as_kept(picture), as_kept(small)


def as_kept(picture: Image.Image) -> bytes:
    """PNG where the page has few colours, else JPEG."""
    if picture.getcolors(_FEW_COLOURS) is not None:
        exact = images.as_png(picture)
        if len(exact) <= _SMALL_PNG_BYTES:
            return exact
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return written.getvalue()
