"""Days of leave of an officer, counted in China's working days, and what keeps them from being entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from registry.rules.days.working_days import Calendar, count_working_days, is_working_day

# Leave is planned for this year and the next; beyond that a typed day is a slip.
FARTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class LeaveDays:
    """The first and the last day of a leave, both inclusive and both working days."""

    first_on: date
    last_on: date


def working_days_of(days: LeaveDays, calendar: Calendar) -> int:
    """How many working days a leave has, its first and its last included. Raises CalendarOutOfRange."""
    return count_working_days(days.first_on - timedelta(days=1), days.last_on, calendar)


def faults_of_days(days: LeaveDays, *, today: date, calendar: Calendar) -> Mapping[str, str]:
    """Why these days cannot be entered, as a code by the field in which it is mended; empty when they can."""
    farthest = min(today + FARTHEST, calendar.last_day)
    found: dict[str, str] = {}
    if days.first_on < today:
        found["first_on"] = "leave_begins_in_the_past"
    if days.last_on < days.first_on:
        found["last_on"] = "leave_ends_before_it_begins"
    for name, day in (("first_on", days.first_on), ("last_on", days.last_on)):
        if name in found:
            continue
        if day > farthest:
            found[name] = "leave_too_far_ahead"
        elif not is_working_day(day, calendar):
            found[name] = "leave_day_is_no_working_day"
    return found
