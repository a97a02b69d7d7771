"""Corrections asked for instead of a refusal: only what is named reopens, and the period goes on (Art. 12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from registry.book.revisions import get_revision, materials_of
from registry.integrity.register import verify_register
from registry.models import Event
from registry.rules.workflow.states import Act, Outcome, State
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from tests.builders.register import MORNING, Cast, forward, submitted
from tests.registry.book.test_ledger import refusal_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
POINT = dict(SAMPLE_REASON)
LICENCE = {**POINT, "id": "2", "key": "attachments.business_licence", "code": "file_unreadable"}
# Received on Monday, 2 March 2026: day 20 is Monday, 30 March.
FRIDAY = "2026-03-06"
ANSWERS = {"1": "样例：已写明共识机制与节点部署地点。"}


def ask(case: SampleCase, cast: Cast, *, at: datetime = MORNING, by: Any = None, **details: Any) -> Event:
    given = {"points": [POINT], "answer_by": FRIDAY, **details}
    return walk.act(case, Act.ASK, by=by or cast.provincial, at=at, **given)


def refused_ask(case: SampleCase, cast: Cast, *, at: datetime = MORNING, **details: Any) -> str:
    given = {"points": [POINT], "answer_by": FRIDAY, **details}
    return refusal_of(case, Act.ASK, by=cast.provincial, at=at, **given)


def materials_now(case: SampleCase) -> dict[str, Any]:
    application = case.application
    return materials_of(get_revision(application.pk, application.revision_number))


def answer(case: SampleCase, cast: Cast, *, at: datetime, **details: Any) -> Event:
    return walk.act(
        case,
        Act.SUPPLEMENT,
        by=cast.member,
        at=at,
        materials=materials_now(case),
        **(details or {"answers": ANSWERS}),
    )


def test_asking_leaves_the_case_where_it_is_and_the_period_running(cast: Cast) -> None:
    case = submitted(cast)
    before = case.application
    ask(case, cast)
    after = case.application
    assert (after.state, after.received_on) == (before.state, before.received_on)
    assert after.asked_until == date(2026, 3, 6)
    assert verify_register().violations == []


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"points": []}, "points_given"),
        ({"points": [{**POINT, "key": "whole"}]}, "points_given"),
        ({"points": [{**POINT, "key": "service.colour"}]}, "points_given"),
        ({"points": [POINT, {**POINT, "key": "whole"}]}, "points_given"),
        ({"answer_by": "2026-03-02"}, "answer_day_fits"),
        ({"answer_by": "2026-03-01"}, "answer_day_fits"),
        ({"answer_by": "2026-03-07"}, "answer_day_fits"),
        ({"answer_by": "2026-03-30"}, "answer_day_fits"),
        ({"answer_by": "2026-03-31"}, "answer_day_fits"),
        ({"answer_by": ""}, "answer_day_fits"),
        ({"answer_by": "Friday"}, "answer_day_fits"),
    ],
)
def test_points_are_pinned_and_the_last_day_lies_inside_the_period(
    cast: Cast, details: dict[str, Any], code: str
) -> None:
    assert refused_ask(submitted(cast), cast, **details) == code


@pytest.mark.parametrize("answer_by", ["2026-03-03", "2026-03-27"])
def test_the_first_and_the_last_day_that_may_be_given(cast: Cast, answer_by: str) -> None:
    case = submitted(cast)
    ask(case, cast, answer_by=answer_by)
    assert str(case.application.asked_until) == answer_by


def test_nothing_is_asked_when_no_day_is_left_to_answer(cast: Cast) -> None:
    case = submitted(cast)
    walk.act(case, Act.ESCALATE, by=None, at=MORNING + 24 * DAY)
    friday = MORNING.replace(day=27)
    refused = refusal_of(case, Act.ASK, by=cast.national, at=friday, points=[POINT], answer_by="2026-03-30")
    assert refused == "time_to_answer_left"


def test_while_the_time_runs_nothing_more_is_asked_and_nothing_refused(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, cast)
    reasons: dict[str, Any] = {"reasons": [POINT], "text": ""}
    last_day = MORNING.replace(day=6)
    assert refused_ask(case, cast, at=last_day, answer_by="2026-03-12") == "no_answer_awaited"
    refused = refusal_of(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=last_day, **reasons)
    assert refused == "no_answer_awaited"
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=last_day + DAY, **reasons)
    assert case.application.state == State.PROVINCIAL_CONFIRMATION


def test_the_nation_rejects_only_after_the_last_day_and_may_approve_before(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, cast)
    forward(cast, case, at=MORNING, recommends=Outcome.REJECTION)
    reasons: dict[str, Any] = {"reasons": [POINT], "text": ""}
    assert refusal_of(case, Act.REJECT, by=cast.national, at=MORNING, **reasons) == "no_answer_awaited"
    walk.act(case, Act.PROPOSE_APPROVAL, by=cast.national, at=MORNING, text="样例意见：材料齐全，均已核对。")
    walk.act(case, Act.CONFIRM, by=cast.national_second, at=MORNING)
    assert (case.application.state, case.application.asked_until) == (State.APPROVED, None)
    assert verify_register().violations == []


def test_every_point_is_answered_and_nothing_need_change(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, cast, points=[POINT, LICENCE])
    at, same = MORNING + DAY, materials_now(case)
    for given in ({}, {"1": "样例"}, {"1": "样例", "2": " "}, {"1": "样例", "2": "\u200b"}):
        refused = refusal_of(case, Act.SUPPLEMENT, by=cast.member, at=at, materials=same, answers=given)
        assert refused == "every_point_answered"
    explained = refusal_of(
        case, Act.SUPPLEMENT, by=cast.member, at=at, materials=same, explanation="样例：补充说明"
    )
    assert explained == "every_point_answered"
    event = answer(case, cast, at=at, answers={**ANSWERS, "2": "样例：扫描件清晰可辨。"})
    application = case.application
    assert event.payload["answers"] == {**ANSWERS, "2": "样例：扫描件清晰可辨。"}
    assert (application.asked_until, application.revision_number) == (None, 2)
    assert application.received_on == date(2026, 3, 2)
    assert verify_register().violations == []


@pytest.mark.parametrize("said", [{"answers": ANSWERS}, {"explanation": "样例：更名"}])
def test_after_the_last_day_an_answer_is_taken_and_a_supplement_needs_none(
    cast: Cast, said: dict[str, Any]
) -> None:
    case = submitted(cast)
    ask(case, cast)
    materials = materials_now(case)
    materials["service"]["service_name"] += "改"
    walk.act(case, Act.SUPPLEMENT, by=cast.member, at=MORNING + 9 * DAY, materials=materials, **said)
    assert case.application.asked_until is None


def test_once_answered_the_desk_may_ask_again(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, cast)
    answer(case, cast, at=MORNING + DAY)
    ask(case, cast, at=MORNING + DAY, answer_by="2026-03-10")
    assert case.application.asked_until == date(2026, 3, 10)


def test_passed_on_after_day_15_the_nation_gets_the_answer(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, cast, at=MORNING + 18 * DAY, answer_by="2026-03-25")
    walk.act(case, Act.ESCALATE, by=None, at=MORNING.replace(day=24))
    application = case.application
    assert (application.state, application.asked_until) == (State.NATIONAL_REVIEW, date(2026, 3, 25))
    answer(case, cast, at=MORNING.replace(day=25))
    assert (case.application.state, case.application.asked_until) == (State.NATIONAL_REVIEW, None)
    assert verify_register().violations == []


def test_what_ends_the_application_ends_the_request(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, cast)
    walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING)
    assert case.application.asked_until is None
    assert verify_register().violations == []
