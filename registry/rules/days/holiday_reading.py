"""The days read from a holiday notice so far, and the contradictions found in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from registry.rules.days.working_days import HOLIDAYS, DayReason

HOLIDAY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "元旦": DayReason.NEW_YEAR,
        "新年": DayReason.NEW_YEAR,
        "春节": DayReason.SPRING_FESTIVAL,
        "清明节": DayReason.TOMB_SWEEPING_DAY,
        "清明": DayReason.TOMB_SWEEPING_DAY,
        "劳动节": DayReason.LABOUR_DAY,
        "国际劳动节": DayReason.LABOUR_DAY,
        "五一": DayReason.LABOUR_DAY,
        "五一国际劳动节": DayReason.LABOUR_DAY,
        "端午节": DayReason.DRAGON_BOAT_FESTIVAL,
        "端午": DayReason.DRAGON_BOAT_FESTIVAL,
        "中秋节": DayReason.MID_AUTUMN_FESTIVAL,
        "中秋": DayReason.MID_AUTUMN_FESTIVAL,
        "国庆节": DayReason.NATIONAL_DAY,
        "国庆": DayReason.NATIONAL_DAY,
        "十一": DayReason.NATIONAL_DAY,
        "其他": DayReason.OTHER_HOLIDAY,
    }
)
_QUOTATION_MARKS = re.compile(r"[“”‘’\"']")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What is wrong with one line; line 0 stands for the notice as a whole."""

    code: str
    line_number: int
    line: str
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Reading:
    """The days off and the days worked that were read so far, the line each came from, and what is wrong.

    `worked_for` has the holidays for which a day is worked; `moved` the weekend days so far only said to be taken on
    other days, which are worked whether that is said again or not.
    """

    year: int
    lines: list[str]
    off: dict[date, str] = field(default_factory=dict)
    worked: set[date] = field(default_factory=set)
    found_in: dict[date, int] = field(default_factory=dict)
    worked_for: dict[date, tuple[str, ...]] = field(default_factory=dict)
    moved: set[date] = field(default_factory=set)
    contradictions: list[Contradiction] = field(default_factory=list)

    def refuse(self, code: str, number: int, **facts: Any) -> None:
        line = self.lines[number - 1].strip() if number else ""
        self.contradictions.append(Contradiction(code, number, line, MappingProxyType(facts)))

    def add_off(self, day: date, name: str, number: int) -> None:
        if self._is_of_another_year(day, number):
            return
        if day in self.off:
            self.refuse("day_named_twice", number, day=day.isoformat(), other_line=self.found_in[day])
        elif day in self.worked:
            self.refuse("day_off_and_worked", number, day=day.isoformat(), other_line=self.found_in[day])
        else:
            self.off[day] = name
            self.found_in[day] = number

    def add_worked(self, day: date, number: int, *, names: tuple[str, ...] = ()) -> None:
        if self._is_of_another_year(day, number):
            return
        if day in self.moved:
            self.moved.discard(day)
        elif day.weekday() < 5:
            self.refuse("make_up_day_on_weekday", number, day=day.isoformat(), weekday=day.weekday())
        elif day in self.worked:
            self.refuse("day_named_twice", number, day=day.isoformat(), other_line=self.found_in[day])
        elif day in self.off:
            self.refuse("day_off_and_worked", number, day=day.isoformat(), other_line=self.found_in[day])
        else:
            self.worked.add(day)
            self.found_in[day] = number
            self.worked_for[day] = names

    def move(self, day: date, number: int, *, names: tuple[str, ...]) -> None:
        """Takes a weekend day to be worked, because it is taken on another day; one of the holiday itself is off."""
        if day not in self.off and day not in self.worked:
            self.add_worked(day, number, names=names)
            if day in self.worked:
                self.moved.add(day)

    def take_back(self, names: tuple[str, ...]) -> None:
        """Forgets the days of these holidays, and those worked for them, since a correction arranges them anew."""
        for day in [day for day, name in self.off.items() if name in names]:
            del self.off[day], self.found_in[day]
        for day in [day for day in self.worked if set(names) & set(self.worked_for.get(day, ()))]:
            self.worked.discard(day)
            self.moved.discard(day)
            del self.found_in[day]

    def _is_of_another_year(self, day: date, number: int) -> bool:
        if day.year == self.year or (day.year, day.month) == (self.year - 1, 12):
            return False
        self.refuse("day_in_another_year", number, day=day.isoformat(), year=self.year)
        return True


def normalise(text: str) -> str:
    """The text with full-width characters as plain ones, without white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def holiday_code(text: str) -> str | None:
    """The code of a holiday given by its code or its Chinese name; None for any other text."""
    plain = _QUOTATION_MARKS.sub("", normalise(text))
    if plain in HOLIDAYS:
        return plain
    if "胜利" in plain and "纪念日" in plain:
        return DayReason.VICTORY_DAY_2015
    return HOLIDAY_NAMES.get(plain)
