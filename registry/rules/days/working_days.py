"""Working days under the State Council's yearly notices, as questions to a `Calendar` value.

A calendar is a sorted tuple of the working days between its first and its last day. Every question is
a binary search in it; only building a calendar walks through the days. A question that needs a day
outside the calendar raises CalendarOutOfRange rather than guessing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from registry.rules.errors import CalendarInconsistent, CalendarOutOfRange, InvalidCount

_SATURDAY = 5


class DayReason(StrEnum):
    """Why a day counts or does not; every reason a calendar or an explanation can give."""

    WEEKDAY = "weekday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    EVENT_DAY = "event_day"
    NEW_YEAR = "new_year"
    SPRING_FESTIVAL = "spring_festival"
    TOMB_SWEEPING_DAY = "tomb_sweeping_day"
    LABOUR_DAY = "labour_day"
    DRAGON_BOAT_FESTIVAL = "dragon_boat_festival"
    MID_AUTUMN_FESTIVAL = "mid_autumn_festival"
    NATIONAL_DAY = "national_day"
    VICTORY_DAY_2015 = "victory_day_2015"
    OTHER_HOLIDAY = "other_holiday"


HOLIDAYS = frozenset(DayReason) - {
    DayReason.WEEKDAY,
    DayReason.MAKE_UP,
    DayReason.WEEKEND,
    DayReason.EVENT_DAY,
}


@dataclass(frozen=True, slots=True)
class AnnouncedYear:
    """The notice for one year: its days off by name, and the weekend days worked instead.

    A notice may reach into the last days of the year before (New Year's Day with its weekend).
    """

    holidays: Mapping[date, str]
    make_up_days: frozenset[date]


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Every working day from `first_day` to `last_day`; two calendars are equal when their versions are."""

    first_day: date
    last_day: date
    working_ordinals: tuple[int, ...] = field(repr=False)
    holidays: Mapping[date, str] = field(repr=False)
    make_up_days: frozenset[date] = field(repr=False)
    announced_years: frozenset[int]
    version: str

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Calendar):
            return NotImplemented
        return self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    @classmethod
    def from_years(
        cls,
        years: Mapping[int, AnnouncedYear],
        *,
        statutory: Mapping[int, Mapping[date, str]],
        version: str,
        first_year: int,
        last_year: int,
    ) -> Calendar:
        """A calendar of whole years, from the notices where there are any, else from the statutory days.

        A year without a notice has no make-up days. Where two notices speak of one day, the later
        year's notice counts. Raises CalendarInconsistent when a year has neither a notice nor
        statutory days, or when a notice contradicts itself.
        """
        if first_year > last_year:
            raise CalendarInconsistent("years_reversed", first_year=first_year, last_year=last_year)
        days_off: dict[date, str] = {}
        make_up: set[date] = set()
        for year in range(first_year, last_year + 1):
            if year not in years:
                if year not in statutory:
                    raise CalendarInconsistent("year_missing", year=year)
                _check_holidays(year, statutory[year])
                days_off.update(statutory[year])
                continue
            notice = years[year]
            _check_notice(year, notice)
            days_off.update(notice.holidays)
            make_up.difference_update(notice.holidays)
            make_up.update(notice.make_up_days)
            for day in notice.make_up_days:
                days_off.pop(day, None)
        first, last = date(first_year, 1, 1), date(last_year, 12, 31)
        off = {day.toordinal() for day in days_off}
        worked = {day.toordinal() for day in make_up}
        working = tuple(
            ordinal
            for ordinal in range(first.toordinal(), last.toordinal() + 1)
            if ordinal in worked or (ordinal not in off and not _is_weekend(ordinal))
        )
        return cls(
            first_day=first,
            last_day=last,
            working_ordinals=working,
            holidays=MappingProxyType(days_off),
            make_up_days=frozenset(make_up),
            announced_years=frozenset(year for year in years if first_year <= year <= last_year),
            version=version,
        )

    def reason(self, day: date) -> str:
        """Why a day is or is not a working day: a holiday's code, make_up, weekend or weekday."""
        _require_covered(day, self)
        if day in self.make_up_days:
            return DayReason.MAKE_UP
        if day in self.holidays:
            return self.holidays[day]
        return DayReason.WEEKEND if _is_weekend(day.toordinal()) else DayReason.WEEKDAY


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether a day is worked. Raises CalendarOutOfRange."""
    _require_covered(day, calendar)
    ordinal = day.toordinal()
    working = calendar.working_ordinals
    index = bisect_left(working, ordinal)
    return index < len(working) and working[index] == ordinal


def add_working_days(start: date, count: int, calendar: Calendar) -> date:
    """The count-th working day after a day, which is itself not counted. Raises CalendarOutOfRange."""
    _require_positive(count)
    _require_covered(start, calendar)
    index = bisect_right(calendar.working_ordinals, start.toordinal()) + count - 1
    return _day_at(index, start, count, calendar)


def subtract_working_days(end: date, count: int, calendar: Calendar) -> date:
    """The count-th working day strictly before a day. Raises CalendarOutOfRange."""
    _require_positive(count)
    _require_covered(end, calendar)
    index = bisect_left(calendar.working_ordinals, end.toordinal()) - count
    return _day_at(index, end, count, calendar)


def count_working_days(after: date, until: date, calendar: Calendar) -> int:
    """Working days after one day, up to and including another; negative when they are reversed."""
    _require_covered(after, calendar)
    _require_covered(until, calendar)
    working = calendar.working_ordinals
    return bisect_right(working, until.toordinal()) - bisect_right(working, after.toordinal())


def latest_start(due: date, count: int, calendar: Calendar) -> date:
    """The last day whose count-th working day after it is on or before `due`.

    `add_working_days(day, count) <= due` exactly when `day <= latest_start(due, count)`.
    """
    _require_positive(count)
    _require_covered(due, calendar)
    index = bisect_right(calendar.working_ordinals, due.toordinal()) - count
    return _neighbour(_day_at(index, due, count, calendar), -1, due, count, calendar)


def earliest_end(start: date, count: int, calendar: Calendar) -> date:
    """The first day whose count-th working day strictly before it is on or after `start`.

    `subtract_working_days(day, count) >= start` exactly when `day >= earliest_end(start, count)`.
    """
    _require_positive(count)
    _require_covered(start, calendar)
    index = bisect_left(calendar.working_ordinals, start.toordinal()) + count - 1
    return _neighbour(_day_at(index, start, count, calendar), 1, start, count, calendar)


def is_provisional(first: date, last: date, calendar: Calendar) -> bool:
    """Whether any day from `first` to `last`, both included, lies in a year whose notice is not loaded."""
    if first > last:
        first, last = last, first
    return any(year not in calendar.announced_years for year in range(first.year, last.year + 1))


def is_provisional_day(day: date, calendar: Calendar) -> bool:
    """Whether the holidays of this day's year are not announced."""
    return is_provisional(day, day, calendar)


def _day_at(index: int, day: date, count: int, calendar: Calendar) -> date:
    if not 0 <= index < len(calendar.working_ordinals):
        raise _out_of_range(day, calendar, count=count)
    return date.fromordinal(calendar.working_ordinals[index])


def _neighbour(found: date, step: int, day: date, count: int, calendar: Calendar) -> date:
    if found == (calendar.last_day if step > 0 else calendar.first_day):
        raise _out_of_range(day, calendar, count=count)
    return date.fromordinal(found.toordinal() + step)


def _require_covered(day: date, calendar: Calendar) -> None:
    if not calendar.first_day <= day <= calendar.last_day:
        raise _out_of_range(day, calendar)


def _require_positive(count: int) -> None:
    if count < 1:
        raise InvalidCount("count_below_one", count=count)


def _out_of_range(day: date, calendar: Calendar, **facts: int) -> CalendarOutOfRange:
    return CalendarOutOfRange(
        "calendar_out_of_range",
        day=day.isoformat(),
        first_day=calendar.first_day.isoformat(),
        last_day=calendar.last_day.isoformat(),
        **facts,
    )


def _is_weekend(ordinal: int) -> bool:
    return (ordinal - 1) % 7 >= _SATURDAY  # ordinal 1, 1 January of year 1, was a Monday


def _check_holidays(year: int, holidays: Mapping[date, str]) -> None:
    for day, name in holidays.items():
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise CalendarInconsistent("day_in_another_year", year=year, day=day.isoformat())
        if name not in HOLIDAYS:
            raise CalendarInconsistent("holiday_unknown", year=year, name=name)


def _check_notice(year: int, notice: AnnouncedYear) -> None:
    _check_holidays(year, notice.holidays)
    for day in notice.make_up_days:
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise CalendarInconsistent("day_in_another_year", year=year, day=day.isoformat())
        if not _is_weekend(day.toordinal()):
            raise CalendarInconsistent("make_up_day_on_weekday", year=year, day=day.isoformat())
        if day in notice.holidays:
            raise CalendarInconsistent("day_off_and_worked", year=year, day=day.isoformat())
