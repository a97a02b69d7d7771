"""Working days: binary searches give what counting day by day gives, forwards and backwards."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from registry.rules.days.working_days import (
    AnnouncedYear,
    Calendar,
    DayReason,
    add_working_days,
    count_working_days,
    earliest_end,
    is_provisional,
    is_working_day,
    latest_start,
    subtract_working_days,
)
from registry.rules.errors import CalendarInconsistent, CalendarOutOfRange, InvalidCount

ONE_DAY = timedelta(days=1)
RANDOM_CALENDARS = 10_000


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


def random_calendar(chance: random.Random) -> tuple[Calendar, set[date]]:
    """A calendar of two random years, and its working days found by looking at each day for itself."""
    first_year = chance.randrange(1990, 2080)
    announced: dict[int, AnnouncedYear] = {}
    statutory: dict[int, dict[date, str]] = {}
    working: set[date] = set()
    for year in (first_year, first_year + 1):
        days = days_of(year)
        off = set(chance.sample(days, chance.randrange(0, 60)))
        weekends = [day for day in days if day.isoweekday() > 5 and day not in off]
        names = dict.fromkeys(off, DayReason.OTHER_HOLIDAY.value)
        worked: set[date] = set()
        if chance.random() < 0.7:
            worked = set(chance.sample(weekends, chance.randrange(0, 15)))
            announced[year] = AnnouncedYear(names, frozenset(worked))
        else:
            statutory[year] = names
        working |= {day for day in days if day in worked or (day not in off and day.isoweekday() < 6)}
    calendar = Calendar.from_years(
        announced,
        statutory=statutory,
        version=f"random {chance.random()}",
        first_year=first_year,
        last_year=first_year + 1,
    )
    return calendar, working


def slow_add(start: date, count: int, working: set[date]) -> date:
    day = start
    while count:
        day += ONE_DAY
        count -= day in working
    return day


def slow_subtract(end: date, count: int, working: set[date]) -> date:
    day = end
    while count:
        day -= ONE_DAY
        count -= day in working
    return day


def slow_latest_start(due: date, count: int, working: set[date]) -> date:
    start = due
    while slow_add(start, count, working) > due:
        start -= ONE_DAY
    return start


def slow_earliest_end(start: date, count: int, working: set[date]) -> date:
    end = start
    while slow_subtract(end, count, working) < start:
        end += ONE_DAY
    return end


@pytest.fixture
def plain() -> Calendar:
    """2026 and 2027 with weekends alone; only 2026 announced."""
    return Calendar.from_years(
        {2026: AnnouncedYear({}, frozenset())},
        statutory={2027: {}},
        version="plain",
        first_year=2026,
        last_year=2027,
    )


@pytest.mark.parametrize("tenth", range(10))
def test_ten_thousand_random_calendars_agree_with_counting_day_by_day(tenth: int) -> None:
    chance = random.Random(tenth)
    for _ in range(RANDOM_CALENDARS // 10):
        calendar, working = random_calendar(chance)
        count = chance.randrange(1, 41)
        day = calendar.first_day + timedelta(days=chance.randrange(200, 531))
        other = day + timedelta(days=chance.randrange(-150, 150))
        facts = (tenth, day, count, other)

        assert is_working_day(day, calendar) == (day in working), facts
        assert add_working_days(day, count, calendar) == slow_add(day, count, working), facts
        assert subtract_working_days(day, count, calendar) == slow_subtract(day, count, working), facts
        between = sum(min(day, other) < each <= max(day, other) for each in working)
        assert count_working_days(day, other, calendar) == (between if day <= other else -between), facts
        assert latest_start(day, count, calendar) == slow_latest_start(day, count, working), facts
        assert earliest_end(day, count, calendar) == slow_earliest_end(day, count, working), facts


def test_latest_start_and_earliest_end_are_the_exact_borders(plain: Calendar) -> None:
    for offset in range(120):
        day = date(2026, 6, 1) + timedelta(days=offset)
        start = latest_start(day, 20, plain)
        assert add_working_days(start, 20, plain) <= day < add_working_days(start + ONE_DAY, 20, plain)
        end = earliest_end(day, 30, plain)
        assert subtract_working_days(end - ONE_DAY, 30, plain) < day <= subtract_working_days(end, 30, plain)


def test_a_calendar_refuses_days_outside_it(plain: Calendar) -> None:
    before, after = date(2025, 12, 31), date(2028, 1, 1)
    for outside in (before, after, date.min, date.max):
        for question in (
            lambda day: is_working_day(day, plain),
            lambda day: add_working_days(day, 1, plain),
            lambda day: subtract_working_days(day, 1, plain),
            lambda day: count_working_days(day, date(2026, 5, 5), plain),
            lambda day: count_working_days(date(2026, 5, 5), day, plain),
            lambda day: latest_start(day, 1, plain),
            lambda day: earliest_end(day, 1, plain),
            plain.reason,
        ):
            with pytest.raises(CalendarOutOfRange) as refusal:
                question(outside)
            assert refusal.value.facts["first_day"] == "2026-01-01"
            assert refusal.value.facts["last_day"] == "2027-12-31"


def test_a_period_that_leaves_the_calendar_is_refused(plain: Calendar) -> None:
    assert add_working_days(date(2027, 12, 30), 1, plain) == date(2027, 12, 31)
    assert subtract_working_days(date(2026, 1, 2), 1, plain) == date(2026, 1, 1)
    for question in (
        lambda: add_working_days(date(2027, 12, 30), 2, plain),
        lambda: subtract_working_days(date(2026, 1, 2), 2, plain),
        lambda: latest_start(date(2026, 1, 1), 1, plain),
        lambda: latest_start(date(2026, 1, 2), 3, plain),
        lambda: earliest_end(date(2027, 12, 31), 1, plain),
        lambda: earliest_end(date(2027, 12, 31), 2, plain),
    ):
        with pytest.raises(CalendarOutOfRange):
            question()


@pytest.mark.parametrize("count", [0, -1])
def test_a_period_has_at_least_one_day(plain: Calendar, count: int) -> None:
    for question in (add_working_days, subtract_working_days, latest_start, earliest_end):
        with pytest.raises(InvalidCount):
            question(date(2026, 5, 5), count, plain)


def test_provisional_means_a_day_in_a_year_without_a_notice(plain: Calendar) -> None:
    assert not is_provisional(date(2026, 1, 1), date(2026, 12, 31), plain)
    assert is_provisional(date(2026, 12, 31), date(2027, 1, 1), plain)
    assert is_provisional(date(2027, 1, 1), date(2026, 12, 31), plain)
    assert is_provisional(date(2027, 5, 1), date(2027, 5, 1), plain)


def test_each_day_has_its_reason() -> None:
    notice = AnnouncedYear(
        {date(2026, 10, 1): "national_day", date(2026, 10, 3): "national_day"},
        frozenset({date(2026, 10, 10)}),
    )
    calendar = Calendar.from_years(
        {2026: notice}, statutory={}, version="reasons", first_year=2026, last_year=2026
    )
    assert calendar.reason(date(2026, 9, 30)) == "weekday"
    assert calendar.reason(date(2026, 10, 1)) == "national_day"
    assert calendar.reason(date(2026, 10, 3)) == "national_day"
    assert calendar.reason(date(2026, 10, 4)) == "weekend"
    assert calendar.reason(date(2026, 10, 10)) == "make_up"


def test_a_later_years_notice_decides_about_the_last_days_of_december() -> None:
    december = {date(2025, 12, 31): "new_year"}
    calendar = Calendar.from_years(
        {
            2025: AnnouncedYear({date(2025, 12, 27): "new_year"}, frozenset({date(2025, 12, 28)})),
            2026: AnnouncedYear(december | {date(2025, 12, 28): "new_year"}, frozenset({date(2025, 12, 27)})),
        },
        statutory={},
        version="december",
        first_year=2025,
        last_year=2026,
    )
    assert is_working_day(date(2025, 12, 27), calendar)
    assert calendar.reason(date(2025, 12, 27)) == "make_up"
    assert date(2025, 12, 27) not in calendar.holidays
    assert not is_working_day(date(2025, 12, 28), calendar)
    assert not is_working_day(date(2025, 12, 31), calendar)


@pytest.mark.parametrize(
    ("notice", "code"),
    [
        (AnnouncedYear({date(2027, 1, 1): "new_year"}, frozenset()), "day_in_another_year"),
        (AnnouncedYear({date(2025, 11, 30): "new_year"}, frozenset()), "day_in_another_year"),
        (AnnouncedYear({}, frozenset({date(2027, 1, 2)})), "day_in_another_year"),
        (AnnouncedYear({date(2026, 1, 1): "picnic"}, frozenset()), "holiday_unknown"),
        (AnnouncedYear({date(2026, 1, 1): "weekend"}, frozenset()), "holiday_unknown"),
        (AnnouncedYear({}, frozenset({date(2026, 1, 1)})), "make_up_day_on_weekday"),
        (
            AnnouncedYear({date(2026, 1, 3): "new_year"}, frozenset({date(2026, 1, 3)})),
            "day_off_and_worked",
        ),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(notice: AnnouncedYear, code: str) -> None:
    with pytest.raises(CalendarInconsistent) as refusal:
        Calendar.from_years({2026: notice}, statutory={}, version="bad", first_year=2026, last_year=2026)
    assert refusal.value.code == code


def test_a_year_without_notice_and_statutory_days_is_refused() -> None:
    with pytest.raises(CalendarInconsistent) as refusal:
        Calendar.from_years({}, statutory={}, version="gap", first_year=2026, last_year=2026)
    assert refusal.value.code == "year_missing"
    with pytest.raises(CalendarInconsistent) as refusal:
        Calendar.from_years({}, statutory={}, version="gap", first_year=2027, last_year=2026)
    assert refusal.value.code == "years_reversed"


def test_calendars_of_one_version_are_equal(plain: Calendar) -> None:
    other = replace(plain, version="other")
    assert plain == replace(plain)
    assert {plain: 1}[replace(plain)] == 1
    assert plain != other
    assert plain != "plain"
