"""HEIC, the photographs of many phones: decoded and kept as JPEG."""

from __future__ import annotations

import pillow_heif
from PIL import Image

from registry.storage.checks import images
from registry.storage.checks.limits import MAX_HEIC_PIXELS
from registry.storage.checks.refusals import FileRefused

_ROWS_AT_ONCE = 256


def normalise(content: bytes) -> images.Picture:
    """The main picture of the file as JPEG, of no more pixels than are kept.

    Raises FileRefused for more pixels than the ceiling, before any is decoded.
    """
    # One thread: each would take memory of its own.
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False
    opened = pillow_heif.open_heif(content, convert_hdr_to_8bit=True)
    photograph = opened[opened.primary_index]
    width, height = photograph.size
    images.require_size(width, height, most_pixels=MAX_HEIC_PIXELS)
    image = _scaled(photograph, scale=images.scale_for(width, height))
    return images.kept(images.on_white(image), prefers_jpeg=True)


def _scaled(photograph: pillow_heif.HeifImage, *, scale: int) -> Image.Image:
    """The picture made of its rows, a few at once: the whole in full size would be there three times."""
    width, height = photograph.size
    rows, mode, stride = memoryview(photograph.data), photograph.mode, photograph.stride
    if photograph.size != (width, height) or len(rows) < stride * height:
        raise FileRefused("file_damaged")
    image = Image.new(mode, (-(-width // scale), -(-height // scale)))
    for top in range(0, height, _ROWS_AT_ONCE):
        count = min(_ROWS_AT_ONCE, height - top)
        part = bytes(rows[top * stride : (top + count) * stride])
        strip = Image.frombuffer(mode, (width, count), part, "raw", mode, stride, 1)
        image.paste(strip.reduce(scale) if scale > 1 else strip, (0, top // scale))
    return image
