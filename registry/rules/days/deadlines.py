"""The periods of the Provisions, their due days, and the explanation of each counted and skipped day.

The day of the event is never counted (Civil Code Art. 201); a period ends at the end of its last
working day, China time. Sources: Art. 11, 12, the announcements of the batch lists
and, for a statement on a proposed striking off, this portal.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from registry.rules.days.working_days import (
    Calendar,
    DayReason,
    add_working_days,
    count_working_days,
    earliest_end,
    is_provisional,
    latest_start,
    subtract_working_days,
)
from registry.rules.errors import CalendarInconsistent, PeriodUnknown

ESCALATION_DAY = 15
REMINDER_DAYS = (10, 15, 18)

_ONE_DAY = timedelta(days=1)


class Period(StrEnum):
    """What a deadline is for."""

    FILING = "filing"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    DECISION = "decision"
    OBJECTION = "objection"
    RESUBMISSION = "resubmission"
    STATEMENT = "statement"

    @property
    def working_days(self) -> int:
        return PERIOD_WORKING_DAYS[self]

    @property
    def article(self) -> str:
        """The key of its source in `provisions`."""
        return PERIOD_ARTICLES[self]

    @property
    def runs_backwards(self) -> bool:
        """Whether the period is counted back from the event, which lies in the future."""
        return self is Period.CANCELLATION


PERIOD_WORKING_DAYS: Mapping[Period, int] = MappingProxyType(
    {
        Period.FILING: 10,
        Period.CHANGE: 5,
        Period.CANCELLATION: 30,
        Period.DECISION: 20,
        Period.OBJECTION: 10,
        Period.RESUBMISSION: 30,
        Period.STATEMENT: 5,
    }
)

PERIOD_ARTICLES: Mapping[Period, str] = MappingProxyType(
    {
        Period.FILING: "11(1)",
        Period.CHANGE: "11(2)",
        Period.CANCELLATION: "11(3)",
        Period.DECISION: "12",
        Period.OBJECTION: "batch_list",
        # Art. 12 provides for the rejection; the period for submitting again is the portal's own rule.
        Period.RESUBMISSION: "12",
        Period.STATEMENT: "striking_off",
    }
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due day, with what it was computed from."""

    period: Period
    event_on: date
    due_on: date
    provisional: bool
    working_days: int
    calendar_version: str


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """One day of a period; `number` is its place among the counted days, None when it is skipped."""

    on: date
    counted: bool
    number: int | None
    reason: str
    provisional: bool


def find_period(name: str) -> Period:
    """The period of a name such as "decision". Raises PeriodUnknown."""
    try:
        return Period(name)
    except ValueError:
        raise PeriodUnknown("period_unknown", found=name, known=[str(period) for period in Period]) from None


def deadline(period: Period, event_on: date, calendar: Calendar) -> Deadline:
    """The due day of a period that an event starts, or, for a cancellation, that must lie before it.

    Provisional when a day examined lies in a year whose holiday notice is not loaded; the day of the
    event is not one of them. Raises CalendarOutOfRange.
    """
    count = period.working_days
    if period.runs_backwards:
        due_on = subtract_working_days(event_on, count, calendar)
        provisional = is_provisional(due_on, event_on - _ONE_DAY, calendar)
    else:
        due_on, provisional = due_after(event_on, count, calendar)
    return Deadline(period, event_on, due_on, provisional, count, calendar.version)


def due_after(event_on: date, working_days: int, calendar: Calendar) -> tuple[date, bool]:
    """The last of so many working days after an event, and whether it is provisional, as `deadline` says.

    For periods that a setting gives; those of the law have a name. Raises CalendarOutOfRange.
    """
    due_on = add_working_days(event_on, working_days, calendar)
    return due_on, is_provisional(event_on + _ONE_DAY, due_on, calendar)


def filing_due(service_started_on: date, calendar: Calendar) -> Deadline:
    """Last day to file a service in time: 10 working days after its start. Source: Art. 11(1)."""
    return deadline(Period.FILING, service_started_on, calendar)


def change_due(changed_on: date, calendar: Calendar) -> Deadline:
    """Last day on which a change may be filed in time: 5 working days. Source: Art. 11(2)."""
    return deadline(Period.CHANGE, changed_on, calendar)


def cancellation_due(ends_on: date, calendar: Calendar) -> Deadline:
    """Last lawful day to submit a cancellation: the 30th working day before the end. Source: Art. 11(3)."""
    return deadline(Period.CANCELLATION, ends_on, calendar)


def decision_due(received_on: date, calendar: Calendar) -> Deadline:
    """Last day on which the office may decide on an application: 20 working days. Source: Art. 12."""
    return deadline(Period.DECISION, received_on, calendar)


def last_receipt_due_by(due_on: date, calendar: Calendar) -> date:
    """The last day of receipt whose decision is due on a day or before it.

    `decision_due(day).due_on <= due_on` exactly when `day` is that day or an earlier one. A day beyond the calendar is
    taken for the last, or for the first that has a period behind it. Source: Art. 12.
    """
    earliest = add_working_days(calendar.first_day, Period.DECISION.working_days + 1, calendar)
    within = min(max(due_on, earliest), calendar.last_day)
    return latest_start(within, Period.DECISION.working_days, calendar)


def resubmission_due(rejected_on: date, calendar: Calendar) -> Deadline:
    """Last day on which a rejected application can be submitted again: 30 working days."""
    return deadline(Period.RESUBMISSION, rejected_on, calendar)


def earliest_service_end(submitted_on: date, calendar: Calendar) -> date:
    """The first day a service may end when its cancellation is submitted on a day. Source: Art. 11(3)."""
    return earliest_end(submitted_on, Period.CANCELLATION.working_days, calendar)


def escalation_on(received_on: date, calendar: Calendar) -> date:
    """Day 15 after receipt; the application goes to the national office once this day has ended."""
    return add_working_days(received_on, ESCALATION_DAY, calendar)


def day_number(received_on: date, today: date, calendar: Calendar) -> int:
    """Working days after the day of receipt, up to and including today; 0 on the day of receipt."""
    return count_working_days(received_on, today, calendar)


def working_days_left(due_on: date, today: date, calendar: Calendar) -> int:
    """Working days after today until the due day; 0 on the due day, negative as soon as it has ended."""
    if today > due_on:
        return -working_days_late(due_on, today, calendar)
    return count_working_days(today, due_on, calendar)


def late_by(deadline: Deadline, done_on: date, calendar: Calendar) -> int:
    """Working days by which something was done late; 0 when in time, and counted as `working_days_late` does."""
    return working_days_late(deadline.due_on, done_on, calendar)


def working_days_late(due_on: date, done_on: date, calendar: Calendar) -> int:
    """Working days by which something was done after its last day; 0 when in time.

    What is done on a day off counts as done on the working day after it, so that one day late is never 0.
    """
    if done_on <= due_on:
        return 0
    count_working_days(due_on, done_on, calendar)  # refuses days the calendar does not cover
    working = calendar.working_ordinals
    return bisect_left(working, done_on.toordinal()) - bisect_right(working, due_on.toordinal()) + 1


def days_to_answer(today: date, due_on: date, calendar: Calendar) -> tuple[date, ...]:
    """The working days that an applicant may be given to correct its materials, the soonest first (Art. 12).

    Each lies after `today` and before `due_on`, the last day to decide: Article 12 knows no pause, so a day is left to
    decide in time whatever is answered. Empty when no such day is left.
    """
    days: list[date] = []
    day = add_working_days(today, 1, calendar)
    while day < due_on:
        days.append(day)
        day = add_working_days(day, 1, calendar)
    return tuple(days)


def explain(deadline: Deadline, calendar: Calendar) -> tuple[ExplainedDay, ...]:
    """Each day from the event to the due day, in the order of the dates, with the reason it counts or not.

    For a cancellation the numbers run backwards from the end of the service. Raises
    CalendarInconsistent when the deadline was computed with another version of the calendar.
    """
    if deadline.calendar_version != calendar.version:
        raise CalendarInconsistent(
            "calendar_version_differs", computed_with=deadline.calendar_version, given=calendar.version
        )
    backwards = deadline.period.runs_backwards
    first, last = sorted((deadline.event_on, deadline.due_on))
    days: list[ExplainedDay] = []
    number = deadline.working_days + 1 if backwards else 0
    working = calendar.working_ordinals
    worked = set(working[bisect_left(working, first.toordinal()) : bisect_right(working, last.toordinal())])
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        provisional = day.year not in calendar.announced_years
        if day == deadline.event_on:
            days.append(ExplainedDay(day, False, None, DayReason.EVENT_DAY, provisional))
        elif ordinal in worked:
            number += -1 if backwards else 1
            days.append(ExplainedDay(day, True, number, calendar.reason(day), provisional))
        else:
            days.append(ExplainedDay(day, False, None, calendar.reason(day), provisional))
    return tuple(days)
