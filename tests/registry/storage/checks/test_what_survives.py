"""What an applicant means to show is still there after the checks."""

from __future__ import annotations

import io
import subprocess
from functools import partial
from typing import Any

import pytest
from PIL import Image

from registry.errors import AttachmentRefused
from registry.storage.checks import kinds, sandbox
from tests.builders import odd_documents as documents
from tests.builders import odd_pictures as pictures
from tests.builders.odd_documents import TEXT, document


def test_a_photograph_taken_sideways_is_turned_upright() -> None:
    turned = sandbox.normalise(pictures.jpeg_with_exif(pictures.exif_turned), "image/jpeg")
    assert Image.open(io.BytesIO(turned.content)).size == (80, 120)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16"])
def test_the_pixels_of_a_png_stay_as_they_are(mode: str) -> None:
    before = pictures.png(mode=mode)
    after = sandbox.normalise(before, "image/png").content
    pixels = [Image.open(io.BytesIO(one)).convert("RGBA").tobytes() for one in (before, after)]
    assert pixels[0] == pixels[1]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_picture_can_be_drawn_as_a_page(mode: str) -> None:
    content_type = "image/jpeg" if mode == "CMYK" else "image/png"
    content = pictures.jpeg((900, 600), mode=mode) if mode == "CMYK" else pictures.png((900, 600), mode=mode)
    drawn = Image.open(io.BytesIO(sandbox.draw(content, content_type, page_number=1, width=300)))
    assert (drawn.format, drawn.size) == ("PNG", (300, 200))


def test_a_picture_of_sixteen_bits_is_drawn_with_its_shades() -> None:
    content = pictures.png((64, 256), mode="I;16")
    wide = Image.open(io.BytesIO(content)).point(lambda value: value * 256)
    written = io.BytesIO()
    wide.save(written, "PNG")
    drawn = Image.open(io.BytesIO(sandbox.draw(written.getvalue(), "image/png", page_number=1, width=64)))
    lowest, highest = drawn.convert("L").getextrema()
    assert not isinstance(highest, tuple)
    assert (lowest, highest > 240) == (0, True)


def test_every_page_of_a_document_keeps_its_text() -> None:
    kept = sandbox.normalise(document(pages=3), "application/pdf")
    assert kept.page_count == 3
    pages = [page.strip() for page in _text(kept.content).split("\f")]
    assert pages == [*(f"{TEXT} {number}" for number in (1, 2, 3)), ""]


@pytest.mark.parametrize(
    "make",
    [
        partial(document, documents.inherited_page_box),
        documents.damaged_table,
        partial(document, documents.embedded_file),
        partial(document, documents.launch_link),
    ],
)
def test_a_page_looks_the_same_after_the_checks(make: partial[bytes]) -> None:
    before = sandbox.draw(document(), "application/pdf", page_number=1, width=300)
    kept = sandbox.normalise(make(), "application/pdf").content
    assert sandbox.draw(kept, "application/pdf", page_number=1, width=300) == before


def test_words_typed_into_a_form_become_part_of_the_page() -> None:
    kept = sandbox.normalise(document(documents.filled_form), "application/pdf").content
    assert _text(kept).split() == [*f"{TEXT} 1".split(), "typed", "words"]


def test_a_page_is_never_drawn_higher_than_three_times_its_width() -> None:
    tall = pictures.png((30, 3000))
    drawn = Image.open(io.BytesIO(sandbox.draw(tall, "image/png", page_number=1, width=96)))
    assert drawn.size == (3, 288)


def test_a_page_that_is_not_there_is_not_drawn() -> None:
    with pytest.raises(AttachmentRefused) as refusal:
        sandbox.draw(document(), "application/pdf", page_number=2, width=96)
    assert refusal.value.code == "file_damaged"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("营业执照.PDF", "营业执照.pdf"),
        ("licence.pdf.exe", "licence.pdf"),
        ("licence.php.jpg", "licence.pdf"),
        ("第1.2版说明.docx", "第1.2版说明.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\win.ini", "win.pdf"),
        ("licence\x00.exe", "licence.pdf"),
        ("licence\r\nSet-Cookie: x.pdf", "licenceSet-Cookie x.pdf"),
        ("gnp.\u202efdp.exe", "gnp.fdp.pdf"),
        ('a"b<c>d|e?.pdf', "abcde.pdf"),
        ("....", "file.pdf"),
        ("", "file.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("长" * 500 + ".pdf", "长" * 120 + ".pdf"),
        ("𠮷野.pdf", "𠮷野.pdf"),
    ],
)
def test_a_name_keeps_what_tells_and_loses_what_deceives(given: str, kept: str) -> None:
    assert kinds.clean_name(given, "application/pdf") == kept


def test_the_decoders_get_neither_keys_nor_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    run = subprocess.run

    def watch(
        command: list[str], *, env: dict[str, str], **options: Any
    ) -> subprocess.CompletedProcess[bytes]:
        seen.append(dict(env))
        return run(command, env=env, **options)

    monkeypatch.setenv("FILING_PORTAL_SECRET_KEY", "canary")
    monkeypatch.setattr(subprocess, "run", watch)
    sandbox.normalise(pictures.png((31, 17)), "image/png")
    assert [sorted(environment) for environment in seen] == [["LANG", "PATH"]]


def _text(content: bytes) -> str:
    shown = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return shown.stdout.decode()
