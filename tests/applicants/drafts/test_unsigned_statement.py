"""A statement without signature or seal is refused where that is certain, and says what to do."""

from __future__ import annotations

import io
from datetime import timedelta
from html import unescape
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Dictionary, Name, Pdf
from PIL import Image, ImageDraw
from pytest_django.fixtures import Settings

from applicants.drafts.read_files import take_read_files
from applicants.models import Draft
from registry.files import decoding
from tests.applicants.pages import Desk, as_form, desk_at
from tests.builders.register import MORNING, Cast, filing_of, in_force, materials_for
from tests.builders.signed_documents import signed
from tests.client import ClientResponse

SLOT = "authenticity_statement"
UNSIGNED, OTHER, BLANK = "承诺书原件，没有签名或者盖章", "生成后，其所列内容有改动", "这一页没有任何内容"


@pytest.fixture
def draft(desk: Desk, cast: Cast, db: None) -> Draft:
    started = desk.start()
    desk.fill(started, materials_for(cast))
    return started


def printed(desk: Desk, draft: Draft) -> bytes:
    answer = desk.get("statement_pdf", draft.pk)
    assert answer.status_code == 200
    return answer.content


def send(desk: Desk, draft: Draft, content: bytes, content_type: str = "application/pdf") -> ClientResponse:
    name = "承诺书.pdf" if content_type == "application/pdf" else "承诺书.png"
    sent = {"file": SimpleUploadedFile(name, content, content_type)}
    assert desk.post("upload", draft.pk, SLOT, data=sent).status_code == 302
    return desk.get("statement", draft.pk)


def said(answer: ClientResponse) -> str:
    return unescape(answer.content.decode())


def saved_again(content: bytes) -> bytes:
    """As a viewer saves it: the same pages, other bytes."""
    made = io.BytesIO()
    with Pdf.open(io.BytesIO(content)) as pdf:
        pdf.docinfo["/Producer"] = "样例阅读器"
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return made.getvalue()


def with_ink(content: bytes) -> bytes:
    """With a signature drawn on the last page, as on a tablet."""
    made = io.BytesIO()
    with Pdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[-1]
        page.contents_add(pdf.make_stream(b"q 1.2 w 0 0 0.6 RG 330 190 m 352 212 l 371 188 l 395 209 l S Q"))
        pdf.save(made)
    return made.getvalue()


def with_seal(content: bytes) -> bytes:
    """With the picture of a seal put on the last page."""
    made = io.BytesIO()
    with Pdf.open(io.BytesIO(content)) as pdf:
        stamp = Image.new("RGB", (80, 80), "white")
        ImageDraw.Draw(stamp).ellipse((5, 5, 75, 75), outline="red", width=4)
        picture = pdf.make_stream(
            stamp.tobytes(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=80,
            Height=80,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
        )
        page = pdf.pages[-1]
        if Name.XObject not in page.resources:
            page.resources[Name.XObject] = Dictionary()
        page.resources[Name.XObject][Name("/Seal")] = picture
        page.contents_add(pdf.make_stream(b"q 90 0 0 90 300 180 cm /Seal Do Q"))
        pdf.save(made)
    return made.getvalue()


def scanned(content: bytes) -> bytes:
    """The first page as the scanner of an office gives it: a picture."""
    picture = pypdfium2.PdfDocument(content)[0].render(scale=1.5).to_pil().convert("RGB")
    ImageDraw.Draw(picture).line((500, 950, 620, 1000), fill=(0, 0, 120), width=3)
    made = io.BytesIO()
    picture.save(made, "PDF")
    return made.getvalue()


def blank_pdf() -> bytes:
    made = io.BytesIO()
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


def picture(*, written: bool) -> bytes:
    page = Image.new("L", (600, 800), 255)
    if written:
        ImageDraw.Draw(page).line((200, 600, 300, 620), fill=0, width=3)
    made = io.BytesIO()
    page.save(made, "PNG")
    return made.getvalue()


def held(draft: Draft) -> list[Any]:
    opened = Draft.objects.get(pk=draft.pk)
    take_read_files([opened])
    return list(opened.materials["attachments"].get(SLOT, []))


def test_a_statement_given_back_as_the_portal_made_it_is_unsigned(desk: Desk, draft: Draft) -> None:
    own = printed(desk, draft)
    for content in (own, saved_again(own)):
        assert UNSIGNED in said(send(desk, draft, content))
    assert held(draft) == []


def test_one_made_on_another_day_is_still_the_portals_own(desk: Desk, draft: Draft, cast: Cast) -> None:
    own = printed(desk, draft)
    with desk_at(MORNING + timedelta(days=3), cast) as later:
        assert UNSIGNED in said(send(later, draft, own))


@pytest.mark.parametrize("sign", [with_ink, with_seal, scanned])
def test_whatever_was_written_or_sealed_on_it_is_taken(desk: Desk, draft: Draft, sign: Any) -> None:
    send(desk, draft, sign(printed(desk, draft)))
    assert len(held(draft)) == 1


def test_a_photograph_is_taken(desk: Desk, draft: Draft) -> None:
    send(desk, draft, picture(written=True), "image/png")
    assert len(held(draft)) == 1


def test_a_blank_page_is_no_statement(desk: Desk, draft: Draft) -> None:
    assert BLANK in said(send(desk, draft, blank_pdf()))
    assert BLANK in said(send(desk, draft, picture(written=False), "image/png"))
    # In another slot it is nobody's business here.
    assert desk.upload(draft, "product_introduction", content=picture(written=False)).status_code == 302


def test_a_statement_about_other_particulars_has_to_be_made_anew(
    desk: Desk, draft: Draft, cast: Cast
) -> None:
    own = printed(desk, draft)
    desk.save(draft, "service", {**as_form("service", materials_for(cast)), "service_name": "样例新名称"})
    assert OTHER in said(send(desk, draft, own))
    assert OTHER in said(send(desk, draft, with_ink(own)))
    # Of a picture nobody can tell what it says.
    send(desk, draft, scanned(own))
    assert len(held(draft)) == 1


def test_a_joint_statement_given_back_is_unsigned_too(desk: Desk, draft: Draft) -> None:
    alone = printed(desk, draft)
    desk.post("services", draft.pk, data={"act": "add", "new_id": "3f7b5a54-6a4c-4a35-9d0c-2f5f3f0f0001"})
    other = Draft.objects.get(pk="3f7b5a54-6a4c-4a35-9d0c-2f5f3f0f0001")
    other.materials = {
        **draft.materials,
        "service": {**draft.materials["service"], "service_name": "样例乙服务"},
    }
    other.save()
    both = printed(desk, draft)
    assert UNSIGNED in said(send(desk, draft, both))
    assert OTHER in said(send(desk, draft, alone))


def test_the_statement_of_a_change_given_back_is_unsigned_too(desk: Desk, cast: Cast) -> None:
    filing = filing_of(in_force(cast))
    with desk_at(MORNING + timedelta(days=1), cast) as later:
        later.post("change", filing.pk)
        change = Draft.objects.get(filing_id=filing.pk)
        later.save(
            change, "service", {**as_form("service", change.materials), "service_name": "样例改名服务"}
        )
        assert UNSIGNED in said(send(later, change, printed(later, change)))


def test_an_electronic_signature_may_show_nowhere(desk: Desk, draft: Draft) -> None:
    send(desk, draft, signed(printed(desk, draft)))
    assert len(held(draft)) == 1


@pytest.mark.usefixtures("files_wait")
def test_the_decoder_compares_without_the_keys_of_the_web(
    desk: Desk, draft: Draft, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = printed(desk, draft)
    assert UNSIGNED not in said(send(desk, draft, own))
    with monkeypatch.context() as as_decoder:
        as_decoder.delattr(settings, "BLIND_INDEX_KEY")
        assert decoding.work_once("test")
    assert UNSIGNED in said(desk.get("statement", draft.pk))
