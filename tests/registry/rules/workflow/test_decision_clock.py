"""Who holds a case, for how long, and which reminders are due: the plain rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from registry.rules.days.deadlines import day_number
from registry.rules.days.official_days import calendar_with
from registry.rules.days.reminders import Duty, stage_of
from registry.rules.errors import FilingError
from registry.rules.workflow.decision_clock import (
    RoundStep,
    holder_at_end_of,
    is_running,
    reminders_due,
    times_at_desks,
)
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, Outcome, Role, State

CALENDAR = calendar_with({}, version="sample")
PROVINCE, NATION = Role.PROVINCIAL_REVIEWER, Role.NATIONAL_REVIEWER
MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


WALK = (
    RoundStep(Act.SUBMIT, MONDAY),
    RoundStep(Act.SUPPLEMENT, day(1)),
    RoundStep(Act.FORWARD, day(2)),
    RoundStep(Act.RETURN_TO_PROVINCE, day(4)),
    RoundStep(Act.PROPOSE_REJECTION, day(8)),
    RoundStep(Act.SEND_BACK, day(9)),
    RoundStep(Act.FORWARD, day(10)),
    RoundStep(Act.APPROVE, day(15)),
    RoundStep(Act.ISSUE_NUMBER, day(16)),
)


def test_the_stays_at_the_desks_add_up_to_the_day_number() -> None:
    for until in range(60):
        stays = times_at_desks(WALK, day(until), CALENDAR)
        assert sum(stay.working_days for stay in stays) == day_number(MONDAY, day(until), CALENDAR)


def test_a_working_day_belongs_to_the_desk_that_held_the_case_when_it_ended() -> None:
    stays = times_at_desks(WALK, day(16), CALENDAR)
    assert [(stay.desk, stay.since, stay.working_days) for stay in stays] == [
        (PROVINCE, MONDAY, 1),
        (NATION, day(2), 2),
        (PROVINCE, day(4), 4),
        (NATION, day(10), 5),
    ]


def test_a_case_that_came_and_went_in_one_day_stayed_no_day() -> None:
    steps = (
        RoundStep(Act.SUBMIT, MONDAY),
        RoundStep(Act.FORWARD, MONDAY),
        RoundStep(Act.RETURN_TO_PROVINCE, MONDAY),
    )
    stays = times_at_desks(steps, day(1), CALENDAR)
    assert [(stay.desk, stay.working_days) for stay in stays] == [(PROVINCE, 0), (NATION, 0), (PROVINCE, 1)]


@pytest.mark.parametrize(
    ("on", "holder"), [(0, PROVINCE), (2, NATION), (9, PROVINCE), (10, NATION), (30, NATION)]
)
def test_the_holder_is_the_desk_at_the_end_of_the_day_and_keeps_what_it_decided(
    on: int, holder: Role
) -> None:
    assert holder_at_end_of(day(on), WALK) is holder


def test_a_rejection_the_province_confirmed_stays_the_provinces() -> None:
    steps = (
        RoundStep(Act.SUBMIT, MONDAY),
        RoundStep(Act.PROPOSE_REJECTION, day(1)),
        RoundStep(Act.CONFIRM, day(2), Outcome.REJECTION),
    )
    assert holder_at_end_of(day(40), steps) is PROVINCE
    with pytest.raises(FilingError):
        holder_at_end_of(day(-1), steps)


def test_the_clock_runs_until_the_number_is_public_or_the_rejection_has_arrived() -> None:
    running = {
        (state, kind)
        for state in State
        for kind in Kind
        if is_running(state=state, kind=kind, is_closed=False)
    }
    open_or_rejected = {(state, kind) for state in (*OPEN_STATES, State.REJECTED) for kind in Kind}
    assert running == open_or_rejected | {(State.APPROVED, Kind.INITIAL)}
    assert not any(is_running(state=state, kind=kind, is_closed=True) for state in State for kind in Kind)


@pytest.mark.parametrize(
    ("number", "known", "now", "passed_over"),
    [
        (9, set(), None, ()),
        (10, set(), 10, ()),
        (12, set(), 10, ()),
        (14, {10}, None, ()),
        (15, {10}, 15, ()),
        (16, set(), 15, (10,)),
        (18, set(), 18, (10, 15)),
        (20, {10, 15}, 18, ()),
        (21, {10, 15}, None, (18,)),
        (40, {10, 15, 18}, None, ()),
    ],
)
def test_of_the_reminder_days_that_came_only_the_newest_is_sent(
    number: int, known: set[int], now: int | None, passed_over: tuple[int, ...]
) -> None:
    assert reminders_due(number, known=known) == (now, passed_over)


@pytest.mark.parametrize(
    ("duty", "stages"),
    [
        (Duty.FILE, {10: 10, 4: 10, 3: 3, 0: 3, -1: None}),
        (Duty.CHANGE, {5: 5, 3: 5, 2: 2, 0: 2, -1: None}),
        (Duty.RESUBMIT, {30: None, 11: None, 10: 10, 6: 10, 5: 5, 0: 5, -1: None}),
        (Duty.CANCEL, {6: None, 5: 5, 1: 5, 0: 0, -1: None}),
    ],
)
def test_an_applicant_is_reminded_by_the_newest_stage_reached(
    duty: Duty, stages: dict[int, int | None]
) -> None:
    assert {left: stage_of(duty, left) for left in stages} == stages
