"""Contact notes and notes of site visits: working papers of an office, on a case and on its applicant."""

from __future__ import annotations

import uuid
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.models import Event
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.contacts import contacts
from review.models import ContactFile, ContactNote
from tests.builders.odd_pictures import png
from tests.builders.register import MORNING, Cast, forward, submitted
from tests.client import ClientResponse
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SAID = "样例：对方说明节点机房已于上周启用。"
SEEN = "样例：机房内有三台服务器在运行。"
AGREES = "样例：与所填信息一致。"


@pytest.fixture(autouse=True)
def _later_that_morning() -> None:
    clock.set_for_tests(MORNING + HOUR)


def _call(**changed: object) -> dict[str, object]:
    return {"kind": "phone", "on": "2026-03-02", "with_whom": "样例联系人", "content": SAID} | changed


def _visit(**changed: object) -> dict[str, object]:
    return {
        "on": "2026-03-02",
        "place": "样例市样例路 1 号机房",
        "officers": "样例甲、样例乙",
        "content": SEEN,
        "result": AGREES,
    } | changed


def _note(client: Client, case: SampleCase, **changed: object) -> ClientResponse:
    return client.post(url("note_contact", case), _call(**changed))


@pytest.mark.usefixtures("files_wait")
def test_a_call_and_a_site_visit_stand_on_the_case_and_in_its_history_and_are_no_events(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    events = Event.objects.count()
    assert "Nothing is noted of a contact" in text_of(client.get(url("case", case)))
    scan = SimpleUploadedFile("样例.png", png(), "image/png")
    noted = _note(client, case, evidence=scan)
    assert noted["Location"] == url("case", case) + "#contacts", text_of(noted)
    visited = client.post(url("note_site_visit", case), _visit())
    assert visited.status_code == HTTPStatus.FOUND, text_of(visited)
    page = text_of(client.get(url("case", case)))
    for said in (SAID, "样例联系人", SEEN, AGREES, "样例甲、样例乙", "样例市样例路 1 号机房"):
        assert said in page
    assert "Telephone call noted" in page
    assert "Site visit noted" in page
    # The decoder reads the file; the request does not.
    assert ContactFile.objects.get().is_waiting
    assert Event.objects.count() == events


def test_what_is_missing_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    for name in ("kind", "on", "with_whom"):
        refused = _note(client, case, **{name: ""})
        assert refused.status_code == HTTPStatus.BAD_REQUEST
        assert SAID in refused.content.decode()
    assert _note(client, case, on="2026-03-03").status_code == HTTPStatus.BAD_REQUEST
    for name in ("place", "officers", "result"):
        refused = client.post(url("note_site_visit", case), _visit(**{name: ""}))
        assert refused.status_code == HTTPStatus.BAD_REQUEST
        assert SEEN in refused.content.decode()
    assert not ContactNote.objects.exists()


def test_the_same_form_sent_twice_is_one_note(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    sent = _call(key=str(uuid.uuid4()))
    for _time in range(2):
        client.post(url("note_contact", case), sent)
    assert ContactNote.objects.count() == 1


def test_a_note_is_corrected_by_a_new_one_that_names_it_and_once(cast: Cast) -> None:
    case = submitted(cast)
    one, two = sign_in(cast.provincial), sign_in(cast.provincial_second)
    _note(one, case)
    first = ContactNote.objects.get()
    form = one.get(url("note_contact", case) + f"?in_place_of={first.pk}").content.decode()
    assert SAID in form
    assert "It takes the place of the note by" in form
    right = "样例：对方更正，机房尚未启用。"
    assert _note(one, case, in_place_of=str(first.pk), content=right).status_code == HTTPStatus.FOUND
    # In a second window, opened before: refused, and what was typed is kept.
    typed = "样例：另一窗口的更正。"
    refused = _note(two, case, in_place_of=str(first.pk), content=typed)
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "corrected meanwhile" in text_of(refused)
    assert typed in refused.content.decode()
    assert ContactNote.objects.count() == 2
    page = text_of(one.get(url("case", case)))
    for said in (SAID, right, "corrected by a note of"):
        assert said in page


def test_notes_are_append_only(cast: Cast) -> None:
    case = submitted(cast)
    _note(sign_in(cast.provincial), case)
    with pytest.raises(DatabaseError), transaction.atomic():
        ContactNote.objects.update(kind="letter")
    with pytest.raises(DatabaseError), transaction.atomic():
        ContactNote.objects.all().delete()


def test_later_officers_read_them_on_the_applicants_other_cases(cast: Cast) -> None:
    first = submitted(cast)
    _note(sign_in(cast.provincial), first)
    walk.act(first, Act.WITHDRAW, by=cast.member, at=MORNING + HOUR, explanation="样例：写明理由")
    later = submitted(cast, seed=1, at=MORNING + 2 * HOUR)
    assert later.application.applicant_id == first.application.applicant_id
    page = text_of(sign_in(cast.provincial_second).get(url("case", later)))
    assert "1 note on another case of this applicant" in page
    assert SAID in page


def test_of_many_notes_on_other_cases_the_latest_are_shown_and_all_are_counted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "MOST_SHOWN", 2)
    first, client = submitted(cast), sign_in(cast.provincial)
    for day in (1, 3, 2):
        _note(client, first, on=f"2026-02-{day:02}", content=f"样例：{day} 日通话。")
    # What corrects the latest is of an earlier day, and not among those shown.
    latest = ContactNote.objects.order_by("-on").first()
    assert latest is not None
    _note(client, first, on="2026-01-31", content="样例：更正后的记录。", in_place_of=str(latest.pk))
    walk.act(first, Act.WITHDRAW, by=cast.member, at=MORNING + HOUR, explanation="样例：写明理由")
    page = text_of(client.get(url("case", submitted(cast, seed=1, at=MORNING + 2 * HOUR))))
    assert "4 notes on other cases of this applicant" in page
    assert "The latest 2 are shown" in page
    shown = [said for said in ("样例：3 日通话。", "样例：2 日通话。", "样例：1 日通话。") if said in page]
    assert shown == ["样例：3 日通话。", "样例：2 日通话。"]
    assert "corrected by a note of" in page


def test_a_province_reads_its_own_and_the_nation_all_and_another_province_nothing(cast: Cast) -> None:
    case = submitted(cast)
    own = sign_in(cast.provincial)
    scan = SimpleUploadedFile("样例.png", png(), "image/png")
    _note(own, case, evidence=scan)
    forward(cast, case, at=MORNING + HOUR)
    of_nation = "样例：国家网信办的联系记录。"
    nation = sign_in(cast.national)
    assert _note(nation, case, content=of_nation).status_code == HTTPStatus.FOUND
    page = text_of(nation.get(url("case", case)))
    assert SAID in page
    assert of_nation in page
    # What the nation noted is its own working paper.
    assert of_nation not in text_of(own.get(url("case", case)))
    note = ContactNote.objects.get(office="province")
    elsewhere = sign_in(cast.elsewhere)
    for address in (
        url("note_contact", case),
        url("note_site_visit", case),
        reverse("review:contact_file", args=[note.pk, note.files.get().pk]),
    ):
        assert elsewhere.get(address).status_code == HTTPStatus.NOT_FOUND
    assert _note(elsewhere, case).status_code == HTTPStatus.NOT_FOUND
    # Nobody corrects what another office noted.
    assert (
        nation.get(url("note_contact", case) + f"?in_place_of={note.pk}").status_code == HTTPStatus.NOT_FOUND
    )


def test_what_is_typed_is_kept_while_typing_and_gone_once_it_is_sent(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    for place, name, typed in (
        ("contact", "note_contact", _call()),
        ("site-visit", "note_site_visit", _visit()),
    ):
        kept = client.post(reverse("review:typed", args=[case.application_id, place]), typed)
        assert kept.status_code == HTTPStatus.OK
        assert str(typed["content"]) in client.get(url(name, case)).content.decode()
        client.post(url(name, case), typed)
        assert str(typed["content"]) not in client.get(url(name, case)).content.decode()
