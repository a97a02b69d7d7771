"""The periods of Art. 11 and 12, of objections, and how each day is explained."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from registry.rules.days.deadlines import (
    PERIOD_ARTICLES,
    PERIOD_WORKING_DAYS,
    REMINDER_DAYS,
    Period,
    cancellation_due,
    change_due,
    day_number,
    deadline,
    decision_due,
    earliest_service_end,
    escalation_on,
    explain,
    filing_due,
    find_period,
    last_receipt_due_by,
    late_by,
    resubmission_due,
    working_days_left,
)
from registry.rules.days.official_days import shipped_calendar
from registry.rules.days.working_days import Calendar, add_working_days, is_working_day
from registry.rules.errors import CalendarInconsistent, CalendarOutOfRange, PeriodUnknown
from registry.rules.provisions import PROVISIONS

WORKED_CASES = Path(__file__).resolve().parents[3] / "data" / "working_days.csv"
ONE_DAY = timedelta(days=1)


@pytest.fixture
def calendar() -> Calendar:
    return shipped_calendar()


def worked_cases() -> list[tuple[str, str, str]]:
    with WORKED_CASES.open(encoding="utf-8", newline="") as file:
        return [(row["period"], row["event_date"], row["due_date"]) for row in csv.DictReader(file)]


def test_every_worked_case_gives_its_due_day(calendar: Calendar) -> None:
    cases = worked_cases()
    assert len(cases) == 124
    found = [
        (period, event, deadline(Period(period), date.fromisoformat(event), calendar).due_on.isoformat())
        for period, event, _ in cases
    ]
    assert found == cases


def test_the_periods_of_the_provisions() -> None:
    assert PERIOD_WORKING_DAYS == {
        "filing": 10,
        "change": 5,
        "cancellation": 30,
        "decision": 20,
        "objection": 10,
        "resubmission": 30,
        "statement": 5,
    }
    assert PERIOD_ARTICLES == {
        "filing": "11(1)",
        "change": "11(2)",
        "cancellation": "11(3)",
        "decision": "12",
        "objection": "batch_list",
        "resubmission": "12",
        "statement": "striking_off",
    }
    assert set(PERIOD_ARTICLES.values()) <= set(PROVISIONS)
    assert [(period.working_days, period.article) for period in Period] == [
        (PERIOD_WORKING_DAYS[period], PERIOD_ARTICLES[period]) for period in Period
    ]


def test_art_12_decision_is_due_twenty_working_days_after_receipt(calendar: Calendar) -> None:
    found = decision_due(date(2025, 9, 22), calendar)
    assert found.due_on == date(2025, 10, 24)
    assert found == deadline(Period.DECISION, date(2025, 9, 22), calendar)
    assert not found.provisional
    assert found.working_days == 20
    assert found.calendar_version == calendar.version


def test_the_shorthands_are_the_periods(calendar: Calendar) -> None:
    day = date(2026, 3, 4)
    assert filing_due(day, calendar) == deadline(Period.FILING, day, calendar)
    assert change_due(day, calendar) == deadline(Period.CHANGE, day, calendar)
    assert cancellation_due(day, calendar) == deadline(Period.CANCELLATION, day, calendar)


def test_a_period_begun_on_a_day_off_is_counted_from_the_next_working_day(calendar: Calendar) -> None:
    for day in (date(2026, 2, 14), date(2026, 2, 17), date(2026, 10, 3)):
        assert filing_due(day, calendar).due_on == add_working_days(day, 10, calendar)
        assert is_working_day(filing_due(day, calendar).due_on, calendar)


@pytest.mark.parametrize(
    ("period", "event_on", "provisional"),
    [
        (Period.DECISION, date(2026, 11, 22), False),
        (Period.DECISION, date(2026, 12, 3), False),
        (Period.DECISION, date(2026, 12, 4), True),
        (Period.CHANGE, date(2026, 12, 31), True),
        (Period.CANCELLATION, date(2027, 1, 1), False),
        (Period.CANCELLATION, date(2027, 1, 2), True),
        (Period.FILING, date(2027, 6, 1), True),
    ],
)
def test_a_deadline_that_reaches_2027_is_provisional(
    period: Period, event_on: date, provisional: bool, calendar: Calendar
) -> None:
    assert deadline(period, event_on, calendar).provisional is provisional


def test_art_11_3_the_earliest_end_is_the_first_day_whose_last_submission_day_has_not_passed(
    calendar: Calendar,
) -> None:
    for offset in range(400):
        submitted_on = date(2025, 1, 1) + timedelta(days=offset)
        ends_on = earliest_service_end(submitted_on, calendar)
        assert cancellation_due(ends_on, calendar).due_on >= submitted_on
        assert cancellation_due(ends_on - ONE_DAY, calendar).due_on < submitted_on


def test_day_20_is_the_due_day_and_day_0_the_day_of_receipt(calendar: Calendar) -> None:
    for offset in range(365):
        received_on = date(2025, 1, 1) + timedelta(days=offset)
        due_on = decision_due(received_on, calendar).due_on
        assert day_number(received_on, received_on, calendar) == 0
        assert day_number(received_on, due_on, calendar) == 20
        assert day_number(received_on, due_on - ONE_DAY, calendar) == 19
        assert day_number(received_on, escalation_on(received_on, calendar), calendar) == 15
    assert REMINDER_DAYS == (10, 15, 18)


def test_the_last_receipt_due_by_a_day_is_the_latest_whose_decision_is_due_then(calendar: Calendar) -> None:
    for offset in range(365):
        due_on = date(2025, 3, 1) + timedelta(days=offset)
        received_on = last_receipt_due_by(due_on, calendar)
        assert decision_due(received_on, calendar).due_on <= due_on
        assert decision_due(received_on + ONE_DAY, calendar).due_on > due_on
    # Beyond the calendar nothing is refused: such a day is only asked for, by who searches.
    assert last_receipt_due_by(date(1900, 1, 1), calendar) < calendar.first_day + timedelta(days=7)
    assert last_receipt_due_by(date(2199, 12, 31), calendar) > calendar.last_day - timedelta(days=60)


def test_days_left_are_0_on_the_due_day_and_negative_as_soon_as_it_has_ended(calendar: Calendar) -> None:
    friday = date(2026, 11, 20)
    left = {
        day: working_days_left(friday, day, calendar) for day in (friday + timedelta(n) for n in range(-5, 6))
    }
    assert list(left.values()) == [5, 4, 3, 2, 1, 0, -1, -1, -1, -2, -3]


def test_lateness_is_counted_in_working_days_and_never_0_after_the_due_day(calendar: Calendar) -> None:
    due = decision_due(date(2025, 9, 22), calendar)
    assert due.due_on == date(2025, 10, 24)  # a Friday
    lateness = [late_by(due, due.due_on + timedelta(days), calendar) for days in range(-2, 6)]
    assert lateness == [0, 0, 0, 1, 1, 1, 2, 3]


def test_a_cancellation_is_late_when_submitted_after_its_due_day(calendar: Calendar) -> None:
    due = cancellation_due(date(2026, 11, 20), calendar)
    assert late_by(due, due.due_on, calendar) == 0
    assert late_by(due, add_working_days(due.due_on, 1, calendar), calendar) == 1
    assert late_by(due, date(2026, 11, 20), calendar) == 30


def test_every_day_of_a_period_is_explained(calendar: Calendar) -> None:
    days = explain(decision_due(date(2025, 9, 22), calendar), calendar)
    assert [day.on for day in days] == [date(2025, 9, 22) + timedelta(offset) for offset in range(33)]
    assert (days[0].counted, days[0].number, days[0].reason) == (False, None, "event_day")
    assert [day.number for day in days if day.counted] == list(range(1, 21))
    reasons = {day.on: (day.counted, day.reason) for day in days}
    assert reasons[date(2025, 9, 27)] == (False, "weekend")
    assert reasons[date(2025, 9, 28)] == (True, "make_up")
    assert reasons[date(2025, 10, 1)] == (False, "national_day")
    assert reasons[date(2025, 10, 6)] == (False, "mid_autumn_festival")
    assert reasons[date(2025, 10, 11)] == (True, "make_up")
    assert reasons[date(2025, 10, 24)] == (True, "weekday")
    assert not any(day.provisional for day in days)


def test_a_cancellation_is_explained_backwards_from_the_end_of_the_service(calendar: Calendar) -> None:
    due = cancellation_due(date(2027, 1, 29), calendar)
    days = explain(due, calendar)
    assert (days[0].on, days[0].number) == (due.due_on, 30)
    assert (days[-1].on, days[-1].reason, days[-1].number) == (date(2027, 1, 29), "event_day", None)
    assert [day.number for day in days if day.counted] == list(range(30, 0, -1))
    assert {day.on.year for day in days if day.provisional} == {2027}
    assert {day.on.year for day in days if not day.provisional} == {2026}


def test_a_deadline_is_not_explained_by_another_calendar(calendar: Calendar) -> None:
    due = decision_due(date(2025, 9, 22), calendar)
    with pytest.raises(CalendarInconsistent):
        explain(due, replace(calendar, version="other"))


def test_a_period_has_one_of_six_names() -> None:
    assert [find_period(period.value) for period in Period] == list(Period)
    with pytest.raises(PeriodUnknown) as refusal:
        find_period("Decision")
    assert refusal.value.facts["known"] == list(PERIOD_WORKING_DAYS)


def test_a_deadline_outside_the_calendar_is_refused(calendar: Calendar) -> None:
    for day in (date.min, date(2003, 12, 31), date(2061, 1, 1), date.max):
        for period in Period:
            with pytest.raises(CalendarOutOfRange):
                deadline(period, day, calendar)


def test_a_rejected_application_may_come_again_for_thirty_working_days(calendar: Calendar) -> None:
    # The count of a cancellation, turned round: from the 21st of August 2025 to the 9th of October.
    assert resubmission_due(date(2025, 8, 21), calendar).due_on == date(2025, 10, 9)
