"""Compares the ink of a page before and after it was rebuilt: what the applicant sent is what the desk reads."""

from __future__ import annotations

import time
from collections.abc import Collection

import pypdfium2
from PIL import Image, ImageChops, ImageFilter, ImageStat

from registry.storage.checks.refusals import FileRefused

WIDTH = 800
# Squares of the page whose average shade is compared, in pixels: about one letter.
SQUARE = 6
# Of 255 shades.
TOLERANCE = 5
_A4 = (595.0, 842.0)


def require_same(before: bytes, after: bytes, *, altered: Collection[int], seconds: float) -> None:
    """Raises FileRefused unless the pages of both documents show the same.

    Pages that were altered (from 0) are compared first, and always; the others as long as `seconds` of processor
    time last, since they were copied as they are.
    """
    first, second = pypdfium2.PdfDocument(before), pypdfium2.PdfDocument(after)
    if len(first) != len(second):
        raise FileRefused("file_damaged")
    ends_at = time.process_time() + seconds
    for place in sorted(range(len(second)), key=lambda place: (place not in altered, place)):
        if place not in altered and place > 0 and time.process_time() > ends_at:
            return
        if difference(page_picture(first, place), page_picture(second, place)) > TOLERANCE:
            raise FileRefused("page_changed", page=place + 1)


def page_picture(document: pypdfium2.PdfDocument, place: int, *, width: int = WIDTH) -> Image.Image:
    """A page (from 0) with its marks, at most `width` wide and no higher than three times that."""
    page = document[place]
    try:
        page_width, page_height = page.get_size()
        if page_width <= 0 or page_height <= 0:
            page_width, page_height = _A4
        scale = min(width / page_width, 3 * width / page_height)
        return page.render(scale=scale).to_pil()
    finally:
        page.close()


def difference(first: Image.Image, second: Image.Image) -> int:
    """The largest difference of shade, 0 to 255, of a square of the two pictures.

    A point counts as far as its shade lies outside those of the point and its neighbours in the other picture: a
    letter that moved by a fraction of a point is no difference.
    """
    if first.size != second.size:
        return 255
    first, second = first.convert("RGB"), second.convert("RGB")
    if first.tobytes() == second.tobytes():
        return 0
    outside = ImageChops.lighter(_outside(first, second), _outside(second, first))
    squares = outside.reduce(SQUARE) if min(outside.size) >= SQUARE else outside
    return max(int(highest) for _lowest, highest in ImageStat.Stat(squares).extrema)


def _outside(picture: Image.Image, other: Image.Image) -> Image.Image:
    darkest, brightest = other.filter(ImageFilter.MinFilter(3)), other.filter(ImageFilter.MaxFilter(3))
    return ImageChops.lighter(ImageChops.subtract(darkest, picture), ImageChops.subtract(picture, brightest))
