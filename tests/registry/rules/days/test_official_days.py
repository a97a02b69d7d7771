"""The shipped official days against chinesecalendar and holidays; the statutory days of years to come."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from registry.rules.days.deadlines import decision_due, explain
from registry.rules.days.official_days import announced_year, calendar_with, shipped_calendar, shipped_days
from registry.rules.days.working_days import HOLIDAYS, is_working_day
from registry.rules.errors import CalendarInconsistent, CalendarOutOfRange

ONE_DAY = timedelta(days=1)


def every_day(first_year: int, last_year: int) -> list[date]:
    first = date(first_year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(last_year + 1, 1, 1) - first).days)]


def test_announced_days_agree_with_chinesecalendar_on_every_day_of_2004_to_2026() -> None:
    calendar = shipped_calendar()
    days = every_day(2004, 2026)
    # The notice for 2006 has the last day of 2005 worked, which the package leaves out.
    expected = [chinese_calendar.is_workday(day) or day == date(2005, 12, 31) for day in days]
    assert [is_working_day(day, calendar) for day in days] == expected
    assert calendar.announced_years == frozenset(range(2004, 2027))


def test_announced_days_agree_with_holidays_on_every_day_of_2019_to_2026() -> None:
    calendar = shipped_calendar()
    second_opinion = holidays.country_holidays("CN", years=range(2019, 2027))
    days = every_day(2019, 2026)
    assert [is_working_day(day, calendar) for day in days] == [
        second_opinion.is_working_day(day) for day in days
    ]


def test_statutory_days_of_2027_to_2060_agree_with_holidays() -> None:
    statutory = shipped_days().statutory
    assert sorted(statutory) == list(range(2027, 2061))
    for year, days in statutory.items():
        invented = holidays.country_holidays("CN", years=year, language="en_US")
        expected = {
            day for day, name in invented.items() if day.year == year and not name.endswith("(observed)")
        }
        assert set(days) == expected, year


def test_each_coming_year_has_the_thirteen_statutory_days() -> None:
    shared_days = {year: 13 - len(days) for year, days in shipped_days().statutory.items() if len(days) != 13}
    # On these years' first three days of October falls the Mid-Autumn Festival.
    assert shared_days == {
        year: 1
        for year, days in shipped_days().statutory.items()
        if any(days.get(date(year, 10, day)) == "mid_autumn_festival" for day in (1, 2, 3))
    }
    ordinary = Counter(shipped_days().statutory[2027].values())
    assert ordinary == {
        "new_year": 1,
        "spring_festival": 4,
        "tomb_sweeping_day": 1,
        "labour_day": 2,
        "dragon_boat_festival": 1,
        "mid_autumn_festival": 1,
        "national_day": 3,
    }


def test_a_year_without_a_notice_has_no_make_up_days() -> None:
    calendar = shipped_calendar()
    assert not [day for day in calendar.make_up_days if day.year > 2026]
    assert {name for day, name in calendar.holidays.items()} <= set(HOLIDAYS)


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2061, 1, 1)])
def test_days_outside_the_shipped_years_are_refused(day: date) -> None:
    with pytest.raises(CalendarOutOfRange):
        is_working_day(day, shipped_calendar())


def test_the_shipped_calendar_is_built_once() -> None:
    assert shipped_calendar() is shipped_calendar()
    assert shipped_calendar().version == "2026.1"


def test_loading_a_notice_moves_a_deadline_and_makes_it_final() -> None:
    received_on = date(2026, 12, 28)
    before = decision_due(received_on, shipped_calendar())
    notice = announced_year({"2027-01-01": "new_year", "2027-01-04": "new_year"}, ["2027-02-20"])
    loaded = calendar_with({2027: notice}, version="2026.1+2027v1")
    after = decision_due(received_on, loaded)
    assert before.provisional
    assert not after.provisional
    assert before.due_on == date(2027, 1, 26)
    assert after.due_on == date(2027, 1, 27)
    reasons = {day.on: day.reason for day in explain(after, loaded)}
    assert reasons[date(2027, 1, 4)] == "new_year"
    assert reasons[date(2027, 1, 9)] == "weekend"
    assert is_working_day(date(2027, 2, 20), loaded)


@pytest.mark.parametrize("text", ["2027-13-01", "tomorrow", ""])
def test_a_notice_with_something_else_than_dates_is_refused(text: str) -> None:
    with pytest.raises(CalendarInconsistent):
        announced_year({text: "new_year"}, [])
    with pytest.raises(CalendarInconsistent):
        announced_year({}, [text])
