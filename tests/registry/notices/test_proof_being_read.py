"""What proves a telling waits for the decoder: the note stands at once, with its moment; a file that fails is told."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.errors import AttachmentRefused, NotFound
from registry.integrity.register import verify_register
from registry.models import Account, Attachment, Notice, Telling, TellingFile
from registry.notices import notice as notices
from registry.notices import tellings
from registry.notices.tellings import TellingRefused
from registry.storage import evidence, waiting
from registry.storage.attachments import QUARANTINE
from registry.storage.checks import sandbox
from registry.tasks import sweep_clocks, sweep_notices
from tests.builders import batch as batches
from tests.builders import objection as objections
from tests.builders import signed_documents
from tests.builders.objection import OBJECTING
from tests.builders.odd_documents import document, doubling_forms
from tests.builders.odd_pictures import png, png_with_wrong_check_sum
from tests.builders.register import Cast
from tests.builders.telling import receipt, telling, told
from tests.client import ClientResponse
from tests.registry.files.test_pictures import decode_all
from tests.registry.notices.test_pages import NOW, as_account
from tests.registry.notices.test_tellings import CALLED, address, lost
from tests.review.officers import sign_in

__all__ = ["as_account", "lost"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_wait")]


def damaged() -> SimpleUploadedFile:
    """Its first bytes are a picture's: only the decoder can know."""
    return SimpleUploadedFile("样例.png", png_with_wrong_check_sum(), "image/png")


def heavy() -> SimpleUploadedFile:
    """Too much for the decoder, though it may be without fault: it can be read once more."""
    return SimpleUploadedFile("x.pdf", document(doubling_forms))


def text_of(answer: ClientResponse) -> str:
    return html.unescape(answer.content.decode())


def told_accounts() -> list[object]:
    rows = Notice.objects.filter(kind="desk_telling_file_refused").order_by("created_at", "pk")
    return list(rows.values_list("account", flat=True))


def no_child(*_arguments: str, **_given: object) -> None:
    raise AssertionError("a request had a file read")


def of(name: str, file: TellingFile) -> str:
    return reverse(f"review:{name}", args=[file.telling.notice_id, file.pk])


def noted(officer: Account, notice: Notice, *files: SimpleUploadedFile) -> Telling:
    clock.set_for_tests(NOW)
    return told(notice, officer, at=NOW, files=files)


def test_a_note_stands_at_once_with_its_moment_and_its_file_is_read_afterwards(
    as_account: Callable[..., Client], cast: Cast, lost: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = as_account(cast.provincial)
    with monkeypatch.context() as web:
        web.setattr(sandbox, "_answer", no_child)
        sent = telling(cast.provincial, at=CALLED) | {"proof": receipt()}
        assert officer.post(address(lost), sent).status_code == 302
        page = text_of(officer.get(address(lost)))
    (file,) = tellings.files_of(Telling.objects.get())
    assert ('hx-trigger="load delay' in page, "sample.png" in page, of("telling_file", file) in page) == (
        True,
        True,
        False,
    )
    assert (file.is_waiting, officer.get(of("telling_file", file)).status_code) == (True, 404)
    # The clock is closed by the note, whatever becomes of the file.
    assert lost.event is not None
    assert notices.arrival_of(lost.event) == notices.Arrival(CALLED, "phone", cast.provincial.pk)
    assert sweep_clocks() == 1

    # The decoder comes three days late.
    clock.set_for_tests(NOW + timedelta(days=3))
    assert decode_all() == 1
    officer = sign_in(cast.provincial)
    page = text_of(officer.get(address(lost)))
    assert ("hx-trigger" in page, of("telling_file", file) in page) == (False, True)
    assert officer.get(of("telling_file", file)).status_code == 200
    sweep_notices()
    assert (told_accounts(), verify_register().violations) == ([], [])


def test_pictures_and_originals_of_what_was_read_open_to_the_offices_of_the_case_alone(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    content = signed_documents.signed(document())
    file = tellings.files_of(noted(cast.provincial, lost, SimpleUploadedFile("样例.pdf", content)))[0]
    decode_all()
    assert file.attachment is not None
    addresses = [
        reverse("files:original", args=[file.attachment.pk]),
        reverse("files:page", args=[file.attachment.pk, 1]),
    ]
    for account, expected in (
        (cast.provincial_second, 200),
        (cast.national, 200),
        (cast.elsewhere, 404),
        (cast.member, 404),
        (cast.stranger, 404),
    ):
        assert [as_account(account).get(each).status_code for each in addresses] == [expected] * 2


def test_a_file_that_could_not_be_read_is_told_once_and_replaced_with_its_trace_kept(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    note = noted(cast.provincial, lost, damaged())
    decode_all()
    clock.set_for_tests(NOW + timedelta(days=3))
    sweep_notices()
    sweep_notices()
    assert told_accounts() == [cast.provincial.pk]
    (file,) = tellings.files_of(note)
    inbox = Notice.objects.get(kind="desk_telling_file_refused")
    assert (lost.subject in inbox.body, address(lost) in inbox.body) == (True, True)

    # A colleague may replace it, another office may not.
    clock.set_for_tests(NOW)
    colleague, replace = as_account(cast.provincial_second), of("replace_telling_file", file)
    assert replace in text_of(colleague.get(address(lost)))
    wrong = colleague.post(replace, {f"{file.pk}-file": SimpleUploadedFile("x.docx", b"PK\x03\x04word/")})
    assert (wrong.status_code, "Word" in text_of(wrong)) == (400, True)
    assert colleague.post(replace, {}).status_code == 400
    assert as_account(cast.elsewhere).post(replace, {f"{file.pk}-file": receipt()}).status_code == 404
    assert colleague.post(replace, {f"{file.pk}-file": receipt()}).status_code == 302
    assert colleague.post(replace, {f"{file.pk}-file": receipt()}).status_code == 404
    decode_all()
    sweep_notices()
    (again,) = tellings.files_of(note)
    assert (again.is_readable, again.position, again.times_replaced) == (True, file.position, 1)
    assert told_accounts() == [cast.provincial.pk]
    # What was handed in first stays, with who sent it and why it was refused, and its bytes are gone.
    before = TellingFile.objects.select_related("attachment").get(pk=file.pk)
    assert before.attachment is not None
    assert (before.sha256, before.attachment.refusal_code, before.attachment.uploaded_by) == (
        file.sha256,
        "file_damaged",
        cast.provincial,
    )
    assert verify_register().violations == []


def test_a_replacement_that_is_refused_is_told_to_who_sent_it(cast: Cast, lost: Notice) -> None:
    note = noted(cast.provincial, lost, damaged())
    decode_all()
    (file,) = tellings.files_of(note)
    (another,) = evidence.take([damaged()])
    tellings.replace_file(note, file.pk, another, by=cast.provincial_second, at=NOW)
    decode_all()
    sweep_notices()
    assert told_accounts() == [cast.provincial_second.pk]


def test_a_place_takes_three_other_files_and_is_read_three_times_more(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    note = noted(cast.provincial, lost, heavy())
    (another,) = evidence.take([heavy()])
    for _time in range(3):
        decode_all()
        tellings.read_file_again(note, tellings.files_of(note)[0].pk, at=NOW)
        decode_all()
        tellings.replace_file(note, tellings.files_of(note)[0].pk, another, by=cast.provincial, at=NOW)
    decode_all()
    (last,) = tellings.files_of(note)
    with pytest.raises(TellingRefused, match="evidence_readings_left"):
        tellings.read_file_again(note, last.pk, at=NOW)
    with pytest.raises(TellingRefused, match="evidence_replacements_left"):
        tellings.replace_file(note, last.pk, another, by=cast.provincial, at=NOW)
    officer = as_account(cast.provincial)
    sent = officer.post(of("replace_telling_file", last), {f"{last.pk}-file": receipt()})
    assert (sent.status_code, "put in this place three times" in text_of(sent)) == (409, True)
    page = text_of(officer.get(address(lost)))
    offered = [of(name, last) in page for name in ("replace_telling_file", "read_telling_file_again")]
    assert (offered, "put in this place three times" in page) == ([False, False], True)
    # Nothing can be done about it any more: nobody is sent there.
    assert tellings.files_to_tell() == []


def test_a_file_whose_reading_broke_off_can_be_read_once_more(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    note = noted(cast.provincial, lost, heavy())
    decode_all()
    (file,) = tellings.files_of(note)
    officer = as_account(cast.provincial)
    assert of("read_telling_file_again", file) in text_of(officer.get(address(lost)))
    assert file.attachment is not None
    QUARANTINE.write(file.attachment.pk, png())
    Attachment.objects.filter(pk=file.attachment.pk).update(content_type="image/png")
    assert officer.post(of("read_telling_file_again", file)).status_code == 302
    assert officer.post(of("read_telling_file_again", file)).status_code == 404
    decode_all()
    assert [each.is_readable for each in tellings.files_of(note)] == [True]


def test_a_note_whose_files_are_refused_at_the_door_is_not_recorded_and_nothing_typed_is_lost(
    as_account: Callable[..., Client], cast: Cast, lost: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = as_account(cast.provincial)
    form = telling(cast.provincial, at=CALLED, told_to="样例传达室")
    word = SimpleUploadedFile("x.docx", b"PK\x03\x04word/")
    refused = officer.post(address(lost), form | {"proof": word})
    assert (refused.status_code, "样例传达室" in text_of(refused)) == (400, True)
    monkeypatch.setattr(waiting, "MOST_OF_AN_ADDRESS", 1)
    refused = officer.post(address(lost), form | {"proof": [receipt(), damaged()]})
    assert (refused.status_code, "Many of your files" in text_of(refused)) == (400, True)
    assert not Telling.objects.exists()
    assert [path for path in Path(settings.QUARANTINE_ROOT).rglob("*") if path.is_file()] == []
    with pytest.raises(AttachmentRefused, match="too_many_files"):
        evidence.take([receipt() for _ in range(6)])


def test_a_second_note_takes_no_files(cast: Cast, lost: Notice) -> None:
    first = noted(cast.provincial, lost, receipt())
    assert noted(cast.provincial_second, lost, damaged()) == first
    assert (len(tellings.files_of(first)), Attachment.objects.filter(draft_id=first.pk).count()) == (1, 1)


def test_what_proves_that_an_objector_was_told_is_opened_and_replaced_by_the_national_office(
    cast: Cast,
) -> None:
    batches.filings_in_force(cast, 1)
    day = clock.china_date(OBJECTING)
    objection = objections.posted(cast, batches.published(cast), posted_on=day, received_on=day, at=OBJECTING)
    clock.set_for_tests(OBJECTING)
    sweep_notices()
    notice = objection.notices.get()
    clock.set_for_tests(OBJECTING + timedelta(hours=1))
    page = reverse("review:objector_told", args=[objection.pk, notice.pk])
    officer = sign_in(cast.national)
    sent = telling(cast.national, at=clock.now()) | {"proof": [receipt(), damaged()]}
    assert officer.post(page, sent).status_code == 302
    decode_all()
    sweep_notices()
    assert told_accounts() == [cast.national.pk]
    sound, refused = tellings.files_of(Telling.objects.get())
    shown = text_of(officer.get(page))
    assert (of("telling_file", sound) in shown, of("replace_telling_file", refused) in shown) == (True, True)
    assert officer.get(of("telling_file", sound)).status_code == 200
    assert sign_in(cast.provincial).get(of("telling_file", sound)).status_code == 404
    answer = officer.post(of("replace_telling_file", refused), {f"{refused.pk}-file": receipt()})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)


def test_a_file_that_was_altered_behind_the_portal_is_named_by_the_check_of_the_register(
    cast: Cast, lost: Notice
) -> None:
    note = noted(cast.provincial, lost, receipt())
    decode_all()
    (file,) = tellings.files_of(note)
    assert file.attachment is not None
    Attachment.objects.filter(pk=file.attachment.pk).update(received_sha256="0" * 64)
    found = [(each.code, each.subject) for each in verify_register().violations]
    assert found == [("telling_file_not_as_received", str(file.pk))]


def test_the_database_refuses_to_alter_or_remove_what_was_handed_in(cast: Cast, lost: Notice) -> None:
    note = noted(cast.provincial, lost, receipt())
    files = TellingFile.objects.filter(telling=note)
    for change in (lambda: files.update(sha256="0" * 64), lambda: files.delete()):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            change()


def test_nobody_of_another_case_reaches_a_file_by_its_id(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    note = noted(cast.provincial, lost, receipt())
    decode_all()
    (file,) = tellings.files_of(note)
    with pytest.raises(NotFound):
        tellings.replace_file(note, file.pk, evidence.take([receipt()])[0], by=cast.provincial, at=NOW)
    page = text_of(as_account(cast.provincial).get(address(lost)))
    assert re.findall(r'href="(/review/not-told/[^"]+/files/[^"]+)"', page) == [of("telling_file", file)]
    assert as_account(cast.member).get(of("telling_file", file)).status_code == 404
