"""What people have is taken: photographs of every phone, scans of every scanner, files as programs send them."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from functools import partial

import pikepdf
import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from registry.errors import AttachmentRefused
from registry.storage.checks import images, kinds, photographs, scans
from registry.storage.checks.refusals import FileRefused
from tests.builders import odd_pictures as pictures
from tests.builders.odd_documents import document

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
HEIC, WEBP, TIFF = "image/heic", "image/webp", "image/tiff"
MOST_MEGABYTES = 300


def photograph(size: tuple[int, int] = (160, 120), mode: str = "RGB") -> Image.Image:
    """A picture with an edge in it: dark on the left, bright with a red corner on the right."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0] // 2, size[1]), fill="navy")
    pen.rectangle((size[0] * 3 // 4, size[1] * 3 // 4, size[0], size[1]), fill="red")
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (saved(photograph(), "HEIF"), HEIC),
        (saved(photograph(), "WEBP"), WEBP),
        (saved(photograph(), "WEBP", lossless=True), WEBP),
        (saved(photograph(), "TIFF"), TIFF),
        (saved(photograph(mode="L"), "TIFF", compression="tiff_lzw"), TIFF),
        (saved(photograph(mode="1"), "TIFF", compression="group4"), TIFF),
        (saved(photograph(mode="CMYK"), "TIFF"), TIFF),
        (saved(photograph(), "TIFF", compression="jpeg"), TIFF),
        (saved(photograph(), "TIFF", big_tiff=False, compression="tiff_deflate"), TIFF),
        (saved(photograph(), "MPO"), JPEG),
        (saved(photograph(), "MPO", save_all=True, append_images=[photograph((40, 30))]), JPEG),
    ],
)
def test_a_picture_of_any_usual_kind_is_kept_as_one_that_every_desk_can_open(
    content: bytes, content_type: str
) -> None:
    assert kinds.content_type_of(content) == content_type
    kept, kept_type, pages = _normalised(content, content_type)
    assert (kept_type in {JPEG, PNG}, pages) == (True, 1)
    shown = Image.open(io.BytesIO(kept)).convert("L")
    assert shown.size == (160, 120)
    dark, bright = shown.crop((0, 0, 70, 120)), shown.crop((90, 0, 160, 80))
    assert (ImageStat.Stat(dark).mean[0] < 40, ImageStat.Stat(bright).mean[0] > 250) == (True, True)


def test_what_is_transparent_in_a_webp_stays_transparent() -> None:
    picture = photograph(mode="RGBA")
    picture.putalpha(128)
    kept, kept_type, _pages = _normalised(saved(picture, "WEBP"), WEBP)
    assert (kept_type, Image.open(io.BytesIO(kept)).mode) == (PNG, "RGBA")


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_a_scan_of_several_pages_becomes_a_pdf_of_as_many(mode: str) -> None:
    pages = [photograph((340, 480), mode), photograph((480, 340), mode), photograph((340, 480), mode)]
    content = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(50, 50))
    kept, kept_type, count = scans.normalise(content)
    assert (kept_type, count) == (PDF, 3)
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        sizes = [[round(float(side) / 72 * 50) for side in page.mediabox[2:]] for page in pdf.pages]
    assert sizes == [[340, 480], [480, 340], [340, 480]]
    drawn = subprocess.run(
        ["pdftoppm", "-r", "50", "-gray", "-l", "1"], input=kept, capture_output=True, check=True
    )
    shown = Image.open(io.BytesIO(drawn.stdout))
    assert (shown.getpixel((40, 240)), shown.getpixel((250, 100))) == (pytest.approx(15, abs=30), 255)


def test_a_scan_of_too_many_pages_is_refused_with_their_number() -> None:
    small = Image.new("1", (8, 8))
    content = saved(small, "TIFF", save_all=True, append_images=[small] * 200)
    with pytest.raises(FileRefused) as refusal:
        scans.normalise(content)
    assert (refusal.value.code, refusal.value.facts) == ("too_many_pages", {"pages": 201, "maximum": 200})


def test_a_scan_that_was_laid_on_its_side_is_turned_upright() -> None:
    turned = photograph().transpose(Image.Transpose.ROTATE_90)
    kept, _type, _pages = scans.normalise(saved(turned, "TIFF", tiffinfo={0x0112: 6}))
    shown = Image.open(io.BytesIO(kept)).convert("RGB")
    assert (shown.size, shown.getpixel((150, 110))) == ((160, 120), (pytest.approx(255, abs=9), 0, 0))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("lacking", [b"\xff\xd9", b"\xd9"])
@pytest.mark.parametrize("tail", [b"", b"\0" * 400])
def test_a_photograph_without_its_end_marker_is_taken_when_it_is_whole(
    lacking: bytes, tail: bytes, progressive: bool
) -> None:
    whole = saved(photograph((640, 480)), "JPEG", progressive=progressive)
    assert whole.endswith(b"\xff\xd9")
    kept = images.normalise(whole[: -len(lacking)] + tail, JPEG)
    assert kept.content == images.normalise(whole, JPEG).content


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("end", [b"", b"\xff\xd9", b"\0" * 400])
@pytest.mark.parametrize("missing", [40, 400, 4000])
def test_a_photograph_that_was_cut_is_refused_however_it_ends(
    missing: int, end: bytes, progressive: bool
) -> None:
    whole = saved(Image.effect_noise((320, 240), 60).convert("RGB"), "JPEG", progressive=progressive)
    with pytest.raises((FileRefused, OSError)):
        images.normalise(whole[:-missing] + end, JPEG)


@pytest.mark.parametrize("optimize", [False, True])
@pytest.mark.parametrize("colour", ["white", "black", "navy"])
def test_a_photograph_of_one_colour_is_whole(colour: str, optimize: bool) -> None:
    content = saved(Image.new("RGB", (333, 222), colour), "JPEG", optimize=optimize)
    assert Image.open(io.BytesIO(images.normalise(content, JPEG).content)).size == (333, 222)


def test_a_preview_within_a_photograph_does_not_end_it() -> None:
    preview = saved(photograph((40, 30)), "JPEG")
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x927C] = preview
    whole = saved(photograph(), "JPEG", exif=exif)
    assert whole.count(b"\xff\xd9") == 2
    assert Image.open(io.BytesIO(images.normalise(whole, JPEG).content)).size == (160, 120)


def test_a_film_behind_a_photograph_is_left_out() -> None:
    whole = saved(photograph(), "JPEG")
    film = b"\0\0\0\x18ftypmp42" + b"\xff\xd9" * 20
    assert images.normalise(whole + film, JPEG) == images.normalise(whole, JPEG)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photograph_of_48_million_pixels_is_scaled_while_it_is_decoded(progressive: bool) -> None:
    content = saved(photograph((8064, 6048)), "JPEG", progressive=progressive)
    kept, size, megabytes = _normalised_by_the_worker(content, JPEG)
    assert (kept, size) == ("JPEG", (4032, 3024))
    assert megabytes < MOST_MEGABYTES


@pytest.mark.proof
def test_an_heic_of_48_million_pixels_is_scaled_once_it_is_decoded() -> None:
    content = saved(photograph((8064, 6048)), "HEIF", enc_params={"preset": "ultrafast"})
    kept, size, megabytes = _normalised_by_the_worker(content, HEIC)
    assert (kept, size) == ("JPEG", (4032, 3024))
    assert megabytes < MOST_MEGABYTES


def test_rows_of_a_large_heic_meet_where_they_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scaled in strips, the picture is what it is when scaled as one."""
    monkeypatch.setattr(images, "scale_for", lambda _width, _height: 2)
    content = saved(photograph((331, 777)), "HEIF", quality=90)
    kept = Image.open(io.BytesIO(photographs.normalise(content).content))
    assert kept.size == (166, 389)
    expected = photograph((331, 777)).reduce(2)
    furthest = ImageChops.difference(kept.crop((0, 0, 60, 280)), expected.crop((0, 0, 60, 280))).getextrema()
    assert max(highest for _lowest, highest in furthest) < 12  # type: ignore[misc]


def test_a_picture_that_cannot_be_scaled_while_decoding_has_the_lower_ceiling() -> None:
    with pytest.raises(FileRefused) as refusal:
        images.normalise(pictures.png_claiming(8064, 6048), PNG)
    assert (refusal.value.code, refusal.value.facts) == ("too_many_pixels", {"width": 8064, "height": 6048})


@pytest.mark.parametrize(
    "preamble", [b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\0\0\0", b" \t\n"]
)
@pytest.mark.parametrize("make", [document, pictures.jpeg, pictures.png])
def test_a_file_after_a_line_end_or_byte_order_mark_is_that_file(
    preamble: bytes, make: partial[bytes]
) -> None:
    content = make()
    assert kinds.without_preamble(preamble + content) == content
    assert kinds.without_preamble(content) == content


def test_only_line_ends_and_marks_may_stand_before_a_file() -> None:
    for before in (b"x", b"<html>", b"GIF89a", b"\n<b>"):
        assert kinds.without_preamble(before + document()) == before + document()


def _zipped(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "sample" * 20)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (_zipped("[Content_Types].xml", "word/document.xml"), "制度.docx", "file_is_office"),
        (_zipped("[Content_Types].xml", "xl/workbook.xml"), "表.xlsx", "file_is_office"),
        (_zipped("[Content_Types].xml", "ppt/presentation.xml"), "", "file_is_office"),
        (_zipped("[Content_Types].xml", "word/document.xml"), "制度.pdf", "file_is_office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "制度.doc", "file_is_office"),
        (b"{\\rtf1\\ansi sample}", "制度.rtf", "file_is_office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "制度.WPS", "file_is_wps"),
        (_zipped("[Content_Types].xml", "word/document.xml"), "制度.wps", "file_is_wps"),
        (_zipped("OFD.xml", "Doc_0/Document.xml"), "执照.ofd", "file_is_ofd"),
        (_zipped("licence.jpg"), "材料.zip", "file_is_archive"),
        (b"Rar!\x1a\x07\x01\x00" + b"\0" * 60, "材料.rar", "file_is_archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, "材料.7z", "file_is_archive"),
        (saved(photograph(), "GIF"), "licence.gif", "file_type_not_allowed"),
        (saved(photograph(), "AVIF"), "licence.avif", "file_type_not_allowed"),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_told_how_to_become_one(
    content: bytes, name: str, code: str
) -> None:
    with pytest.raises(AttachmentRefused) as refusal:
        kinds.content_type_of(content, name=name)
    assert refusal.value.code == code


def _normalised(content: bytes, content_type: str) -> tuple[bytes, str, int]:
    if content_type == TIFF:
        return scans.normalise(content)
    picture = (
        photographs.normalise(content) if content_type == HEIC else images.normalise(content, content_type)
    )
    return picture.content, picture.content_type, 1


_MEASURE = """
import resource, subprocess, sys
command = [sys.executable, "-m", "registry.storage.checks.worker", "normalise", sys.argv[1]]
child = subprocess.run(command, stdin=sys.stdin.buffer, stdout=subprocess.PIPE, check=True)
sys.stdout.buffer.write(child.stdout)
sys.stderr.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024))
"""


def _normalised_by_the_worker(content: bytes, content_type: str) -> tuple[str | None, tuple[int, int], int]:
    """Format and size of the picture that is kept, and the most memory of the child process, in megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, content_type], input=content, capture_output=True, check=True
    )
    header, _newline, made = done.stdout.partition(b"\n")
    assert b"refused" not in header
    kept = Image.open(io.BytesIO(made))
    return kept.format, kept.size, int(done.stderr)
