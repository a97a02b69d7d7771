"""Objecting through the site: the code, the form, the page that follows an objection; without scripts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry import clock
from registry.batches import objections
from registry.book.act_request import Actor
from registry.integrity.register import verify_register
from registry.models import BatchEntry, BatchList, Objection, ObjectionFile
from registry.objections import views
from registry.presentation import held_fields
from registry.rules.objections.lifecycle import ObjectionAct, ObjectionState
from registry.storage import attachments, objection_parts
from registry.storage.encrypted_files import FileStore, storage_name
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders.objection import OBJECTING
from tests.builders.odd_pictures import png
from tests.builders.register import Cast
from tests.review.officers import text_of

pytestmark = pytest.mark.django_db

EMAIL = "objector@example.com"


@pytest.fixture(autouse=True)
def _objecting(settings: Settings) -> Iterator[None]:
    settings.SESSION_COOKIE_AGE = 10 * 366 * 24 * 3600
    with clock.stopped_at(OBJECTING):
        yield


@pytest.fixture
def batch_list(cast: Cast) -> BatchList:
    """A published list of two filings."""
    batches.filings_in_force(cast, 2)
    return batches.published(cast)


def _visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def _proved(batch_list: BatchList, email: str = EMAIL) -> Client:
    """A visitor who has typed the code that came by e-mail."""
    client = _visitor()
    address = reverse("objections:contact", args=[batch_list.number])
    assert client.post(address, {"email": email}).status_code == HTTPStatus.FOUND
    code = client.session["awaited_code"]["code"]
    assert code in mail.outbox[-1].body
    answer = client.post(reverse("account_confirm_code"), {"code": code})
    assert answer.headers["Location"] == _form(batch_list)
    return client


def _form(batch_list: BatchList) -> str:
    return reverse("objections:form", args=[batch_list.number])


def _fields(client: Client, batch_list: BatchList, **changed: object) -> dict[str, object]:
    key = str(client.get(_form(batch_list)).context["key"])
    return {"position": 2, "name": build.NAME, "facts": build.FACTS, "key": key} | changed


def test_the_entry_that_was_pressed_is_named_before_the_objection_is_sent(batch_list: BatchList) -> None:
    names = dict(BatchEntry.objects.values_list("position", "service_name"))
    client = _proved(batch_list)
    contact = reverse("objections:contact", args=[batch_list.number])
    address = client.get(f"{contact}?entry=2").headers["Location"]
    page = client.get(address)
    assert page.context["form"]["position"].value() == 2
    assert names[2] in text_of(page)
    assert not any(name in text_of(client.get(_form(batch_list))) for name in names.values())
    refused = text_of(client.post(_form(batch_list), _fields(client, batch_list, position=1, name="")))
    assert names[1] in refused
    assert names[2] not in refused
    for nothing in ("9", "x", "-1", "1" * 30):
        assert client.get(f"{_form(batch_list)}?entry={nothing}").status_code == HTTPStatus.OK


def test_an_objection_is_received_followed_and_withdrawn(batch_list: BatchList) -> None:
    page = text_of(_visitor().get(reverse("public:batch", args=[batch_list.number])))
    assert "Object to an entry" in page
    client = _proved(batch_list)
    scan = SimpleUploadedFile("样例.png", png(), "image/png")
    fields = _fields(client, batch_list)
    answer = client.post(_form(batch_list), {**fields, "evidence": [scan]})
    objection = Objection.objects.get()
    address = answer.headers["Location"]
    assert client.post(_form(batch_list), fields).headers["Location"] == address
    statement = objection_parts.statement_of(objection)
    assert statement == build.statement(contact=EMAIL)
    assert ObjectionFile.objects.count() == 1
    shown = _visitor().get(address)
    followed = text_of(shown)
    assert b'<meta name="robots" content="noindex' in shown.content
    assert objection.receipt_number in followed
    assert build.NAME not in followed
    assert _visitor().post(address).status_code == HTTPStatus.FOUND
    objection.refresh_from_db()
    assert objection.state == ObjectionState.WITHDRAWN
    assert _visitor().post(address).status_code == HTTPStatus.CONFLICT
    assert _visitor().get(reverse("objections:follow", args=["guessed"])).status_code == HTTPStatus.NOT_FOUND


def test_without_a_code_nothing_is_received_and_what_is_typed_stays(batch_list: BatchList) -> None:
    client = _visitor()
    assert client.get(_form(batch_list)).status_code == HTTPStatus.FOUND
    refused = client.post(_form(batch_list), {"position": 1, "name": build.NAME, "facts": build.FACTS})
    assert (refused.status_code, build.FACTS in text_of(refused)) == (HTTPStatus.CONFLICT, True)
    assert not Objection.objects.exists()
    contact = reverse("objections:contact", args=[batch_list.number])
    assert client.post(contact, {}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("wrong", [{"position": 9}, {"facts": ""}, {"name": ""}])
def test_what_is_missing_is_asked_and_what_is_typed_stays(
    batch_list: BatchList, wrong: dict[str, object]
) -> None:
    client = _proved(batch_list)
    answer = client.post(_form(batch_list), _fields(client, batch_list, **wrong))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert (build.NAME if "name" not in wrong else build.FACTS) in answer.content.decode()
    assert not Objection.objects.exists()


def test_a_file_that_is_refused_leaves_nothing_and_keeps_the_text(batch_list: BatchList) -> None:
    client = _proved(batch_list)
    bad = SimpleUploadedFile("样例.png", b"no picture", "image/png")
    answer = client.post(_form(batch_list), {**_fields(client, batch_list), "evidence": [bad]})
    assert (answer.status_code, build.FACTS in text_of(answer)) == (HTTPStatus.BAD_REQUEST, True)
    assert not Objection.objects.exists()


def test_one_contact_objects_only_so_often_a_day(
    batch_list: BatchList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PER_CONTACT_PER_DAY", 1)
    client = _proved(batch_list)
    assert client.post(_form(batch_list), _fields(client, batch_list)).status_code == HTTPStatus.FOUND
    again = client.post(_form(batch_list), _fields(client, batch_list))
    assert (again.status_code, build.FACTS in text_of(again)) == (HTTPStatus.TOO_MANY_REQUESTS, True)
    assert Objection.objects.count() == 1


def test_a_late_one_is_received_and_the_page_says_so(batch_list: BatchList) -> None:
    with clock.stopped_at(OBJECTING + timedelta(days=20)):
        client = _proved(batch_list)
        assert "cannot be admitted" in text_of(client.get(_form(batch_list)))
        answer = client.post(_form(batch_list), _fields(client, batch_list))
        assert "Received late" in text_of(client.get(answer.headers["Location"]))


def test_who_objects_reads_why_it_was_not_admitted(cast: Cast, batch_list: BatchList) -> None:
    received = build.received(batch_list)
    reason = "样例：所述事实与该条目无关"
    objections.explain(
        received.objection.pk, act=ObjectionAct.REFUSE, actor=Actor.of(cast.national), explanation=reason
    )
    page = text_of(_visitor().get(reverse("objections:follow", args=[received.secret])))
    assert (reason in page, "Withdraw the objection" in page) == (True, False)


def test_a_key_that_is_the_id_of_another_stream_opens_one_of_its_own(batch_list: BatchList) -> None:
    client, entry = _proved(batch_list), build.entry_of(batch_list)
    for known in (entry.filing_id, batch_list.pk, entry.filing.applicant_id):
        answer = client.post(_form(batch_list), _fields(client, batch_list, key=str(known)))
        assert answer.status_code == HTTPStatus.FOUND
    assert Objection.objects.count() == 3
    assert verify_register().violations == []


def test_somebody_elses_key_leads_to_nothing_of_theirs(batch_list: BatchList) -> None:
    key = uuid.uuid4()
    first = build.received(batch_list, key=key)
    client = _proved(batch_list)
    answer = client.post(_form(batch_list), _fields(client, batch_list, key=str(key)))
    assert answer.status_code == HTTPStatus.FOUND
    assert first.secret not in answer.headers["Location"]
    assert Objection.objects.count() == 2


@pytest.mark.parametrize(
    ("pasted", "left"), [("\u202e", ""), ("\u200b", ""), ("\x0b", "\n"), ("\u2028", "\n")]
)
def test_what_cannot_be_seen_goes_and_the_end_of_a_line_stays_one(
    batch_list: BatchList, pasted: str, left: str
) -> None:
    client = _proved(batch_list)
    typed = f"样例{pasted}其他"
    answer = client.post(_form(batch_list), _fields(client, batch_list, name=typed, facts=typed))
    assert answer.status_code == HTTPStatus.FOUND
    statement = objection_parts.statement_of(Objection.objects.get())
    assert statement is not None
    assert (statement.name, statement.facts) == ("样例其他", f"样例{left}其他")


def test_what_leaves_nothing_to_read_is_refused_and_what_is_typed_stays(batch_list: BatchList) -> None:
    client = _proved(batch_list)
    answer = client.post(_form(batch_list), _fields(client, batch_list, name="\u3164"))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert build.FACTS in text_of(answer)
    assert not Objection.objects.exists()


def _png(name: str, *, size: int = 3) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png((size, size)), "image/png")


def _held(answer: object, field: str = "evidence") -> list[str]:
    return re.findall(rf'name="{field}-held" value="([0-9a-f-]+)" checked', answer.content.decode())  # type: ignore[attr-defined]


def test_all_faults_are_shown_at_once_and_good_files_need_not_be_chosen_again(batch_list: BatchList) -> None:
    client = _proved(batch_list)
    fields = _fields(client, batch_list)
    bad = SimpleUploadedFile("坏.png", b"no picture", "image/png")
    files = [_png("甲.png"), bad, _png("乙.png", size=4)]
    wrong = fields | {"position": 9, "name": "", "evidence": files}
    answer = client.post(_form(batch_list), wrong)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert {"position", "name", "evidence"} == set(answer.context["form"].errors)
    assert "坏.png" in str(answer.context["form"].errors["evidence"])
    first, second = _held(answer)
    # One fault is left, one of the files is not wanted after all, and another is added.
    again = client.post(
        _form(batch_list),
        fields | {"name": "", "evidence-held": [second], "evidence": [_png("丙.png", size=5)]},
    )
    assert set(again.context["form"].errors) == {"name"}
    assert _held(again)[0] == second
    kept = _held(again)
    assert client.post(_form(batch_list), fields | {"evidence-held": kept}).status_code == HTTPStatus.FOUND
    assert sorted(each.name for each in ObjectionFile.objects.all()) == ["丙.png", "乙.png"]
    # What was sent is held no more, and what was left out is of no use to anybody.
    other = client.post(_form(batch_list), _fields(client, batch_list) | {"name": "", "evidence-held": kept})
    assert _held(other) == []
    with clock.stopped_at(clock.now() + timedelta(days=1, seconds=1)):
        assert attachments.remove_orphans(now=clock.now()) >= 1
    assert not (Path(portal.QUARANTINE_ROOT) / storage_name(uuid.UUID(first))).exists()


def test_what_is_held_for_one_visitor_is_nobody_elses(batch_list: BatchList) -> None:
    client, other = _proved(batch_list), _proved(batch_list, "another@example.com")
    answer = client.post(
        _form(batch_list), _fields(client, batch_list, name="") | {"evidence": [_png("甲.png")]}
    )
    [held] = _held(answer)
    for visitor in (other, _visitor()):
        taken = visitor.post(
            _form(batch_list), _fields(other, batch_list, name="") | {"evidence-held": [held, "x", "0" * 32]}
        )
        assert _held(taken) == []
    assert _held(
        client.post(_form(batch_list), _fields(client, batch_list, name="") | {"evidence-held": [held]})
    ) == [held]


def test_nothing_is_held_for_who_has_proved_nothing_and_not_without_end(
    batch_list: BatchList, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = _visitor()
    refused = nobody.post(_form(batch_list), {"position": 1, "evidence": [_png("甲.png")]})
    assert (refused.status_code, _held(refused)) == (HTTPStatus.CONFLICT, [])
    monkeypatch.setattr(held_fields, "_MOST_OF_A_HOLDER", 1)
    client = _proved(batch_list)
    answer = client.post(
        _form(batch_list),
        _fields(client, batch_list, name="") | {"evidence": [_png("甲.png"), _png("乙.png")]},
    )
    assert len(_held(answer)) == 1


def test_what_is_named_beyond_the_measure_of_a_form_is_not_read_and_nothing_twice(
    batch_list: BatchList, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _proved(batch_list)
    fields = _fields(client, batch_list, name="")
    sent = [_png(f"{number}.png", size=200 + number) for number in range(3)]
    size = max(each.size or 0 for each in sent)
    held = _held(client.post(_form(batch_list), fields | {"evidence": sent}))
    assert len(held) == 3
    read: list[uuid.UUID] = []
    as_it_was = FileStore.read

    def counting(store: FileStore, row_id: uuid.UUID) -> bytes:
        read.append(row_id)
        return as_it_was(store, row_id)

    monkeypatch.setattr(FileStore, "read", counting)
    # Room for one of them: the others are measured on the disk, and left where they lie.
    monkeypatch.setattr(held_fields, "MAX_FILE_BYTES", size + 200)
    answer = client.post(_form(batch_list), fields | {"evidence-held": held})
    assert _held(answer) == held[:1]
    assert read == [uuid.UUID(held[0])]
