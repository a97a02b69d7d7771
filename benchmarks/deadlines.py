"""Measures questions about working days in microseconds, beside other implementations, in one run.

`python benchmarks/deadlines.py` prints a table. The floor is a bare bisect in a sorted list of day numbers;
the others are numpy's busday functions, `holidays` and `chinesecalendar`. Every answer is compared with ours
before anything is measured.
"""

from __future__ import annotations

import random
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import chinese_calendar
import holidays
import numpy

from registry.rules.days.deadlines import Period, deadline, explain
from registry.rules.days.official_days import shipped_calendar
from registry.rules.days.working_days import add_working_days, count_working_days, subtract_working_days

COUNT = 20
YEARS = range(2018, 2027)
ONE_DAY = timedelta(days=1)
SAMPLE = 400
MEASURED_SECONDS = 0.3

Question = Callable[[date], object]


def main() -> None:
    """Checks that all implementations agree, measures each, and prints the table."""
    chance = random.Random(7)
    first = date(2019, 3, 1)
    days = [first + timedelta(days=chance.randrange((date(2026, 9, 1) - first).days)) for _ in range(SAMPLE)]
    rows = questions()
    for what, ways in rows.items():
        ours = [plain(ways["ours"](day)) for day in days]
        for name, ask in ways.items():
            if [plain(ask(day)) for day in days] != ours:
                raise SystemExit(f"{name} answers {what} differently")
    names = list(dict.fromkeys(name for ways in rows.values() for name in ways))
    measured = {
        what: {name: microseconds(ask, days) for name, ask in ways.items()} for what, ways in rows.items()
    }
    floor = measured["add"]["bare bisect"]
    print(f"Microseconds per question, {COUNT} working days; in brackets as multiples of the bare bisect.")
    print(f"{'':12}" + "".join(f"{name:>22}" for name in names))
    for what, taken in measured.items():
        cells = [f"{taken[name]:.2f} ({taken[name] / floor:.1f})" if name in taken else "–" for name in names]
        print(f"{what:12}" + "".join(f"{cell:>22}" for cell in cells))


def questions() -> dict[str, dict[str, Question]]:
    """The questions, each with the implementations that answer it."""
    calendar = shipped_calendar()
    ordinals = list(calendar.working_ordinals)
    busy = busday_calendar()
    official = holidays.country_holidays("CN", years=YEARS)
    return {
        "add": {
            "bare bisect": lambda day: ordinals[bisect_right(ordinals, day.toordinal()) + COUNT - 1],
            "ours": lambda day: add_working_days(day, COUNT, calendar),
            "numpy": lambda day: numpy.busday_offset(day, COUNT, roll="backward", busdaycal=busy),
            "holidays": lambda day: official.get_nth_working_day(day, COUNT),
            "chinesecalendar": lambda day: step(day, ONE_DAY),
        },
        "subtract": {
            "bare bisect": lambda day: ordinals[bisect_left(ordinals, day.toordinal()) - COUNT],
            "ours": lambda day: subtract_working_days(day, COUNT, calendar),
            "numpy": lambda day: numpy.busday_offset(day, -COUNT, roll="forward", busdaycal=busy),
            "holidays": lambda day: official.get_nth_working_day(day, -COUNT),
            "chinesecalendar": lambda day: step(day, -ONE_DAY),
        },
        "count": {
            "bare bisect": lambda day: (
                bisect_right(ordinals, day.toordinal() + 30) - bisect_right(ordinals, day.toordinal())
            ),
            "ours": lambda day: count_working_days(day, day + 30 * ONE_DAY, calendar),
            "numpy": lambda day: numpy.busday_count(day + ONE_DAY, day + 31 * ONE_DAY, busdaycal=busy),
            "holidays": lambda day: official.get_working_days_count(day + ONE_DAY, day + 30 * ONE_DAY),
            "chinesecalendar": lambda day: sum(
                chinese_calendar.is_workday(day + timedelta(days=offset)) for offset in range(1, 31)
            ),
        },
        "explain": {
            "ours": lambda day: explain(deadline(Period.DECISION, day, calendar), calendar),
        },
    }


def busday_calendar() -> numpy.busdaycalendar:
    """A numpy calendar with the official days; numpy knows no make-up days, so every day off is listed as a holiday."""
    calendar = shipped_calendar()
    first, last = date(YEARS[0], 1, 1).toordinal(), date(YEARS[-1], 12, 31).toordinal()
    worked = set(calendar.working_ordinals)
    off = [date.fromordinal(day) for day in range(first, last + 1) if day not in worked]
    return numpy.busdaycalendar(weekmask="1111111", holidays=off)


def step(day: date, one: timedelta) -> date:
    """The day reached by stepping day by day over `COUNT` working days."""
    left = COUNT
    while left:
        day += one
        left -= chinese_calendar.is_workday(day)
    return day


def plain(answer: object) -> object:
    """An answer converted to a date or an integer, so that libraries can be compared."""
    if isinstance(answer, numpy.datetime64):
        return answer.astype(date)
    if isinstance(answer, (int, numpy.integer)) and answer > 100_000:
        return date.fromordinal(int(answer))
    return int(answer) if isinstance(answer, numpy.integer) else answer


def microseconds(ask: Question, days: Sequence[date]) -> float:
    """The best of several rounds, so that other load on the machine matters little."""
    best = float("inf")
    until = time.perf_counter() + MEASURED_SECONDS
    while time.perf_counter() < until:
        started = time.perf_counter()
        for day in days:
            ask(day)
        best = min(best, time.perf_counter() - started)
    return best / len(days) * 1e6


if __name__ == "__main__":
    main()
