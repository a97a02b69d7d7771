"""Pictures: decoded completely and written anew, so that only the pixels survive."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from registry.storage.checks.limits import MAX_PIXELS, MAX_SIDE_PIXELS
from registry.storage.checks.refusals import FileRefused

JPEG_QUALITY = 92
_FORMAT_BY_TYPE = {"image/jpeg": "JPEG", "image/png": "PNG"}
_JPEG_MODES = frozenset({"L", "RGB"})
_PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})


def normalise(content: bytes, content_type: str) -> bytes:
    """The picture turned upright and encoded anew: no metadata, thumbnail, colour profile or trailing bytes.

    Raises FileRefused for more pixels than the ceiling, before any is decoded.
    """
    image = _open(content, content_type)
    # Assigned to the same name, which frees the first picture: two of this size would not fit into memory.
    image = ImageOps.exif_transpose(image)
    _drop_metadata(image)
    written = io.BytesIO()
    if content_type == "image/jpeg":
        if image.mode not in _JPEG_MODES:
            image = image.convert("RGB")
        image.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True)
    else:
        if image.mode not in _PNG_MODES:
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        image.save(written, "PNG")
    return written.getvalue()


def draw(content: bytes, content_type: str, *, width: int) -> bytes:
    """The picture as PNG, at most `width` wide, and no higher than three times that."""
    image = _open(content, content_type, draft_width=width)
    if image.mode == "I;16":
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((width, width * 3), Image.Resampling.LANCZOS)
    _drop_metadata(image)
    return as_png(image)


def as_png(image: Image.Image) -> bytes:
    """The picture as PNG, compressed little so that it is quick."""
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=3)
    return written.getvalue()


def _open(content: bytes, content_type: str, *, draft_width: int = 0) -> Image.Image:
    # The ceiling is checked below; the library would only warn at its own.
    Image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(io.BytesIO(content), formats=[_FORMAT_BY_TYPE[content_type]])
        width, height = image.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PIXELS:
            raise FileRefused("too_many_pixels", width=width, height=height)
        if draft_width:
            image.draft("RGB", (draft_width, draft_width * 3))
        image.load()
    return image


def _drop_metadata(image: Image.Image) -> None:
    """Encoders write comments and colour profiles they find here; only what the pixels need may stay."""
    transparency = image.info.get("transparency")
    image.info.clear()
    if transparency is not None:
        image.info["transparency"] = transparency
