"""What an officer types is kept before it is sent: for one officer, on every device, until it is sent."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client

from registry import clock
from registry.rules.workflow.states import Act
from registry.sample.walk import SampleCase
from review.desk.unsent import KEPT_FOR
from review.models import ChecklistMark, UnsentForm, WorkingNote
from tests.builders.register import MORNING, Cast, submitted
from tests.client import ClientResponse
from tests.review.decisions.test_decisions import VAGUE, reasons
from tests.review.officers import mark_all, seen, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db

DESCRIPTION = "service.description"
TYPED = "样例：正在写的一段话"
# 10:42 in China.
AT = MORNING + timedelta(minutes=42)


@pytest.fixture(autouse=True)
def _at_10_42() -> None:
    clock.set_for_tests(AT)


def typed(client: Client, case: SampleCase, place: str, fields: dict[str, str]) -> ClientResponse:
    return client.post(url("typed", case, place), fields, headers={"X-Requested-With": "fetch"})


def shown(client: Client, case: SampleCase, name: str, *more: str) -> str:
    return client.get(url(name, case, *more), seen(case.application)).content.decode()


def value_of(page: str, control: str) -> str:
    """What stands in a text area or a line of the page, by its id."""
    area = re.search(rf'<textarea[^>]*id="{control}"[^>]*>\n?(.*?)</textarea>', page, re.S)
    if area is not None:
        return unescape(area[1])
    line = re.search(rf'<input id="{control}"[^>]*>', page)
    assert line is not None
    found = re.search(r' value="([^"]*)"', line[0])
    return unescape(found[1]) if found is not None else ""


def test_a_note_is_kept_while_it_is_typed_and_gone_when_it_is_added(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    answer = typed(client, case, "note", {"text": TYPED})
    assert (answer.status_code, answer.json()) == (200, {"saved_at": "10:42"})
    # On another device.
    other = sign_in(cast.provincial)
    page = shown(other, case, "case")
    assert value_of(page, "note_text") == TYPED
    assert "Draft saved 10:42" in text_of(other.get(url("case", case)))
    assert value_of(shown(other, case, "note"), "id_text") == TYPED
    client.post(url("note", case), {"text": TYPED})
    assert WorkingNote.objects.get().text == TYPED
    assert not UnsentForm.objects.exists()
    assert value_of(shown(other, case, "case"), "note_text") == ""


def test_a_note_added_in_place_leaves_the_rest_of_the_page_alone(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    answer = client.post(url("note", case), {"text": TYPED}, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert answer.status_code == 200
    assert TYPED in body
    assert "<html" not in body
    empty = client.post(url("note", case), {"text": ""}, headers={"HX-Request": "true"}).content.decode()
    assert "field__errors" in empty
    assert "<html" not in empty
    assert WorkingNote.objects.count() == 1


def test_a_remark_is_kept_until_its_mark_is_saved(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    press = {"key": DESCRIPTION, "revision": "1", "verdict": "deficient"}
    client.post(url("mark", case), press)
    typed(client, case, f"remark-{DESCRIPTION}", {**press, "code": "", "remark": TYPED})
    assert value_of(shown(client, case, "case"), "remark-service-description") == TYPED
    assert ChecklistMark.objects.get().remark == ""
    client.post(url("mark", case), {**press, "code": "", "remark": TYPED})
    assert ChecklistMark.objects.get().remark == TYPED
    assert not UnsentForm.objects.exists()


def test_opinion_and_reasons_are_kept_and_gone_when_the_act_is_done(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=AT, deficient=[DESCRIPTION])
    screen = {name: str(value) for name, value in seen(case.application).items()}
    opinion = {**screen, "recommends": "rejection", "text": TYPED}
    rejection = reasons(VAGUE | {"remedy": TYPED}, VAGUE | {"text": "样例：第二条"}) | {"text": ""}
    typed(client, case, "act-forward", opinion)
    typed(client, case, "act-propose_rejection", rejection)

    other = sign_in(cast.provincial)
    forward, propose = (shown(other, case, "act", name) for name in ("forward", "propose_rejection"))
    assert value_of(forward, "id_text") == TYPED
    assert re.search(r'value="rejection"[^>]*checked', forward)
    assert "Draft saved 10:42" in forward
    assert value_of(propose, "id_reasons-0-remedy") == TYPED
    assert value_of(propose, "id_reasons-1-text") == "样例：第二条"
    assert "field__errors" not in forward + propose
    case_page = text_of(other.get(url("case", case)))
    assert "You began “Forward to the national office”: the draft of 2026-03-02 10:42 is kept." in case_page

    assert send(client, case, Act.PROPOSE_REJECTION, reasons(VAGUE) | {"text": ""}).status_code == 302
    assert [each.place for each in UnsentForm.objects.all()] == ["act-forward"]


def test_a_draft_is_sent_under_a_key_of_its_own_and_bound_to_what_is_seen_now(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=MORNING)
    stale = {"revision": "1", "event": "1", "key": "9f1bd7e6-0000-4000-8000-000000000000", "text": TYPED}
    typed(client, case, "act-forward", stale)
    page = shown(client, case, "act", "forward")
    now = seen(case.application)
    assert f'name="event" value="{now["event"]}"' in page
    assert stale["key"] not in page
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)


def test_nobody_else_reads_what_is_typed_and_the_database_does_not_show_it(cast: Cast) -> None:
    case = submitted(cast)
    typed(sign_in(cast.provincial), case, "note", {"text": TYPED})
    for colleague in (cast.provincial_second, cast.provincial_head, cast.national):
        assert TYPED not in shown(sign_in(colleague), case, "case")
        assert TYPED not in shown(sign_in(colleague), case, "note")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM review_unsentform")
        (kept,) = cursor.fetchone()
    assert TYPED.encode() not in bytes(kept)
    assert b"%E6" not in bytes(kept)
    assert typed(sign_in(cast.elsewhere), case, "note", {"text": TYPED}).status_code == 404


def test_the_last_form_replaces_the_one_before_and_an_empty_one_is_forgotten(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    for text in (TYPED, f"{TYPED}，再加一句"):
        typed(client, case, "note", {"text": text})
    assert value_of(shown(client, case, "case"), "note_text") == f"{TYPED}，再加一句"
    assert UnsentForm.objects.count() == 1
    assert typed(client, case, "note", {"text": " \u200b "}).json() == {"saved_at": ""}
    assert not UnsentForm.objects.exists()


@pytest.mark.parametrize(
    "place", ["", "act-approve-all", "remark-applicant.shoe_size", "notes", "act-withdraw"]
)
def test_only_the_forms_of_the_case_are_kept(cast: Cast, place: str) -> None:
    case = submitted(cast)
    address = url("typed", case, "note").replace("/note/", f"/{place}/")
    assert sign_in(cast.provincial).post(address, {"text": TYPED}).status_code == 404
    assert not UnsentForm.objects.exists()


def test_a_form_longer_than_any_is_refused_with_words(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    answer = typed(client, case, "note", {"text": "样例" * 60_000})
    assert (answer.status_code, "Shorten it" in answer.json()["detail"]) == (413, True)
    assert not UnsentForm.objects.exists()


def test_what_was_typed_a_month_ago_is_forgotten(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    typed(client, case, "note", {"text": TYPED})
    clock.set_for_tests(AT + KEPT_FOR + timedelta(seconds=1))
    later = sign_in(cast.provincial)
    assert value_of(shown(later, case, "case"), "note_text") == ""
    typed(sign_in(cast.provincial_second), submitted(cast, seed=2), "note", {"text": TYPED})
    assert [each.officer for each in UnsentForm.objects.all()] == [cast.provincial_second]


def test_without_a_script_the_page_of_an_act_saves_a_draft_by_a_button(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=MORNING)
    answer = send(client, case, Act.FORWARD, {"recommends": "approval", "text": TYPED, "keep": "yes"})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert "Your draft is saved" in text_of(page)
    assert value_of(page.content.decode(), "id_text") == TYPED
    assert case.application.events.count() == 1


# ---------------------------------------------------------------- a section, in place


def test_marking_a_section_changes_its_new_marks_alone(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    name = "service.service_name"
    client.post(url("mark", case), {"key": name, "revision": "1", "verdict": "deficient"})
    answer = client.post(
        url("mark_section", case), {"section": "service", "revision": "1"}, headers={"HX-Request": "true"}
    )
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in body
    rows = set(re.findall(r'id="row-([^"]+)" hx-swap-oob="true"', body))
    assert name not in rows
    assert rows == {each.key for each in ChecklistMark.objects.all() if each.key.startswith("service.")} - {
        name
    }
    assert 'id="rest-service"' in body
    assert 'id="checklist-progress" hx-swap-oob="true"' in body
