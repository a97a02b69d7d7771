"""A file of a draft waits for the decoder: the pages say so, nothing is submitted meanwhile, and nothing is lost."""

from __future__ import annotations

import html
import io
import re
import uuid

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from PIL import Image, ImageDraw
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from applicants.drafts import joint
from applicants.drafts import store as drafts
from applicants.models import Draft
from registry import clock
from registry.errors import AttachmentRefused
from registry.files import decoding
from registry.integrity.register import verify_register
from registry.models import Application, Attachment, WaitingFile
from registry.storage import attachments, pictures, waiting
from registry.storage.attachments import QUARANTINE, SENT_TWICE_WITHIN
from registry.storage.checks import sandbox
from tests.applicants.pages import Desk
from tests.builders.odd_documents import document, many_pages
from tests.builders.register import MORNING
from tests.registry.files.test_pictures import decode_all

pytestmark = pytest.mark.usefixtures("files_wait")

SLOT = "business_licence"
# The refused files that a page lists, as its form names them.
SEEN = r'name="seen" value="([^"]+)"'
ORGANISATION = {"nature": "organisation", "organisation_type": "enterprise"}


def organisation(desk: Desk) -> Draft:
    draft = desk.start()
    desk.save(draft, "applicant", ORGANISATION)
    return draft


def shown(desk: Desk, draft: Draft, page: str = "attachments", slot: str = SLOT) -> str:
    """The text and the forms of a slot, or of a whole page."""
    text = html.unescape(desk.get(page, draft.pk).content.decode())
    if page != "attachments":
        return text
    section = text[text.index(f'id="slot-{slot}"') :]
    return section[: section.index("</section>")]


def rows(section: str) -> list[str]:
    """The names of the files of a slot, in order."""
    return re.findall(r'file-row__name">(?:<a [^>]*>)?([^<]+)', section)


def test_an_uploaded_file_lies_in_quarantine_until_it_was_read(desk: Desk) -> None:
    draft = organisation(desk)
    assert desk.upload(draft, SLOT, content=document(pages=2)).status_code == 302
    attachment = Attachment.objects.get()
    assert (attachment.state, attachments.STORE.path(attachment.pk).exists()) == ("waiting", False)
    assert desk.client.get(reverse("files:download", args=[attachment.pk])).status_code == 404
    section = shown(desk, draft)
    assert ("正在读取" in section, 'hx-trigger="load delay' in section, "重新加载" in section) == (
        True,
        True,
        True,
    )
    assert decode_all() == 1
    attachment.refresh_from_db()
    assert (attachment.state, attachment.page_count, QUARANTINE.path(attachment.pk).exists()) == (
        "clean",
        2,
        True,
    )
    section = shown(desk, draft)
    assert ("正在读取" in section, "hx-trigger" in section, "文件可读取" in section) == (False, False, True)
    assert pictures.read(attachment.pk, 2, pictures.Size.FULL)
    assert verify_register().violations == []


def test_the_quarantine_is_emptied_once_the_file_was_read(
    desk: Desk, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    desk.upload(organisation(desk), SLOT)
    with django_capture_on_commit_callbacks(execute=True):
        decode_all()
    assert not QUARANTINE.path(Attachment.objects.get().pk).exists()


def test_what_is_in_quarantine_is_unreadable_on_disk(desk: Desk) -> None:
    desk.upload(organisation(desk), SLOT, content=document())
    path = QUARANTINE.path(Attachment.objects.get().pk)
    assert (b"%PDF" in path.read_bytes(), path.stat().st_mode & 0o777) == (False, 0o600)


def test_a_refused_file_says_why_and_leaves_nothing_but_its_reason(
    desk: Desk, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT, content=many_pages(201))
    with django_capture_on_commit_callbacks(execute=True):
        decode_all()
    section = shown(desk, draft)
    assert ("201" in section, "/again/" in section, "移除" in section) == (True, False, True)
    refused = Attachment.objects.get()
    assert (refused.state, QUARANTINE.path(refused.pk).exists()) == ("refused", False)
    # It takes no place, and goes with the next one: the page has shown it.
    desk.upload(draft, SLOT, seen=[str(refused.pk)])
    decode_all()
    assert len(rows(shown(desk, draft))) == 1
    assert Attachment.objects.get().state == "clean"


def test_in_a_slot_for_several_a_refused_file_goes_with_the_next_one(desk: Desk) -> None:
    draft, slot = organisation(desk), "product_introduction"
    for number, pages in enumerate((1, 201, 2), start=1):
        clock.set_for_tests(MORNING + 2 * number * SENT_TWICE_WITHIN)
        desk.upload(
            draft, slot, content=many_pages(pages), seen=re.findall(SEEN, shown(desk, draft, slot=slot))
        )
        decode_all()
    section = shown(desk, draft, slot=slot)
    assert (len(rows(section)), "未通过检查" in section) == (2, False)


def test_a_file_that_is_read_is_no_error_of_its_slot(desk: Desk) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT, content=document(pages=2))
    section = shown(desk, draft)
    assert ("field__errors" in section, "1 页" in section) == (False, False)
    assert "文件正在读取" in shown(desk, draft, "check")


def test_a_file_that_is_refused_gives_its_place_back_to_the_one_before(desk: Desk) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT)
    decode_all()
    before = Attachment.objects.get()
    desk.upload(draft, SLOT, content=many_pages(201))
    assert Attachment.objects.count() == 2
    decode_all()
    section = shown(desk, draft)
    assert (len(rows(section)), str(before.pk) in section, "201" in section) == (2, True, True)
    assert f"files/{before.pk}/pages/1" in section
    examined = drafts.move_file_up(draft.pk, before.pk, at=clock.now())
    assert examined == f"attachments.{SLOT}"


def test_a_file_that_was_read_takes_the_place_of_the_one_before(desk: Desk) -> None:
    draft = organisation(desk)
    for pages in (1, 2, 3):
        clock.set_for_tests(MORNING + pages * 2 * SENT_TWICE_WITHIN)
        assert desk.upload(draft, SLOT, content=document(pages=pages)).status_code == 302
        decode_all()
        assert len(rows(shown(desk, draft))) == 1
    assert sorted(each.page_count for each in Attachment.objects.all()) in ([2, 3], [3])
    draft.refresh_from_db()
    assert len(joint.file_ids(draft.materials)) == 2
    (entry,) = joint.lock_services(draft.pk)[0].materials["attachments"][SLOT]
    assert (entry["page_count"], set(entry)) == (
        3,
        {"id", "name", "content_type", "size_bytes", "sha256", "page_count"},
    )


def test_one_that_waits_is_replaced_and_the_one_before_it_still_stands_back(desk: Desk) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT)
    decode_all()
    first = Attachment.objects.get()
    for number, pages in enumerate((2, 201), start=1):
        clock.set_for_tests(MORNING + 2 * number * SENT_TWICE_WITHIN)
        desk.upload(draft, SLOT, content=many_pages(pages))
    decode_all()
    section = shown(desk, draft)
    assert (f"files/{first.pk}/pages/1" in section, len(rows(section))) == (True, 2)


def test_removing_one_that_waits_brings_the_one_before_back(desk: Desk) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT)
    decode_all()
    first = Attachment.objects.get()
    desk.upload(draft, SLOT, content=document())
    second = Attachment.objects.exclude(pk=first.pk).get()
    desk.post("remove_file", draft.pk, second.pk)
    assert f"files/{first.pk}/pages/1" in shown(desk, draft)
    assert list(Attachment.objects.values_list("pk", flat=True)) == [first.pk]
    assert decode_all() == 0


@pytest.mark.parametrize("code", ["file_too_complex", "reading_broke_off"])
def test_a_file_that_was_too_much_is_tried_again_from_its_own_bytes(
    code: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT)

    def too_much(*_: object) -> None:
        raise AttachmentRefused(code)

    with monkeypatch.context() as broken:
        broken.setattr(sandbox, "normalise", too_much)
        assert decode_all() == (3 if code == "reading_broke_off" else 1)
    section = shown(desk, draft)
    assert "/again/" in section
    refused = Attachment.objects.get()
    assert desk.post("try_file_again", draft.pk, refused.pk).status_code == 302
    assert "正在读取" in shown(desk, draft)
    assert desk.post("try_file_again", draft.pk, refused.pk).status_code == 404
    assert decode_all() == 1
    refused.refresh_from_db()
    assert (refused.state, refused.refusal_code) == ("clean", "")
    assert "文件可读取" in shown(desk, draft)
    assert desk.post("try_file_again", draft.pk, uuid.uuid4()).status_code == 404


def test_a_decoder_that_dies_over_a_file_each_time_leaves_it_refused(desk: Desk) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT)
    at = clock.now()
    for attempt in range(waiting.MOST_ATTEMPTS):
        with clock.stopped_at(at + (attempt + 1) * 2 * waiting.SILENT_AFTER):
            assert waiting.take(f"decoder-{attempt}") is not None
    with clock.stopped_at(at + 10 * waiting.SILENT_AFTER):
        assert decoding.work_once("the next one")
    assert "/again/" in shown(desk, draft)
    assert not WaitingFile.objects.exists()


def test_nothing_is_submitted_while_a_file_is_read_and_the_page_goes_on(ready: tuple[Desk, Draft]) -> None:
    desk, draft = ready
    clock.set_for_tests(clock.now() + 2 * SENT_TWICE_WITHIN)
    desk.upload(draft, "product_introduction", content=document(pages=5))
    page = shown(desk, draft, "check")
    assert ("文件正在读取" in page, 'hx-select="#check-points"' in page, 'name="declaration"' in page) == (
        True,
        True,
        False,
    )
    draft.refresh_from_db()
    answer = desk.post("submit", draft.pk, data={"version": str(draft.version), "declaration": "yes"})
    assert answer.status_code == 409
    assert "尚有文件正在读取，本次未提交" in answer.content.decode()
    assert not Application.objects.exists()
    decode_all()
    page = shown(desk, draft, "check")
    assert ("文件正在读取" in page, "hx-select" in page, 'name="declaration"' in page) == (False, False, True)
    assert desk.submit(draft).status_code == 302
    assert Application.objects.count() == 1
    assert verify_register().violations == []


@pytest.fixture
def ready(desk: Desk) -> tuple[Desk, Draft]:
    """A draft that can be submitted, all its files read."""
    from registry.sample import walk

    draft = desk.start()
    materials = walk.complete_materials(1, member=desk.account, at=clock.now(), files={})
    desk.fill(draft, materials)
    desk.upload_all(draft)
    decode_all()
    return desk, draft


def test_so_many_files_of_one_account_wait_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_OF_AN_ACCOUNT", 2)
    draft = organisation(desk)
    answers = []
    for pages in (1, 2, 3):
        clock.set_for_tests(MORNING + pages * 2 * SENT_TWICE_WITHIN)
        answers.append(desk.upload(draft, "product_introduction", content=document(pages=pages)))
    assert [each.status_code for each in answers] == [302, 302, 400]
    assert "您已有较多文件正在等待读取" in answers[2].content.decode()
    decode_all()
    assert desk.upload(draft, "product_introduction", content=document(pages=3)).status_code == 302


def test_so_many_files_of_one_address_wait_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_OF_AN_ADDRESS", 1)
    first, second = organisation(desk), organisation(desk)

    def attach(draft: Draft, sender: str) -> None:
        file = SimpleUploadedFile("样例.pdf", document())
        slot = f"attachments.{SLOT}"
        drafts.attach_file(draft.pk, slot, file=file, account=desk.account, sender=sender, at=clock.now())

    attach(first, "192.0.2.1")
    with pytest.raises(AttachmentRefused) as refusal:
        attach(second, "192.0.2.1")
    assert refusal.value.code == "too_many_waiting"
    attach(second, "192.0.2.2")
    assert "192.0.2" not in str(list(WaitingFile.objects.values()))


def test_a_page_that_cannot_be_drawn_refuses_the_file_by_its_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT, content=document(pages=3))
    one = (b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n")
    answers = iter(
        [sandbox.DrawnPages((one,), AttachmentRefused("file_too_complex")), sandbox.DrawnPages((one,), None)]
    )
    monkeypatch.setattr(sandbox, "draw_pages", lambda *_, **__: next(answers))
    decode_all()
    refused = Attachment.objects.get()
    assert (refused.refusal.code, refused.refusal.facts) == ("page_not_drawn", {"page": 2})
    with override("en"):
        section = shown(desk, draft)
    assert "第 2 页" in section


def test_a_file_in_quarantine_without_a_place_on_the_list_gets_one(desk: Desk) -> None:
    desk.upload(organisation(desk), SLOT)
    WaitingFile.objects.all().delete()
    assert decode_all() == 0
    decoding.ask_for_undrawn(most=10, at=clock.now())
    assert decode_all() == 1
    assert Attachment.objects.get().state == "clean"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_a_picture_of_every_kind_that_people_have_waits_under_its_name(desk: Desk, kind: str) -> None:
    pillow_heif.register_heif_opener()
    made = io.BytesIO()
    picture = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(picture).rectangle((100, 100, 500, 300), fill="navy")
    picture.save(made, kind)
    draft = organisation(desk)
    assert desk.upload(draft, SLOT, content=made.getvalue()).status_code == 302
    waiting_file = Attachment.objects.get()
    assert waiting_file.state == Attachment.State.WAITING
    decode_all()
    waiting_file.refresh_from_db()
    assert (waiting_file.state, waiting_file.page_count) == (Attachment.State.CLEAN, 1)
    assert waiting_file.name.endswith((".jpg", ".png"))
