"""Pictures: decoded completely and written anew, so that only the pixels survive."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

from registry.storage.checks import jpeg
from registry.storage.checks.limits import MAX_PHOTOGRAPH_PIXELS, MAX_PIXELS, MAX_SIDE_PIXELS
from registry.storage.checks.refusals import FileRefused

JPEG_QUALITY = 92
JPEG, PNG = "image/jpeg", "image/png"
WEBP, TIFF = "image/webp", "image/tiff"
_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", TIFF: "TIFF"}
_JPEG_MODES = frozenset({"L", "RGB"})
_PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
_ROWS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    content: bytes
    content_type: str


def normalise(content: bytes, content_type: str) -> Picture:
    """The picture turned upright and encoded anew: no metadata, thumbnail, colour profile or trailing bytes.

    JPEG and PNG stay what they are; a WebP becomes one of the two. A photograph of more pixels than are kept is
    scaled down while it is decoded. Raises FileRefused for more pixels than the ceiling, before any is decoded.
    """
    image = _whole_photograph(content) if content_type == JPEG else _open(content, content_type)
    is_photograph = content_type == WEBP and not image.has_transparency_data
    return kept(image, prefers_jpeg=content_type == JPEG or is_photograph)


def kept(image: Image.Image, *, prefers_jpeg: bool) -> Picture:
    """A decoded picture turned upright, as JPEG or PNG without anything but its pixels."""
    # In place: two pictures of this size would not fit into memory.
    ImageOps.exif_transpose(image, in_place=True)
    _drop_metadata(image)
    written = io.BytesIO()
    if prefers_jpeg:
        if image.mode not in _JPEG_MODES:
            image = image.convert("RGB")
        image.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
        return Picture(written.getvalue(), JPEG)
    if image.mode not in _PNG_MODES:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.save(written, "PNG")
    return Picture(written.getvalue(), PNG)


def draw(content: bytes, content_type: str, *, width: int) -> bytes:
    """The picture as PNG, at most `width` wide, and no higher than three times that."""
    return as_png(scaled(content, content_type, width=width))


def scaled(content: bytes, content_type: str, *, width: int) -> Image.Image:
    """The picture, nothing but its pixels, at most `width` wide, and no higher than three times that."""
    image = _open(content, content_type, draft_size=(width, width * 3))
    image = shades_of_sixteen_bits(image)
    if image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((width, width * 3), Image.Resampling.LANCZOS)
    _drop_metadata(image)
    return image


def shades_of_sixteen_bits(image: Image.Image) -> Image.Image:
    """A grey picture of sixteen bits as one of eight; any other as it is."""
    return image.point(lambda value: value / 256).convert("L") if image.mode.startswith("I;16") else image


def on_white(image: Image.Image) -> Image.Image:
    """The picture in colour, and white where it is transparent."""
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def as_png(image: Image.Image) -> bytes:
    """The picture as PNG, compressed little so that it is quick."""
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=3)
    return written.getvalue()


def require_size(width: int, height: int, *, most_pixels: int = MAX_PIXELS) -> None:
    """Raises FileRefused for a picture of more pixels than the ceiling."""
    if width * height > most_pixels or max(width, height) > MAX_SIDE_PIXELS:
        raise FileRefused("too_many_pixels", width=width, height=height)


def scale_for(width: int, height: int) -> int:
    """By how much both sides are divided so that no more pixels are left than are kept: 1, 2, 4 or 8."""
    scale = 1
    while width * height > MAX_PIXELS * scale**2:
        scale *= 2
    return scale


def opened(content: bytes, content_type: str) -> Image.Image:
    """The picture, nothing decoded yet; only the format that its type names is tried."""
    # The ceiling is checked by the callers; the library would only warn at its own.
    Image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(io.BytesIO(content), formats=[_FORMATS[content_type]])


def _open(content: bytes, content_type: str, *, draft_size: tuple[int, int] | None = None) -> Image.Image:
    image = opened(content, content_type)
    require_size(*image.size)
    if draft_size is not None:
        image.draft("RGB", draft_size)
    image.load()
    return image


def _whole_photograph(content: bytes) -> Image.Image:
    """The picture of a JPEG that is all there, with or without its end marker.

    A decoder fills up what is missing without a word. So the picture is decoded with something to read behind its
    data: where it changes by that, data are missing. Raises FileRefused.
    """
    scans = jpeg.scans_of(content)
    try:
        expected = _digest(_photograph(scans + jpeg.FILLER + jpeg.END))
    except OSError as error:
        raise FileRefused("file_damaged") from error
    image = _photograph(scans + jpeg.END)
    if _digest(image) != expected:
        raise FileRefused("file_damaged")
    return image


def _photograph(content: bytes) -> Image.Image:
    image = opened(content, JPEG)
    width, height = image.size
    require_size(width, height, most_pixels=MAX_PHOTOGRAPH_PIXELS)
    scale = scale_for(width, height)
    if scale > 1:
        image.draft("RGB", (width // scale, height // scale))
    image.load()
    return image


def _digest(image: Image.Image) -> bytes:
    digest = hashlib.sha256()
    for rows in _strips(image):
        digest.update(rows.tobytes())
    return digest.digest()


def _strips(image: Image.Image) -> Iterator[Image.Image]:
    """The picture by its rows, a few at once: all of its bytes together would take too much memory."""
    for top in range(0, image.height, _ROWS_AT_ONCE):
        yield image.crop((0, top, image.width, min(top + _ROWS_AT_ONCE, image.height)))


def _drop_metadata(image: Image.Image) -> None:
    """Encoders write comments and colour profiles they find here; only what the pixels need may stay."""
    transparency = image.info.get("transparency")
    image.info.clear()
    if transparency is not None:
        image.info["transparency"] = transparency
