"""Small calendar months for `includes/month.html`: each day with the reason it is worked or not."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from registry.rules.days.deadlines import ExplainedDay
from registry.rules.days.working_days import HOLIDAYS, Calendar, DayReason, is_working_day

_WEEKS = Weeks(firstweekday=0)


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One day of a month; `explained` is its place in a period, `is_changed` is set by `months_of_year`."""

    on: date
    reason: str
    is_worked: bool
    is_provisional: bool
    explained: ExplainedDay | None = None
    is_due: bool = False
    is_changed: bool = False

    @property
    def is_event(self) -> bool:
        return self.explained is not None and self.explained.reason == DayReason.EVENT_DAY

    @property
    def is_holiday(self) -> bool:
        return self.reason in HOLIDAYS

    @property
    def is_make_up(self) -> bool:
        return self.reason == DayReason.MAKE_UP


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday; None where a day belongs to a neighbour."""

    first: date
    weeks: list[list[MonthDay | None]]


def months_of_year(year: int, calendar: Calendar, *, changed: frozenset[date] = frozenset()) -> list[Month]:
    """The twelve months of a year, with the days in `changed` marked."""
    days = {
        day: _day(day, calendar, is_changed=day in changed)
        for day in _days_between(date(year, 1, 1), date(year, 12, 31))
    }
    return [_month(date(year, number, 1), days) for number in range(1, 13)]


def months_of_period(days: tuple[ExplainedDay, ...], due_on: date, calendar: Calendar) -> list[Month]:
    """The months that a period touches; their days outside the period have no `explained`."""
    explained = {day.on: day for day in days}
    first, last = days[0].on.replace(day=1), _last_of(days[-1].on)
    found = {
        day: _day(day, calendar, explained=explained.get(day), is_due=day == due_on)
        for day in _days_between(max(first, calendar.first_day), min(last, calendar.last_day))
    }
    starts = [day for day in found if day.day == 1]
    return [_month(start, found) for start in starts]


def _day(
    on: date,
    calendar: Calendar,
    *,
    explained: ExplainedDay | None = None,
    is_due: bool = False,
    is_changed: bool = False,
) -> MonthDay:
    return MonthDay(
        on=on,
        reason=calendar.reason(on),
        is_worked=is_working_day(on, calendar),
        is_provisional=on.year not in calendar.announced_years,
        explained=explained,
        is_due=is_due,
        is_changed=is_changed,
    )


def _month(first: date, days: Mapping[date, MonthDay]) -> Month:
    weeks = [
        [days.get(day) if day.month == first.month else None for day in week]
        for week in _WEEKS.monthdatescalendar(first.year, first.month)
    ]
    return Month(first, weeks)


def _days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _last_of(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
