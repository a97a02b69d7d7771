"""The evidence of an objection waits for the decoder: the objection is received at once, deciding on it waits."""

from __future__ import annotations

import html
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.batches import objections
from registry.batches.objections import Posted, Received
from registry.book.act_request import Actor
from registry.errors import NotFound, OutOfDate, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Attachment, BatchList, Event, Notice, Objection, ObjectionFile, WaitingFile
from registry.rules.objections.lifecycle import ObjectionAct
from registry.storage import evidence, waiting
from registry.storage.attachments import QUARANTINE
from registry.storage.checks import sandbox
from registry.storage.evidence import Unread
from registry.tasks import sweep_notices
from tests.access.member_scene import scan
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders import signed_documents
from tests.builders.objection import OBJECTING
from tests.builders.odd_documents import document, doubling_forms
from tests.builders.odd_pictures import png, png_with_wrong_check_sum
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.registry.files.test_pictures import decode_all
from tests.registry.objections.test_pages import _fields, _form, _proved
from tests.registry.storage.checks.test_carried_files import by_qpdf
from tests.review.officers import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_wait")]

EVIDENCE_READ = "evidence_read"


@pytest.fixture
def batch_list(cast: Cast) -> BatchList:
    """A published list of two filings, on the day after."""
    batches.filings_in_force(cast, 2)
    published = batches.published(cast)
    clock.set_for_tests(OBJECTING)
    return published


def damaged() -> SimpleUploadedFile:
    """Its first bytes are a picture's: only the decoder can know."""
    return SimpleUploadedFile("样例证据.png", png_with_wrong_check_sum(), "image/png")


def taken(*files: SimpleUploadedFile) -> list[Unread]:
    return evidence.take(files)


def text_of(answer: ClientResponse) -> str:
    return html.unescape(answer.content.decode())


def follow(received: Received) -> str:
    return reverse("objections:follow", args=[received.secret])


def admit(objection: Objection, cast: Cast, **given: object) -> Objection:
    return objections.admit(objection.pk, actor=Actor.of(cast.national), **given)  # type: ignore[arg-type]


def told() -> list[str]:
    """Which objections somebody was told of evidence that could not be read."""
    rows = Notice.objects.filter(kind="objector_file_refused").order_by("created_at", "pk")
    return [str(each.objection) for each in rows]


def stored_in_quarantine() -> list[Path]:
    return [path for path in Path(settings.QUARANTINE_ROOT).rglob("*") if path.is_file()]


def no_child(*_arguments: str, **_given: object) -> None:
    raise AssertionError("a request had a file read")


def test_an_objection_is_received_at_once_and_decided_on_when_its_evidence_was_read(
    cast: Cast, batch_list: BatchList, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _proved(batch_list)
    with monkeypatch.context() as web:
        web.setattr(sandbox, "_answer", no_child)
        sent = client.post(_form(batch_list), {**_fields(client, batch_list), "evidence": [scan()]})
        followed = text_of(Client().get(sent.headers["Location"]))
    objection, file = Objection.objects.get(), ObjectionFile.objects.get()
    assert (objection.received_at, file.is_waiting) == (OBJECTING, True)
    assert ('hx-trigger="load delay' in followed, "sample.png" in followed) == (True, True)
    office = sign_in(cast.national)
    page = reverse("review:objection", args=[objection.pk])
    address = reverse("review:objection_file", args=[objection.pk, file.pk])
    shown = text_of(office.get(page))
    assert (
        reverse("review:objection_act", args=[objection.pk, ObjectionAct.ADMIT]) in shown,
        address in shown,
    ) == (
        False,
        False,
    )
    assert office.get(address).status_code == 404
    actor = Actor.of(cast.national)
    assert objections.acts_open(objection, actor, today=clock.today()) == frozenset()
    with pytest.raises(TransitionNotAllowed, match=EVIDENCE_READ):
        admit(objection, cast)
    with pytest.raises(TransitionNotAllowed, match=EVIDENCE_READ):
        objections.explain(objection.pk, act=ObjectionAct.REFUSE, actor=actor, explanation=build.REASONS)

    # The decoder comes three days late.
    clock.set_for_tests(OBJECTING + timedelta(days=3))
    assert decode_all() == 1
    assert "hx-trigger" not in text_of(Client().get(sent.headers["Location"]))
    office = sign_in(cast.national)
    shown = text_of(office.get(page))
    assert (
        reverse("review:objection_act", args=[objection.pk, ObjectionAct.ADMIT]) in shown,
        address in shown,
    ) == (
        True,
        True,
    )
    assert office.get(address).headers["Content-Type"] == "image/png"
    assert admit(objection, cast, released=[file.pk]).state == "admitted"
    objection.refresh_from_db()
    assert objection.received_at == OBJECTING
    assert verify_register().violations == []


def test_evidence_that_could_not_be_read_is_told_once_and_another_takes_its_place(
    cast: Cast, batch_list: BatchList
) -> None:
    received = build.received(batch_list, files=taken(scan(), damaged()))
    objection = received.objection
    seen = objection.last_event_sequence
    decode_all()
    clock.set_for_tests(OBJECTING + timedelta(days=3))
    sweep_notices()
    sweep_notices()
    assert told() == [objection.receipt_number]
    sound, refused = objections.files_of(objection)
    assert (sound.is_readable, refused.is_refused) == (True, True)
    # The office goes on without it, and cannot release what it cannot open.
    with pytest.raises(NotFound):
        admit(objection, cast, released=[refused.pk])

    client, address = Client(), reverse("objections:replace_file", args=[received.secret, refused.pk])
    page = text_of(client.get(follow(received)))
    assert (
        address in page,
        reverse("objections:replace_file", args=[received.secret, sound.pk]) in page,
    ) == (
        True,
        False,
    )
    name = f"{refused.pk}-file"
    wrong = client.post(address, {name: SimpleUploadedFile("x.docx", b"PK\x03\x04word/")})
    assert (wrong.status_code, "Word" in text_of(wrong)) == (400, True)
    assert client.post(address, {}).status_code == 400
    assert client.post(address, {name: damaged()}).status_code == 302
    decode_all()
    sweep_notices()
    sweep_notices()
    # That one could not be read either: it is told of by itself.
    assert told() == [objection.receipt_number] * 2
    (again,) = [each for each in objections.files_of(objection) if each.is_refused]
    assert again.position == refused.position
    another = reverse("objections:replace_file", args=[received.secret, again.pk])
    assert client.post(another, {f"{again.pk}-file": scan()}).status_code == 302
    assert client.post(another, {f"{again.pk}-file": scan()}).status_code == 404
    with pytest.raises(OutOfDate):
        admit(objection, cast, seen_sequence=seen)
    decode_all()
    sweep_notices()
    assert [each.is_readable for each in objections.files_of(objection)] == [True, True]
    acts = Event.objects.filter(stream_id=objection.pk).order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["objection_received", *["objection_file_replaced"] * 2]
    objection.refresh_from_db()
    assert objection.received_at == OBJECTING
    assert told() == [objection.receipt_number] * 2
    assert verify_register().violations == []
    assert admit(objection, cast).state == "admitted"
    assert "样例证据" not in str(list(Event.objects.values_list("payload", flat=True)))


def test_an_objection_is_decided_on_without_a_file_that_could_not_be_read(
    cast: Cast, batch_list: BatchList
) -> None:
    received = build.received(batch_list, files=taken(damaged()))
    decode_all()
    refused = objections.explain(
        received.objection.pk,
        act=ObjectionAct.REFUSE,
        actor=Actor.of(cast.national),
        explanation=build.REASONS,
    )
    (file,) = objections.files_of(refused)
    assert reverse("objections:replace_file", args=[received.secret, file.pk]) not in text_of(
        Client().get(follow(received))
    )
    with pytest.raises(TransitionNotAllowed, match="not_in_this_state"):
        objections.replace_file(refused.pk, file.pk, taken(scan())[0])
    sweep_notices()
    assert told() == []


def test_evidence_whose_reading_broke_off_can_be_read_once_more(batch_list: BatchList) -> None:
    heavy = SimpleUploadedFile("x.pdf", document(doubling_forms))
    received = build.received(batch_list, files=taken(heavy))
    decode_all()
    (file,) = objections.files_of(received.objection)
    assert file.attachment is not None
    assert (file.is_refused, file.attachment.refusal_code) == (True, "file_too_complex")
    address = reverse("objections:read_file_again", args=[received.secret, file.pk])
    client = Client()
    assert address in text_of(client.get(follow(received)))
    QUARANTINE.write(file.attachment.pk, png())
    Attachment.objects.filter(pk=file.attachment.pk).update(content_type="image/png")
    assert client.post(address).status_code == 302
    decode_all()
    assert [each.is_readable for each in objections.files_of(received.objection)] == [True]
    assert client.post(address).status_code == 404


def test_a_scan_of_a_letter_is_replaced_by_the_office_alone(cast: Cast, batch_list: BatchList) -> None:
    today = clock.today()
    letter = objections.receive(
        build.entry_of(batch_list).pk,
        build.statement(contact=""),
        actor=Actor.of(cast.national),
        files=taken(damaged()),
        posted=Posted(today, today),
    ).objection
    decode_all()
    sweep_notices()
    # Nobody can be reached: the office has the letter.
    assert told() == []
    (file,) = objections.files_of(letter)
    with pytest.raises(TransitionNotAllowed, match="objection_own_file"):
        objections.replace_file(letter.pk, file.pk, taken(scan())[0])
    office, page = sign_in(cast.national), reverse("review:objection", args=[letter.pk])
    address = reverse("review:replace_objection_file", args=[letter.pk, file.pk])
    assert address in text_of(office.get(page))
    wrong = office.post(address, {f"{file.pk}-file": SimpleUploadedFile("x.docx", b"PK\x03\x04word/")})
    assert (wrong.status_code, "Word" in text_of(wrong)) == (400, True)
    assert office.post(address, {f"{file.pk}-file": scan()}).status_code == 302
    decode_all()
    assert [each.is_readable for each in objections.files_of(letter)] == [True]
    assert verify_register().violations == []


def test_an_objection_through_the_site_is_not_the_offices_to_replace(
    cast: Cast, batch_list: BatchList
) -> None:
    received = build.received(batch_list, files=taken(damaged()))
    decode_all()
    (file,) = objections.files_of(received.objection)
    address = reverse("review:replace_objection_file", args=[received.objection.pk, file.pk])
    office = sign_in(cast.national)
    assert address not in text_of(office.get(reverse("review:objection", args=[received.objection.pk])))
    assert office.post(address, {f"{file.pk}-file": scan()}).status_code == 409
    assert objections.files_of(received.objection) == [file]


def test_a_signed_pdf_is_kept_as_it_was_signed_beside_its_readable_copy(
    cast: Cast, batch_list: BatchList
) -> None:
    content = signed_documents.signed(document())
    objection = build.received(batch_list, files=taken(SimpleUploadedFile("样例.pdf", content))).objection
    decode_all()
    (file,) = objections.files_of(objection)
    assert file.attachment is not None
    original = reverse("files:original", args=[file.attachment.pk])
    office = sign_in(cast.national)
    assert original in text_of(office.get(reverse("review:objection", args=[objection.pk])))
    assert office.get(original).content == content
    assert office.get(reverse("review:objection_file", args=[objection.pk, file.pk])).content != content
    assert sign_in(cast.provincial).get(original).status_code == 404
    assert verify_register().violations == []


def test_evidence_that_carries_files_is_refused_with_their_names_to_who_objects(
    batch_list: BatchList,
) -> None:
    received = build.received(batch_list, files=taken(SimpleUploadedFile("证据.pdf", by_qpdf())))
    decode_all()
    (file,) = objections.files_of(received.objection)
    assert file.attachment is not None
    assert (file.is_refused, file.attachment.refusal_code) == (True, "file_carries_files")
    assert file.attachment.refusal.facts["carried"]["names"][0] in text_of(Client().get(follow(received)))


def test_so_many_files_of_an_address_wait_and_an_objection_beyond_them_is_not_received(
    batch_list: BatchList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_OF_AN_ADDRESS", 1)
    client = _proved(batch_list)
    fields = _fields(client, batch_list)
    refused = client.post(_form(batch_list), {**fields, "evidence": [scan(), damaged()]})
    assert (refused.status_code, build.FACTS in text_of(refused)) == (400, True)
    assert not Objection.objects.exists()
    assert not Attachment.objects.filter(slot="evidence").exists()
    assert not WaitingFile.objects.exists()
    assert stored_in_quarantine() == []
    assert client.post(_form(batch_list), {**fields, "evidence": [scan()]}).status_code == 302


def heavy() -> SimpleUploadedFile:
    """Too much for the decoder, though it may be without fault: it can be read once more."""
    return SimpleUploadedFile("x.pdf", document(doubling_forms))


def refused_file(objection: Objection) -> ObjectionFile:
    (found,) = objections.files_of(objection)
    assert found.is_refused
    return found


def test_a_file_that_is_read_again_or_put_in_place_of_another_does_not_keep_the_office_from_deciding(
    cast: Cast, batch_list: BatchList
) -> None:
    again, other = (
        build.received(batch_list, files=taken(heavy())).objection,
        build.received(batch_list, files=taken(damaged())).objection,
    )
    decode_all()
    objections.read_file_again(again.pk, refused_file(again).pk)
    objections.replace_file(other.pk, refused_file(other).pk, taken(scan())[0])
    office = Actor.of(cast.national)
    assert [each.files.get().is_waiting for each in (again, other)] == [True, True]
    refused = objections.explain(again.pk, act=ObjectionAct.REFUSE, actor=office, explanation=build.REASONS)
    assert (refused.state, admit(other, cast).state) == ("not_admitted", "admitted")


def test_a_place_among_the_evidence_takes_three_other_files_and_no_fourth(batch_list: BatchList) -> None:
    received = build.received(batch_list, files=taken(damaged()))
    objection = received.objection
    for _time in range(3):
        decode_all()
        objections.replace_file(objection.pk, refused_file(objection).pk, taken(damaged())[0])
    decode_all()
    last, client = refused_file(objection), Client()
    with pytest.raises(TransitionNotAllowed, match="evidence_replacements_left"):
        objections.replace_file(objection.pk, last.pk, taken(scan())[0])
    address = reverse("objections:replace_file", args=[received.secret, last.pk])
    page = text_of(client.get(follow(received)))
    assert (address in page, "已更换 3 次" in page) == (False, True)
    sent = client.post(address, {f"{last.pk}-file": scan()})
    assert (sent.status_code, "已更换 3 次" in text_of(sent)) == (409, True)
    assert objections.files_of(objection) == [last]


def test_the_file_in_a_place_is_read_three_times_more_and_not_a_fourth(batch_list: BatchList) -> None:
    received = build.received(batch_list, files=taken(heavy()))
    objection = received.objection
    for _time in range(2):
        decode_all()
        objections.read_file_again(objection.pk, refused_file(objection).pk)
    decode_all()
    # Another file in the place does not begin anew.
    objections.replace_file(objection.pk, refused_file(objection).pk, taken(heavy())[0])
    decode_all()
    objections.read_file_again(objection.pk, refused_file(objection).pk)
    decode_all()
    last = refused_file(objection)
    with pytest.raises(TransitionNotAllowed, match="evidence_readings_left"):
        objections.read_file_again(objection.pk, last.pk)
    address = reverse("objections:read_file_again", args=[received.secret, last.pk])
    client = Client()
    assert address not in text_of(client.get(follow(received)))
    assert "已重新读取 3 次" in text_of(client.post(address, follow=True))


def test_evidence_is_not_exchanged_once_the_objection_is_admitted_but_may_be_read_once_more(
    cast: Cast, batch_list: BatchList
) -> None:
    received = build.received(batch_list, files=taken(heavy()))
    objection, client = received.objection, Client()
    decode_all()
    admit(objection, cast)
    file = refused_file(objection)
    with pytest.raises(TransitionNotAllowed, match="not_in_this_state"):
        objections.replace_file(objection.pk, file.pk, taken(scan())[0])
    replaces, again = (
        reverse(f"objections:{name}", args=[received.secret, file.pk])
        for name in ("replace_file", "read_file_again")
    )
    page = text_of(client.get(follow(received)))
    assert (f'"{replaces}"' in page, f'"{again}"' in page) == (False, True)
    assert client.post(replaces, {f"{file.pk}-file": scan()}).status_code == 409
    assert client.post(again).status_code == 302
    assert objections.files_of(objection)[0].is_waiting


def test_who_objects_is_not_asked_for_another_file_once_none_is_taken(
    cast: Cast, batch_list: BatchList
) -> None:
    broken = build.received(batch_list, files=taken(damaged())).objection
    tried = build.received(batch_list, files=taken(heavy())).objection
    decode_all()
    for each in (broken, tried):
        admit(each, cast)
    sweep_notices()
    assert told() == [tried.receipt_number]


def test_who_objects_is_told_of_each_file_that_could_not_be_read(batch_list: BatchList) -> None:
    objection = build.received(batch_list, files=taken(damaged(), heavy())).objection
    decode_all()
    sweep_notices()
    sweep_notices()
    assert told() == [objection.receipt_number] * 2


def test_one_request_asks_again_for_all_files_that_are_being_read(batch_list: BatchList) -> None:
    received = build.received(batch_list, files=taken(scan(), damaged()))
    assert text_of(Client().get(follow(received))).count('hx-trigger="load delay') == 1
