"""The official days that ship with the portal, and calendars made from them and from notices loaded later."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from registry.rules.days.working_days import AnnouncedYear, Calendar
from registry.rules.errors import CalendarInconsistent

_TABLE = Path(__file__).resolve().parents[2] / "data" / "working_days.json"


@dataclass(frozen=True, slots=True)
class OfficialDays:
    """The announced years, and the statutory days of the years whose notice is not out yet."""

    version: str
    announced: Mapping[int, AnnouncedYear]
    statutory: Mapping[int, Mapping[date, str]]


@cache
def shipped_days() -> OfficialDays:
    """The shipped table: the notices for 2004 to 2026, statutory days from then to 2060."""
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return OfficialDays(
        version=table["version"],
        announced={
            int(year): announced_year(notice["holidays"], notice["make_up_days"])
            for year, notice in table["announced"].items()
        },
        statutory={int(year): _days(days) for year, days in table["statutory"].items()},
    )


@cache
def shipped_calendar() -> Calendar:
    """The calendar of the shipped days alone; built once."""
    return calendar_with({}, version=shipped_days().version)


def calendar_with(notices: Mapping[int, AnnouncedYear], *, version: str) -> Calendar:
    """The shipped calendar, with loaded notices in place of what was shipped for their years.

    `version` names this combination: two calendars of one version are taken to be the same.
    """
    days = shipped_days()
    return Calendar.from_years(
        {**days.announced, **notices},
        statutory=days.statutory,
        version=version,
        first_year=min(days.announced),
        last_year=max(days.statutory),
    )


def announced_year(holidays: Mapping[str, str], make_up_days: Iterable[str]) -> AnnouncedYear:
    """A notice from its stored form, with days as ISO dates. Raises CalendarInconsistent."""
    return AnnouncedYear(_days(holidays), frozenset(_day(text) for text in make_up_days))


def _days(names: Mapping[str, str]) -> Mapping[date, str]:
    return {_day(text): name for text, name in names.items()}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CalendarInconsistent("not_a_date", found=text) from None
