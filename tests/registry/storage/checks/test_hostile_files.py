"""Hostile, broken and odd files: each is refused with a code, or what is kept of it is inert."""

from __future__ import annotations

import io
import resource
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from registry.errors import AttachmentRefused
from registry.models import Attachment
from registry.storage import attachments
from tests.builders import hiding_documents as hiding
from tests.builders import odd_documents as documents
from tests.builders import odd_pictures as pictures
from tests.builders.odd_documents import document
from tests.builders.odd_pictures import TAIL
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db

SECONDS = 2
BOMB_SECONDS = 8
LONGEST_RUN_BYTES = 64

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "file_empty"),
    "gif": (partial(pictures.other_format, "GIF"), "file_type_not_allowed"),
    "bmp": (partial(pictures.other_format, "BMP"), "file_type_not_allowed"),
    "tiff signature only": (lambda: b"II*\0" + b"\0" * 60, "file_damaged"),
    "webp signature only": (lambda: b"RIFF\0\0\0\0WEBPVP8 ", "file_damaged"),
    "heic signature only": (lambda: b"\0\0\0\x18ftypheic" + b"\0" * 60, "file_damaged"),
    "truncated tiff": (lambda: pictures.other_format("TIFF")[:-400], "file_damaged"),
    "truncated webp": (lambda: pictures.other_format("WEBP")[:-20], "file_damaged"),
    "truncated heic": (lambda: pictures.other_format("HEIF")[:-200], "file_damaged"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_type_not_allowed"),
    "html": (lambda: TAIL, "file_type_not_allowed"),
    "hta": (lambda: b"<hta:application id='x'/>" + TAIL, "file_type_not_allowed"),
    "php": (lambda: b"<?php system($_GET['c']); ?>", "file_type_not_allowed"),
    "windows program": (lambda: b"MZ\x90\x00" + b"\0" * 500, "file_type_not_allowed"),
    "linux program": (lambda: b"\x7fELF" + b"\0" * 500, "file_type_not_allowed"),
    "zip": (lambda: b"PK\x03\x04" + b"\0" * 500, "file_is_archive"),
    "zip before a pdf": (lambda: b"PK\x03\x04" + b"\0" * 50 + document(), "file_is_archive"),
    "gif before a pdf": (lambda: b"GIF89a" + document(), "file_type_not_allowed"),
    "html before a jpeg": (lambda: TAIL + pictures.jpeg(), "file_type_not_allowed"),
    "text": (lambda: "只是文字".encode(), "file_type_not_allowed"),
    "more than 10 MB": (lambda: pictures.jpeg() + b"\0" * (10 * 1024 * 1024), "file_too_large"),
    "png signature only": (lambda: pictures.PNG_SIGNATURE, "file_damaged"),
    "jpeg signature only": (lambda: b"\xff\xd8\xff\xe0", "file_damaged"),
    "truncated png": (lambda: pictures.png((300, 300))[:-200], "file_damaged"),
    "truncated jpeg": (lambda: pictures.jpeg((300, 300))[:-300], "file_damaged"),
    "png with a wrong check sum": (pictures.png_with_wrong_check_sum, "file_damaged"),
    "png claiming 30,000 × 30,000": (partial(pictures.png_claiming, 30_000, 30_000), "too_many_pixels"),
    "png of 30,000 × 30,000": (partial(pictures.png_flood, 30_000), "too_many_pixels"),
    "png of 2^31": (partial(pictures.png_claiming, 2**31 - 1, 2**31 - 1), "too_many_pixels"),
    "png like a thread": (partial(pictures.png_claiming, 1_000_000, 1), "too_many_pixels"),
    "jpeg claiming 65,535 × 65,535": (partial(pictures.jpeg_claiming, 65_535, 65_535), "too_many_pixels"),
    "png comment of 200 MB": (pictures.png_text_bomb, "file_damaged"),
    "pdf signature only": (lambda: b"%PDF-1.7\n", "file_damaged"),
    "pdf of rubbish": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20, "file_damaged"),
    "pdf without pages": (documents.without_pages, "file_damaged"),
    "pdf whose pages are a loop": (documents.looping_page_tree, "file_damaged"),
    "pdf with a password": (partial(documents.protected, user="secret", owner="o"), "file_encrypted"),
    "pdf of a dynamic form": (partial(document, documents.dynamic_form), "form_dynamic"),
    "pdf nested a hundred thousand deep": (documents.deeply_nested, "file_incomplete"),
    "pdf of 201 pages": (partial(documents.many_pages, 201), "too_many_pages"),
    "pdf of 10,000 pages": (partial(documents.many_pages, 10_000), "too_many_pages"),
    "pdf that draws 2^30 times": (partial(document, documents.doubling_forms), "file_too_complex"),
}

KEPT: dict[str, Callable[[], bytes]] = {
    "tiff": partial(pictures.other_format, "TIFF"),
    "webp": partial(pictures.other_format, "WEBP"),
    "heic": partial(pictures.other_format, "HEIF"),
    "jpeg with html behind": lambda: pictures.jpeg() + TAIL,
    "jpeg with a comment": lambda: pictures.jpeg(comment=TAIL),
    "jpeg with php in exif": partial(pictures.jpeg_with_exif, pictures.exif_code),
    "jpeg with a place": partial(pictures.jpeg_with_exif, pictures.exif_place),
    "jpeg with a colour profile": lambda: pictures.jpeg(icc_profile=pictures.colour_profile_with(TAIL)),
    "jpeg in four colours": lambda: pictures.jpeg(mode="CMYK"),
    "grey jpeg": lambda: pictures.jpeg(mode="L"),
    "progressive jpeg": lambda: pictures.jpeg(progressive=True),
    "png with a tail": lambda: pictures.png() + TAIL,
    "png with a comment": lambda: pictures.png_with_text(TAIL.decode()),
    "png with a private chunk": lambda: pictures.png_with_chunk(b"prVt", TAIL),
    "png with a colour profile": lambda: pictures.png(icc_profile=pictures.colour_profile_with(TAIL)),
    "png of sixteen bits": lambda: pictures.png(mode="I;16"),
    "png with a palette": lambda: pictures.png(mode="P"),
    "transparent png": lambda: pictures.png(mode="RGBA"),
    "png of one bit": lambda: pictures.png(mode="1"),
    "moving png": pictures.animated_png,
    "pdf with a zip behind": lambda: document() + b"PK\x03\x04" + TAIL,
    "pdf with a damaged table": documents.damaged_table,
    "pdf protected against copying": partial(documents.protected, user="", owner="o"),
    "pdf drawing itself": partial(document, documents.drawing_itself),
    "pdf with an enormous page": partial(document, documents.enormous_page),
    "pdf with a page of no size": partial(document, documents.no_page_size),
    "pdf inheriting its page": partial(document, documents.inherited_page_box),
    **{
        f"pdf with {change.__name__}": partial(document, change)
        for change in (
            *documents.ACTIVE,
            documents.filled_form,
            documents.picture_metadata,
            *hiding.HIDING,
        )
    },
}

# Refused or kept inert, as the decoders' own limits have it; only never slow, never hungry.
EITHER: dict[str, Callable[[], bytes]] = {
    "pdf page of 500 MB": documents.content_bomb,
    "pdf objects of 2 GB": documents.object_stream_bomb,
}

ACTIVE_NAMES = frozenset(
    {"/JS", "/JavaScript", "/OpenAction", "/AA", "/A", "/Launch", "/URI", "/SubmitForm", "/AcroForm", "/XFA"}
    | {"/EmbeddedFile", "/EmbeddedFiles", "/EF", "/AF", "/RichMedia", "/RichMediaContent", "/Annots"}
    | {"/Outlines", "/Names", "/Metadata", "/PieceInfo", "/Info"}
)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_accepted_is_refused_with_its_code_and_leaves_nothing(
    name: str, cast: Cast, own_files: Path
) -> None:
    make, code = REFUSED[name]
    content = make()
    with (
        at_most(BOMB_SECONDS if code == "file_too_complex" else SECONDS),
        pytest.raises(AttachmentRefused) as refusal,
    ):
        _receive(content, cast)
    assert refusal.value.code == code
    assert Attachment.objects.count() == 0
    assert [path for path in own_files.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_of_an_odd_file_is_inert(name: str, cast: Cast) -> None:
    content = KEPT[name]()
    with at_most(SECONDS):
        attachment = _receive(content, cast)
    _require_inert(attachments.open_bytes(attachment), attachment)


@pytest.mark.parametrize("name", EITHER)
def test_a_bomb_is_refused_or_kept_inert_in_time(name: str, cast: Cast) -> None:
    content = EITHER[name]()
    with at_most(BOMB_SECONDS):
        attachment, refusal = _receive_or_refusal(content, cast)
    if attachment is None:
        assert refusal in {"file_damaged", "file_too_complex"}
    else:
        _require_inert(attachments.open_bytes(attachment), attachment)


def test_the_corpus_really_carries_what_must_not_survive() -> None:
    carrying = [name for name, make in KEPT.items() if _carries(make())]
    assert {name for name in carrying if "jpeg" in name} == {
        "jpeg with html behind",
        "jpeg with a comment",
        "jpeg with php in exif",
        "jpeg with a colour profile",
    }
    assert len(carrying) >= 15
    assert len(REFUSED) + len(KEPT) + len(EITHER) >= 40
    place = Image.open(io.BytesIO(KEPT["jpeg with a place"]())).getexif()
    assert dict(place.get_ifd(0x8825)) != {}


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Processor time of this process and its children; the machine may be busy with other tests."""
    started = _processor_seconds()
    yield
    assert _processor_seconds() - started < seconds


def _processor_seconds() -> float:
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _receive(content: bytes, cast: Cast) -> Attachment:
    upload = SimpleUploadedFile("sample.bin", content)
    return attachments.receive(
        draft_id=uuid.uuid4(), slot="attachments.product_introduction", uploaded_by=cast.member, file=upload
    )


def _receive_or_refusal(content: bytes, cast: Cast) -> tuple[Attachment | None, str]:
    try:
        return _receive(content, cast), ""
    except AttachmentRefused as refusal:
        return None, refusal.code


def _carries(content: bytes) -> bool:
    """Whether a run of 64 bytes of the tail is in the content, packed streams of a PDF unpacked."""
    places = range(len(TAIL) - LONGEST_RUN_BYTES + 1)
    haystack = content + (b"".join(_unpacked(content)) if content.startswith(b"%PDF") else b"")
    return any(TAIL[place : place + LONGEST_RUN_BYTES] in haystack for place in places)


def _unpacked(content: bytes) -> Iterator[bytes]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for entry in pdf.objects:
            if isinstance(entry, pikepdf.Stream):
                yield entry.read_bytes() if "/DCTDecode" not in repr(entry.get("/Filter")) else b""
            if entry is not None:
                yield entry.unparse(resolved=True)


def _require_inert(content: bytes, attachment: Attachment) -> None:
    assert not _carries(content)
    if attachment.content_type == "application/pdf":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert sorted(_names(pdf) & ACTIVE_NAMES) == []
            assert "/Info" not in pdf.trailer
    else:
        picture = Image.open(io.BytesIO(content))
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"transparency", "jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert getattr(picture, "n_frames", 1) == 1


def _names(pdf: pikepdf.Pdf) -> set[str]:
    """Every key and every name in the document."""
    found: set[str] = set()

    def walk(value: object, depth: int = 0) -> None:
        if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
            for key, inner in value.items():
                found.add(key)
                if depth < 10 and not getattr(inner, "is_indirect", False):
                    walk(inner, depth + 1)
        elif isinstance(value, pikepdf.Array) and depth < 10:
            for inner in value:
                if not getattr(inner, "is_indirect", False):
                    walk(inner, depth + 1)
        if isinstance(value, pikepdf.Name):
            found.add(str(value))

    for entry in pdf.objects:
        walk(entry)
    return found
