"""The pages of quality sampling: what a head sees before a draw, the second look and its evidence, who reads it."""

from __future__ import annotations

import csv
import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from http import HTTPStatus
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import clock
from registry.book.act_request import Actor
from registry.book.held_facts import materials_as_of
from registry.integrity.register import verify_register
from registry.models import Event, QualityCase, QualityRound
from registry.quality import rounds
from registry.rules.quality.lifecycle import CaseState
from registry.rules.workflow.states import Act, StreamKind
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.desk.document_openings import note_page
from review.models import UnsentForm
from tests.builders import quality as build
from tests.builders import register
from tests.builders.quality import FIRST, LAST, LATER, WHY
from tests.builders.register import MORNING, Cast
from tests.client import ClientResponse
from tests.review.officers import mark_all, sign_in, text_of

pytestmark = pytest.mark.django_db

QUALITY, DRAW = "/review/quality/", "/review/quality/draw/"
DAYS = {"first_on": FIRST.isoformat(), "last_on": LAST.isoformat(), "percent": "100"}


@pytest.fixture(autouse=True)
def _later(cast: Cast) -> None:
    build.office(cast)
    clock.set_for_tests(LATER)


def _decided(cast: Cast, count: int) -> list[SampleCase]:
    return [
        register.approved(cast, seed=50 + number, at=MORNING + timedelta(minutes=number))
        for number in range(count)
    ]


def _one(cast: Cast) -> QualityCase:
    """A drawn case whose second look is the second reviewer's."""
    _decided(cast, 1)
    return build.drawn(cast.provincial_head, away={cast.provincial_head.pk}).cases.get()


def _address(case: QualityCase, more: str = "") -> str:
    return f"{QUALITY}cases/{case.pk}/{more}"


def _shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.OK, address
    return text_of(answer)


# ---------------------------------------------------------------- the draw


def test_a_head_sees_how_many_before_drawing_and_the_draw_is_as_it_was_shown(cast: Cast) -> None:
    _decided(cast, 3)
    head = sign_in(cast.provincial_head)
    before = head.get(DRAW, {**DAYS, "percent": "50"})
    shown = text_of(before)
    assert "cases decided on these days 3" in shown
    assert "of them drawn 2" in shown
    assert "Draw 2 cases" in shown
    assert not QualityRound.objects.exists()
    sent = head.post(DRAW, {**DAYS, "percent": "50"})
    found = QualityRound.objects.get()
    assert sent["Location"] == f"{QUALITY}{found.pk}/"
    assert (found.population, found.drawn) == (3, 2)
    page = _shown(head, f"{QUALITY}{found.pk}/")
    assert found.seed in page
    assert found.population_sha256 in page
    assert f"manage.py quality_sample {found.pk}" in page


def test_the_form_begins_with_the_month_before(cast: Cast) -> None:
    content = sign_in(cast.provincial_head).get(DRAW).content.decode()
    assert 'value="2026-02-01"' in content
    assert 'value="2026-02-28"' in content


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"first_on": "2026-03-04", "last_on": "2026-03-02"}, "This day lies before the first day."),
        ({"last_on": "2026-03-05"}, "Give a day from"),
        ({"first_on": "2025-01-01"}, "not more than 366"),
        ({"percent": "0"}, "greater than or equal to 1"),
        ({"percent": "101"}, "less than or equal to 100"),
        ({"percent": "half"}, "whole number"),
        ({"first_on": "yesterday"}, "valid date"),
    ],
)
def test_wrong_days_and_shares_stand_in_the_form_again(
    cast: Cast, typed: dict[str, str], message: str
) -> None:
    _decided(cast, 1)
    head = sign_in(cast.provincial_head)
    for answer in (head.get(DRAW, DAYS | typed), head.post(DRAW, DAYS | typed)):
        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert message in text_of(answer)
        for value in (DAYS | typed).values():
            assert f'value="{value}"' in answer.content.decode()
    assert not QualityRound.objects.exists()


def test_days_without_cases_and_days_that_were_drawn_are_said_before_anything_is_sent(cast: Cast) -> None:
    head = sign_in(cast.provincial_head)
    assert "there is nothing to draw" in text_of(head.get(DRAW, DAYS))
    refused = head.post(DRAW, DAYS)
    assert (refused.status_code, "Nothing was drawn" in text_of(refused)) == (HTTPStatus.CONFLICT, True)
    _decided(cast, 1)
    found = build.drawn(cast.provincial_head)
    shown = head.get(DRAW, DAYS)
    assert "drawn from some of these days already" in text_of(shown)
    assert f"{QUALITY}{found.pk}/" in shown.content.decode()
    assert head.post(DRAW, DAYS).status_code == HTTPStatus.CONFLICT
    assert QualityRound.objects.count() == 1


def test_a_form_sent_twice_draws_once(cast: Cast) -> None:
    _decided(cast, 1)
    head, key = sign_in(cast.provincial_head), str(uuid.uuid4())
    answers = [head.post(DRAW, {**DAYS, "key": key}) for _time in range(2)]
    assert [each.status_code for each in answers] == [HTTPStatus.FOUND] * 2
    assert QualityRound.objects.count() == 1


def test_nobody_chooses_the_seed_or_what_is_drawn_from(cast: Cast) -> None:
    _decided(cast, 1)
    chosen = {
        "seed": "0" * 32,
        "population": "9",
        "office_code": "440000",
        "number": "7",
        "officer": str(cast.provincial.pk),
    }
    sign_in(cast.provincial_head).post(DRAW, DAYS | chosen)
    found = QualityRound.objects.get()
    assert found.seed != chosen["seed"]
    assert (found.population, found.office_code, found.number) == (1, "110000", 1)
    assert found.cases.get().officer_id != cast.provincial.pk


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_heads_who_draw_at_the_same_moment_one_does_and_the_other_is_told(cast: Cast) -> None:
    _decided(cast, 2)
    other = walk.sample_account(
        "样例副负责人", cast.provincial_head.acts_as, province_code=cast.provincial_head.province_code
    )
    windows = [sign_in(cast.provincial_head), sign_in(other)]
    barrier = Barrier(2)

    def at_once(window: Client) -> ClientResponse:
        barrier.wait()
        try:
            return window.post(DRAW, DAYS)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(at_once, windows))
    assert sorted(each.status_code for each in answers) == [HTTPStatus.FOUND, HTTPStatus.CONFLICT]
    told = next(each for each in answers if each.status_code == HTTPStatus.CONFLICT)
    assert "drawn from some of these days already" in text_of(told)
    assert QualityRound.objects.count() == 1
    assert Event.objects.filter(stream_kind=StreamKind.QUALITY_ROUND.value).count() == 1
    assert verify_register().violations == []


# ---------------------------------------------------------------- the second look


def test_the_second_look_shows_who_marked_what_and_which_documents_were_opened(cast: Cast) -> None:
    clock.set_for_tests(MORNING)
    case = register.submitted(cast)
    mark_all(
        case, cast.provincial, at=MORNING, deficient=["service.description"], remark="样例：介绍过于笼统。"
    )
    file_id = materials_as_of(case.application)["attachments"]
    entry = next(iter(file_id.values()))[0]
    note_page(case.application, cast.provincial, file_id=uuid.UUID(entry["id"]), page_number=1, at=MORNING)
    register.approve(cast, case, at=MORNING + timedelta(hours=1))
    clock.set_for_tests(LATER)
    drawn = build.drawn(cast.provincial_head, away={cast.provincial_head.pk}).cases.get()
    answer = sign_in(cast.provincial_second).get(_address(drawn))
    shown = text_of(answer)
    assert "样例：介绍过于笼统。" in shown
    assert f"{cast.provincial.name} · p. 1" in shown
    assert "nobody yet" in shown or shown.count("p. 1") > 1
    assert "Checked by software" in shown
    assert "样例意见：均已核对" in shown
    # Nothing can be marked from there.
    assert "/mark/" not in answer.content.decode()


def test_a_finding_without_a_sentence_stays_in_the_form_and_is_not_recorded(cast: Cast) -> None:
    case = _one(cast)
    second = sign_in(cast.provincial_second)
    for typed, message in (
        ({}, "Choose whether the case is in order."),
        ({"finding": "found", "text": ""}, "Write at least a sentence"),
        ({"finding": "found", "text": "有误"}, "Write at least a sentence"),
        ({"finding": "set_aside", "text": WHY}, "Select a valid choice"),
    ):
        refused = second.post(_address(case), typed)
        assert refused.status_code == HTTPStatus.BAD_REQUEST
        assert message in text_of(refused)
        assert typed.get("text", "") in refused.content.decode()
    case.refresh_from_db()
    assert case.state == CaseState.WAITING


def test_what_was_found_is_read_by_the_officer_and_the_head_and_changes_nothing(cast: Cast) -> None:
    case = _one(cast)
    application = case.application
    before = (application.state, application.last_event_sequence)
    officer, head = sign_in(cast.provincial), sign_in(cast.provincial_head)
    assert application.receipt_number not in _shown(officer, QUALITY)
    assert officer.get(_address(case)).status_code == HTTPStatus.NOT_FOUND
    second = sign_in(cast.provincial_second)
    assert application.receipt_number in _shown(second, QUALITY)
    sent = second.post(_address(case), {"finding": "found", "text": WHY})
    assert sent["Location"] == QUALITY
    assert "Second look recorded" in _shown(second, QUALITY)
    for client in (officer, head):
        assert WHY in _shown(client, _address(case))
    assert application.receipt_number in _shown(officer, QUALITY)
    page = _shown(head, f"{QUALITY}{case.round_id}/")
    assert "something found 1" in page
    application.refresh_from_db()
    assert (application.state, application.last_event_sequence) == before


def test_a_look_that_was_given_away_meanwhile_keeps_what_was_typed(cast: Cast) -> None:
    case = _one(cast)
    second = sign_in(cast.provincial_second)
    rounds.leave_out(case.pk, WHY, actor=Actor.of(cast.provincial_head))
    late = second.post(_address(case), {"finding": "found", "text": "样例：另一处不一致，须补充说明。"})
    assert late.status_code == HTTPStatus.CONFLICT
    shown = text_of(late)
    assert "样例：另一处不一致，须补充说明。" in shown
    assert "Nothing was recorded" in shown


def test_what_is_typed_is_kept_while_it_is_typed_and_goes_once_it_is_sent(cast: Cast) -> None:
    case = _one(cast)
    second = sign_in(cast.provincial_second)
    typed = reverse("review:typed", args=[case.application_id, "second-look"])
    assert second.post(typed, {"finding": "found", "text": WHY}).status_code == HTTPStatus.OK
    shown = second.get(_address(case))
    assert WHY in shown.content.decode()
    assert "What you typed is back in the form." in text_of(shown)
    assert WHY not in sign_in(cast.provincial_head).get(_address(case)).content.decode()
    second.post(_address(case), {"finding": "found", "text": WHY})
    assert not UnsentForm.objects.exists()


def test_materials_that_moved_on_since_the_decision_are_said_and_not_shown_as_decided_on(cast: Cast) -> None:
    case = register.rejected(cast)
    drawn = build.drawn(cast.provincial_head, away={cast.provincial_head.pk}).cases.get()
    second = sign_in(cast.provincial_second)
    assert "The materials have moved on" not in _shown(second, _address(drawn))
    materials = materials_as_of(case.application)
    service = {**materials["service"], "description": materials["service"]["description"] + "样例补正"}
    walk.act(
        case,
        Act.RESUBMIT,
        by=cast.member,
        at=LATER,
        materials={**materials, "service": service},
        answers={"1": "样例答复"},
    )
    shown = _shown(second, _address(drawn))
    assert "The materials have moved on since this decision" in shown
    assert "样例补正" not in shown
    assert second.post(_address(drawn), {"finding": "in_order"}).status_code == HTTPStatus.FOUND


# ---------------------------------------------------------------- the head's acts


def test_a_head_gives_the_look_to_another_officer_who_had_no_part(cast: Cast) -> None:
    case = _one(cast)
    head = sign_in(cast.provincial_head)
    offered = head.get(_address(case, "assign/")).content.decode()
    assert str(cast.provincial_head.pk) in offered
    for nobody in (cast.provincial, cast.provincial_second, cast.elsewhere):
        assert f'value="{nobody.pk}"' not in offered
        refused = head.post(_address(case, "assign/"), {"officer": str(nobody.pk)})
        assert refused.status_code == HTTPStatus.BAD_REQUEST
    sent = head.post(_address(case, "assign/"), {"officer": str(cast.provincial_head.pk)})
    assert sent["Location"] == _address(case)
    assert "Record the second look" in _shown(head, _address(case))


def test_a_head_sets_a_case_aside_with_a_sentence(cast: Cast) -> None:
    case = _one(cast)
    head = sign_in(cast.provincial_head)
    refused = head.post(_address(case, "set-aside/"), {"reason": "无"})
    assert (refused.status_code, 'value="无"' in refused.content.decode()) == (HTTPStatus.BAD_REQUEST, True)
    assert head.post(_address(case, "set-aside/"), {"reason": WHY}).status_code == HTTPStatus.FOUND
    assert WHY in _shown(head, _address(case))
    # Once more: it is done.
    assert head.post(_address(case, "set-aside/"), {"reason": WHY}).status_code == HTTPStatus.CONFLICT
    assert head.get(_address(case, "assign/")).status_code == HTTPStatus.CONFLICT


def test_a_case_of_an_officer_whose_account_is_closed_is_named_on_the_round(cast: Cast) -> None:
    case = _one(cast)
    second = cast.provincial_second
    type(second).objects.filter(pk=second.pk).update(is_active=False)
    shown = _shown(sign_in(cast.provincial_head), f"{QUALITY}{case.round_id}/")
    assert "The account is closed: give it to another officer." in shown


def test_where_everybody_had_a_part_the_page_says_so(cast: Cast) -> None:
    _decided(cast, 1)
    everybody = [cast.provincial_second, cast.provincial_head]
    case = build.drawn(cast.provincial_head, away={each.pk for each in everybody}).cases.get()
    head = sign_in(cast.provincial_head)
    assert "Every officer had a part" in _shown(head, f"{QUALITY}{case.round_id}/")
    assert "Nobody yet" in _shown(head, _address(case))
    type(cast.provincial).objects.filter(pk=cast.provincial_second.pk).update(is_active=False)
    case.parts.create(officer=cast.provincial_head)
    assert "Every other officer of your office had a part" in _shown(head, _address(case, "assign/"))


# ---------------------------------------------------------------- a round


def _rows(answer: ClientResponse) -> list[list[str]]:
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content)))


def test_the_round_is_narrowed_by_state_and_its_file_holds_what_is_shown(cast: Cast) -> None:
    _decided(cast, 3)
    found = build.drawn(cast.provincial_head, away={cast.provincial_head.pk})
    first, second, third = found.cases.order_by("position")
    build.looked_at(first, by=cast.provincial_second)
    build.looked_at(second, by=cast.provincial_second, finding=CaseState.IN_ORDER, text="")
    head, page = sign_in(cast.provincial_head), f"{QUALITY}{found.pk}/"
    numbers = {each.pk: each.application.receipt_number for each in (first, second, third)}
    for state, wanted in (
        ("", [first, second, third]),
        ("found", [first]),
        ("in_order", [second]),
        ("waiting", [third]),
        ("set_aside", []),
        ("nothing", [first, second, third]),
    ):
        shown = text_of(head.get(page, {"state": state}))
        file = _rows(head.get(page.rstrip("/") + ".csv", {"state": state}))
        expected = [numbers[each.pk] for each in wanted]
        assert [number for number in numbers.values() if number in shown] == expected
        assert [row[1] for row in file[1:]] == expected
    assert _rows(head.get(page.rstrip("/") + ".csv"))[1][4:] == [
        "Something found",
        "2026-03-05 10:00",
        WHY,
    ]


def test_no_figure_or_line_of_a_round_names_who_had_a_part(cast: Cast) -> None:
    case = _one(cast)
    build.looked_at(case, by=cast.provincial_second)
    head = sign_in(cast.provincial_head)
    page = f"{QUALITY}{case.round_id}/"
    file = _rows(head.get(page.rstrip("/") + ".csv"))
    assert cast.provincial_second.name in _shown(head, page)
    assert cast.provincial.name not in _shown(head, page)
    assert cast.provincial.name not in str(file)


def test_a_round_of_another_office_is_nowhere(cast: Cast) -> None:
    case = _one(cast)
    strangers = (cast.provincial_second, cast.elsewhere, cast.national_head, cast.auditor)
    for stranger in strangers:
        client = sign_in(stranger)
        for address in (f"{QUALITY}{case.round_id}/", f"{QUALITY}{case.round_id}.csv", DRAW):
            expected = (
                HTTPStatus.OK if (stranger, address) == (cast.national_head, DRAW) else HTTPStatus.NOT_FOUND
            )
            assert client.get(address).status_code == expected, (stranger, address)


def _add(case: QualityCase, numbers: range) -> None:
    """Further cases of the round, of further applications, that wait for the same officer."""
    application = case.application
    for number in numbers:
        application.pk, application.receipt_number = uuid.uuid4(), f"2026-77-{number:06}"
        application.save(force_insert=True)
        copy = QualityCase.objects.create(
            round_id=case.round_id,
            position=number,
            application_id=application.pk,
            province_code=case.province_code,
            decision_id=case.decision_id,
            revision_number=1,
            officer_id=case.officer_id,
            state=case.state,
        )
        copy.parts.create(officer_id=case.parts.get().officer_id)


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        b"".join(answer) if answer.streaming else answer.content
    return len(queries)


def test_the_pages_ask_the_same_of_20_cases_and_of_200(cast: Cast) -> None:
    case = _one(cast)
    second, head = sign_in(cast.provincial_second), sign_in(cast.provincial_head)
    pages = [
        (second, QUALITY),
        (head, f"{QUALITY}{case.round_id}/"),
        (head, f"{QUALITY}{case.round_id}.csv"),
        (head, QUALITY),
    ]
    _add(case, range(2, 21))
    few = [_queries(*each) for each in pages]
    _add(case, range(21, 201))
    assert [_queries(*each) for each in pages] == few
    assert max(few) <= 20
    shown = _shown(second, QUALITY)
    assert all(f"2026-77-{number:06}" in shown for number in range(2, 201))


def test_a_preview_takes_two_queries_however_many_cases_were_decided(cast: Cast) -> None:
    _decided(cast, 1)
    actor = Actor.of(cast.provincial_head)
    asked = rounds.Asked(first_on=date(2026, 3, 2), last_on=date(2026, 3, 2), percent=5)
    with CaptureQueriesContext(connection) as one:
        rounds.preview(asked, actor=actor)
    register.approved(cast, seed=99, at=MORNING)
    with CaptureQueriesContext(connection) as two:
        assert rounds.preview(asked, actor=actor).decided == 2
    assert len(one) == len(two) == 2
