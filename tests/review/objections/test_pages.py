"""Objections at the national office and at the applicant's desk, page by page."""

from __future__ import annotations

import uuid
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.batches import objections
from registry.book.act_request import Actor
from registry.errors import NotFound
from registry.integrity.register import verify_register
from registry.models import Account, BatchList, Objection, ObjectionFile
from registry.rules.objections.lifecycle import ObjectionAct, ObjectionState
from registry.storage import evidence
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders.odd_pictures import png
from tests.builders.register import Cast, member_of
from tests.client import ClientResponse
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch_list(cast: Cast) -> BatchList:
    """A published list of three filings."""
    batches.filings_in_force(cast, 3)
    return batches.published(cast)


def _act(client: Client, objection: Objection, act: ObjectionAct, text: str = "") -> ClientResponse:
    objection.refresh_from_db()
    data = {"event": objection.last_event_sequence, f"{act.value}-text": text}
    return client.post(reverse("review:objection_act", args=[objection.pk, act.value]), data)


def _page(client: Client, objection: Objection) -> ClientResponse:
    return client.get(reverse("review:objection", args=[objection.pk]))


def _applicant(objection: Objection) -> Client:
    member = member_of(objection)
    return sign_in(Account.objects.get(pk=str(member.account_id)))


def test_an_objection_goes_from_its_receipt_to_its_decision(cast: Cast, batch_list: BatchList) -> None:
    objection = build.received(batch_list).objection
    reviewer, head = sign_in(cast.national), sign_in(cast.national_head)
    assert objection.receipt_number in text_of(reviewer.get(reverse("review:objections")))
    assert _act(reviewer, objection, ObjectionAct.ADMIT).status_code == HTTPStatus.FOUND
    assert build.FACTS in text_of(_page(reviewer, objection))
    assert _act(reviewer, objection, ObjectionAct.SEND, build.QUESTION).status_code == HTTPStatus.FOUND
    applicant, address = _applicant(objection), reverse("applicants:objection", args=[objection.pk])
    shown = text_of(applicant.get(address))
    assert build.QUESTION in shown
    for hidden in (build.NAME, build.CONTACT, build.FACTS):
        assert hidden not in shown
    assert applicant.post(address, {"text": build.ANSWER}).status_code == HTTPStatus.FOUND
    again = applicant.post(address, {"text": "样例：再次陈述"})
    assert (again.status_code, "样例：再次陈述" in text_of(again)) == (HTTPStatus.CONFLICT, True)
    assert build.ANSWER in text_of(_page(reviewer, objection))
    proposed = _act(reviewer, objection, ObjectionAct.PROPOSE_UPHOLDING, build.REASONS)
    assert proposed.status_code == HTTPStatus.FOUND
    assert build.REASONS not in text_of(applicant.get(address))
    assert _act(reviewer, objection, ObjectionAct.UPHOLD).status_code == HTTPStatus.CONFLICT
    assert _act(head, objection, ObjectionAct.UPHOLD).status_code == HTTPStatus.FOUND
    objection.refresh_from_db()
    assert objection.state == ObjectionState.UPHELD
    assert build.REASONS in text_of(applicant.get(address))


def test_who_objects_is_shown_to_heads_alone(cast: Cast, batch_list: BatchList) -> None:
    objection = build.received(batch_list).objection
    for account, is_shown in ((cast.national_head, True), (cast.national, False)):
        shown = text_of(_page(sign_in(account), objection))
        assert (build.NAME in shown, build.CONTACT in shown) == (is_shown, is_shown)


def test_an_objection_that_was_not_sent_does_not_exist_for_the_applicant(
    cast: Cast, batch_list: BatchList
) -> None:
    objection = build.admitted(cast, batch_list)
    address = reverse("applicants:objection", args=[objection.pk])
    assert _applicant(objection).get(address).status_code == HTTPStatus.NOT_FOUND
    sent = build.sent(cast, batch_list, position=2)
    address = reverse("applicants:objection", args=[sent.pk])
    assert sign_in(cast.stranger).get(address).status_code == HTTPStatus.NOT_FOUND
    assert _applicant(sent).get(address).status_code == HTTPStatus.OK


def test_a_refused_act_keeps_what_was_typed(cast: Cast, batch_list: BatchList) -> None:
    objection = build.received(batch_list).objection
    client = sign_in(cast.national)
    empty = _act(client, objection, ObjectionAct.REFUSE)
    assert empty.status_code == HTTPStatus.BAD_REQUEST
    objections.withdraw(objection.pk)
    refused = _act(client, objection, ObjectionAct.REFUSE, build.REASONS)
    assert (refused.status_code, build.REASONS in text_of(refused)) == (HTTPStatus.CONFLICT, True)


def _letter(batch_list: BatchList) -> dict[str, object]:
    """What an officer enters of an objector's letter."""
    return {
        "list_number": batch_list.number,
        "position": 2,
        "posted_on": "2026-03-11",
        "received_on": "2026-03-12",
        "name": build.NAME,
        "facts": build.FACTS,
        "key": str(uuid.uuid4()),
    }


def test_a_letter_is_entered_once_and_impossible_days_are_said(cast: Cast, batch_list: BatchList) -> None:
    client, address = sign_in(cast.national), reverse("review:objection_letter")
    assert client.get(address).status_code == HTTPStatus.OK
    data = _letter(batch_list)
    impossible = client.post(address, data | {"posted_on": "2026-03-01"})
    assert (impossible.status_code, build.FACTS in text_of(impossible)) == (HTTPStatus.CONFLICT, True)
    assert client.post(address, data | {"position": 9}).status_code == HTTPStatus.BAD_REQUEST
    assert client.post(address, data).status_code == HTTPStatus.FOUND
    assert client.post(address, data).status_code == HTTPStatus.FOUND
    assert Objection.objects.count() == 1


def test_the_scan_of_a_letter_is_at_the_desk_and_with_the_applicant_once_released(
    cast: Cast, batch_list: BatchList
) -> None:
    officer, address = sign_in(cast.national), reverse("review:objection_letter")
    assert 'enctype="multipart/form-data"' in officer.get(address).content.decode()
    data = _letter(batch_list)
    broken = SimpleUploadedFile("来信.docx", b"PK\x03\x04word/", "application/pdf")
    refused = officer.post(address, data | {"scans": broken})
    assert (refused.status_code, build.FACTS in text_of(refused)) == (HTTPStatus.BAD_REQUEST, True)
    assert (Objection.objects.count(), ObjectionFile.objects.count()) == (0, 0)
    scans = [SimpleUploadedFile(f"来信{n}.png", png((100 + n, 80)), "image/png") for n in (1, 2)]
    sent = officer.post(address, data | {"scans": scans})
    objection = Objection.objects.get()
    assert sent.headers["Location"] == reverse("review:objection", args=[objection.pk])
    shown = text_of(_page(officer, objection))
    assert ("来信1.png" in shown, "来信2.png" in shown) == (True, True)
    assert verify_register().violations == []
    released = ObjectionFile.objects.get(objection=objection, position=2)
    objections.admit(objection.pk, actor=Actor.of(cast.national), released=[released.pk])
    objections.send(objection.pk, actor=Actor.of(cast.national), text=build.QUESTION)
    applicant = _applicant(objection)
    asked = applicant.get(reverse("applicants:objection", args=[objection.pk])).content.decode()
    assert [_file(objection, position) in asked for position in (1, 2)] == [False, True]
    assert "来信" not in asked
    answers = [applicant.get(_file(objection, position)).status_code for position in (1, 2)]
    assert answers == [HTTPStatus.NOT_FOUND, HTTPStatus.OK]


def test_a_file_is_a_download_for_the_national_office(cast: Cast, batch_list: BatchList) -> None:
    files = evidence.take([SimpleUploadedFile("样例.png", png(), "image/png")])
    objection = build.received(batch_list, files=files).objection
    address = reverse("review:objection_file", args=[objection.pk, ObjectionFile.objects.get().pk])
    answer = sign_in(cast.national).get(address)
    assert (answer.content[:8], answer.headers["Content-Type"]) == (files[0].content[:8], "image/png")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert sign_in(cast.provincial).get(address).status_code == HTTPStatus.NOT_FOUND


def test_the_list_of_objections_asks_as_often_for_thirty_as_for_one(
    cast: Cast, batch_list: BatchList
) -> None:
    client, address = sign_in(cast.national), reverse("review:objections")
    build.received(batch_list)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(29):
        build.received(batch_list)
    with CaptureQueriesContext(connection) as thirty:
        client.get(address)
    assert len(thirty) == len(one)


def _with_files(batch_list: BatchList, *, position: int = 1) -> Objection:
    scans = [SimpleUploadedFile(f"样例证据{n}.png", png((100 + n, 80)), "image/png") for n in (1, 2)]
    return build.received(batch_list, position=position, files=evidence.take(scans)).objection


def _file(objection: Objection, position: int) -> str:
    file = ObjectionFile.objects.get(objection=objection, position=position)
    return reverse("applicants:objection_file", args=[objection.pk, file.pk])


def test_the_applicant_opens_the_files_that_were_ticked_and_no_other(
    cast: Cast, batch_list: BatchList
) -> None:
    objection = _with_files(batch_list)
    officer = sign_in(cast.national)
    page = _page(officer, objection).content.decode()
    assert ("样例证据1.png" in page, " checked" in page) == (True, False)
    ticked = str(ObjectionFile.objects.get(objection=objection, position=2).pk)
    act = ObjectionAct.ADMIT.value
    data = {"event": objection.last_event_sequence, f"{act}-ticked": [ticked]}
    address = reverse("review:objection_act", args=[objection.pk, act])
    foreign = {**data, f"{act}-ticked": [str(uuid.uuid4())]}
    assert officer.post(address, foreign).status_code == HTTPStatus.BAD_REQUEST
    assert officer.post(address, data).status_code == HTTPStatus.FOUND
    applicant = _applicant(objection)
    # Before the applicant is asked, there is nothing for it.
    assert applicant.get(_file(objection, 2)).status_code == HTTPStatus.NOT_FOUND
    assert _act(officer, objection, ObjectionAct.SEND, build.QUESTION).status_code == HTTPStatus.FOUND
    opened = applicant.get(_file(objection, 2))
    assert opened.status_code == HTTPStatus.OK
    assert opened.headers["Content-Disposition"] == 'attachment; filename="evidence-2.png"'
    assert applicant.get(_file(objection, 1)).status_code == HTTPStatus.NOT_FOUND
    assert sign_in(cast.stranger).get(_file(objection, 2)).status_code == HTTPStatus.NOT_FOUND
    assert Client().get(_file(objection, 2)).status_code == HTTPStatus.FOUND
    shown = applicant.get(reverse("applicants:objection", args=[objection.pk])).content.decode()
    assert (_file(objection, 2) in shown, _file(objection, 1) in shown) == (True, False)
    # What the objector called the file may say who objects.
    assert "样例证据" not in shown


def test_no_file_is_released_unless_it_is_ticked(cast: Cast, batch_list: BatchList) -> None:
    objection = _with_files(batch_list)
    officer = sign_in(cast.national)
    assert _act(officer, objection, ObjectionAct.ADMIT).status_code == HTTPStatus.FOUND
    assert _act(officer, objection, ObjectionAct.SEND, build.QUESTION).status_code == HTTPStatus.FOUND
    assert not objections.released_files(objection).exists()
    assert _applicant(objection).get(_file(objection, 1)).status_code == HTTPStatus.NOT_FOUND


def test_a_file_of_another_objection_cannot_be_released(cast: Cast, batch_list: BatchList) -> None:
    objection, other = _with_files(batch_list), _with_files(batch_list, position=2)
    foreign = [file.pk for file in other.files.all()]
    with pytest.raises(NotFound):
        objections.admit(objection.pk, actor=Actor.of(cast.national), released=foreign)
