"""Invented holiday notices for 2027, and a slow count of working days to compare with."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

from registry.rules.days.deadlines import Period
from registry.rules.days.holiday_notice import read_notice

NOTICES: dict[str, str] = tomllib.loads(
    (Path(__file__).resolve().parents[1] / "data" / "holiday_notices.toml").read_text(encoding="utf-8")
)
INVENTED_2027 = NOTICES["invented_2027"]
# The same with a longer New Year, paid for by a Sunday of 2026 and a Saturday: it moves what ends in January.
MOVING_2027 = INVENTED_2027.replace(
    "1月1日（星期五）至3日（星期日）放假，共3天。",
    "1月1日（星期五）至4日（星期一）放假调休，共4天。2026年12月27日（星期日）、2027年1月9日（星期六）上班。",
)


@cache
def _notice_of_2027() -> tuple[frozenset[date], frozenset[date]]:
    announced = read_notice(MOVING_2027, year=2027).announced
    return frozenset(announced.holidays), announced.make_up_days


def is_worked(day: date) -> bool:
    """Whether a day is worked once MOVING_2027 is loaded, asked day by day and without any of our calendars."""
    off, make_up = _notice_of_2027()
    if day in make_up:
        return True
    if day in off:
        return False
    return chinese_calendar.is_workday(day) if day.year < 2027 else day.weekday() < 5


def slow_due(period: Period, event_on: date) -> date:
    """The due day of a forward period, counted one day at a time."""
    days: Iterator[date] = (event_on + timedelta(days=offset) for offset in range(1, 400))
    worked = (day for day in days if is_worked(day))
    for _number in range(period.working_days):
        due = next(worked)
    return due
