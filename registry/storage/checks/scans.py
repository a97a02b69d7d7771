"""TIFF, the format of scanners: one page is kept as a picture, several as a PDF."""

from __future__ import annotations

import io

import pikepdf
from PIL import Image, ImageSequence

from registry.storage.checks import images, portable_documents
from registry.storage.checks.limits import MAX_PAGES
from registry.storage.checks.refusals import FileRefused

PDF = "application/pdf"
# Of a scan that does not say it.
_DOTS_PER_INCH = 200
_FEWEST_DOTS, _MOST_DOTS = 50, 1200


def normalise(content: bytes) -> tuple[bytes, str, int]:
    """The bytes, their type and the number of pages. Raises FileRefused for too many pages or pixels."""
    scan = images.opened(content, images.TIFF)
    page_count = getattr(scan, "n_frames", 1)
    if page_count > MAX_PAGES:
        raise FileRefused("too_many_pages", pages=page_count, maximum=MAX_PAGES)
    if page_count == 1:
        images.require_size(*scan.size)
        picture = _readable(scan)
        made = images.kept(picture, prefers_jpeg=picture.mode in {"L", "RGB"})
        return made.content, made.content_type, 1
    normalised, page_count = portable_documents.normalise(_document(scan))
    return normalised, PDF, page_count


def _document(scan: Image.Image) -> bytes:
    """A page for each picture; one at a time, since all of them would not fit into memory."""
    with pikepdf.Pdf.new() as document:
        for frame in ImageSequence.Iterator(scan):
            images.require_size(*frame.size)
            page, picture = io.BytesIO(), _readable(frame)
            quality = {} if picture.mode == "1" else {"quality": images.JPEG_QUALITY}
            picture.save(page, "PDF", resolution=_dots_per_inch(frame), **quality)
            with pikepdf.open(page) as single:
                document.pages.extend(single.pages)
        written = io.BytesIO()
        document.save(written)
    return written.getvalue()


def _readable(frame: Image.Image) -> Image.Image:
    """The picture in black and white, grey or colour; the decoder has turned it upright."""
    frame.load()
    frame = images.shades_of_sixteen_bits(frame)
    return frame.copy() if frame.mode in {"1", "L", "RGB"} else images.on_white(frame)


def _dots_per_inch(frame: Image.Image) -> float:
    stated = frame.info.get("dpi", (0, 0))[0]
    return float(stated) if _FEWEST_DOTS <= stated <= _MOST_DOTS else _DOTS_PER_INCH
