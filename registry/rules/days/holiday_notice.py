"""Reads a year's holiday notice and checks it against the calendar and against itself.

`read_notice` takes the official text (`holiday_text`) or a table `date,off|work,name`. Every weekday, day
count and year that it states is compared with the calendar; a contradiction is refused with its line.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from registry.rules.days.holiday_reading import Contradiction, Reading, holiday_code
from registry.rules.days.holiday_text import read_text
from registry.rules.days.working_days import AnnouncedYear, DayReason
from registry.rules.errors import RuleError

# The holidays that every yearly notice arranges; three of them have been public holidays since 2008.
YEARLY_HOLIDAYS = (
    DayReason.NEW_YEAR,
    DayReason.SPRING_FESTIVAL,
    DayReason.TOMB_SWEEPING_DAY,
    DayReason.LABOUR_DAY,
    DayReason.DRAGON_BOAT_FESTIVAL,
    DayReason.MID_AUTUMN_FESTIVAL,
    DayReason.NATIONAL_DAY,
)
_SINCE_2008 = frozenset(
    {DayReason.TOMB_SWEEPING_DAY, DayReason.DRAGON_BOAT_FESTIVAL, DayReason.MID_AUTUMN_FESTIVAL}
)

_OFF_WORDS = frozenset({"off", "放假", "休", "休息"})
_WORK_WORDS = frozenset({"work", "上班", "班"})
_TABLE_LINE = re.compile(r"\s*(date\s*,|\d{4}-\d{1,2}-\d{1,2}\s*,)", re.IGNORECASE)
_MOST_CHARACTERS = 20_000


class HolidayNoticeRefused(RuleError):
    """A notice contradicts the calendar or itself, or cannot be read; `contradictions` says where."""

    def __init__(self, contradictions: tuple[Contradiction, ...]) -> None:
        super().__init__("holiday_notice_refused", count=len(contradictions))
        self.contradictions = contradictions


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of the notice and the days it names; a line that arranges nothing names none."""

    number: int
    text: str
    off: tuple[date, ...]
    worked: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """A notice that was read without a contradiction."""

    year: int
    announced: AnnouncedYear
    lines: tuple[ReadLine, ...]


def read_notice(text: str, *, year: int) -> ReadNotice:
    """The notice of a year from its official text or from a table. Raises HolidayNoticeRefused.

    A notice may reach into December of the year before. Every holiday of the year must be arranged.
    """
    reading = Reading(year, text.splitlines())
    if len(text) > _MOST_CHARACTERS:
        reading.refuse("too_long", 0, most=_MOST_CHARACTERS)
    elif _is_table(reading.lines):
        _read_table(reading)
    else:
        read_text(reading)
    if not reading.contradictions:
        missing = [
            name
            for name in YEARLY_HOLIDAYS
            if name not in reading.off.values() and (year >= 2008 or name not in _SINCE_2008)
        ]
        if missing and not _shares_days(missing, reading):
            reading.refuse("holidays_missing", 0, names=tuple(str(name) for name in missing))
    if reading.contradictions:
        raise HolidayNoticeRefused(tuple(reading.contradictions))
    return ReadNotice(
        year=year,
        announced=AnnouncedYear(MappingProxyType(dict(reading.off)), frozenset(reading.worked)),
        lines=tuple(_read_lines(reading)),
    )


def as_table(notice: AnnouncedYear) -> str:
    """A notice as the table that `read_notice` takes, in the order of the dates."""
    rows = [(day, f"{day.isoformat()},off,{name}") for day, name in notice.holidays.items()]
    rows += [(day, f"{day.isoformat()},work,") for day in notice.make_up_days]
    return "\n".join(["date,kind,name", *(line for _day, line in sorted(rows))]) + "\n"


def _shares_days(missing: list[DayReason], reading: Reading) -> bool:
    """Whether only the Mid-autumn Festival is missing, since a long National Day holiday includes it."""
    october = [day for day, name in reading.off.items() if name == DayReason.NATIONAL_DAY]
    return missing == [DayReason.MID_AUTUMN_FESTIVAL] and len(october) >= 8


def _is_table(lines: list[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return _TABLE_LINE.match(first.lstrip("\ufeff")) is not None


def _read_table(reading: Reading) -> None:
    for number, line in enumerate(reading.lines, start=1):
        cells = [cell.strip() for cell in next(csv.reader([line.lstrip("\ufeff")]), [])]
        if not any(cells) or cells[0].lower() == "date":
            continue
        if len(cells) < 2:
            reading.refuse("table_line", number)
            continue
        try:
            day = date.fromisoformat(cells[0])
        except ValueError:
            reading.refuse("no_such_day", number, found=cells[0][:20])
            continue
        kind = cells[1].lower()
        if kind in _WORK_WORDS:
            reading.add_worked(day, number)
        elif kind not in _OFF_WORDS:
            reading.refuse("table_kind", number, found=kind[:20])
        elif (name := holiday_code(cells[2]) if len(cells) > 2 else None) is None:
            reading.refuse("holiday_unknown", number, found=(cells[2] if len(cells) > 2 else "")[:20])
        else:
            reading.add_off(day, name, number)


def _read_lines(reading: Reading) -> list[ReadLine]:
    counted = Counter(reading.found_in.values())
    return [
        ReadLine(
            number,
            line.strip(),
            tuple(sorted(day for day in reading.off if reading.found_in[day] == number)),
            tuple(sorted(day for day in reading.worked if reading.found_in[day] == number)),
        )
        for number, line in enumerate(reading.lines, start=1)
        if counted[number] or line.strip()
    ]
