"""Writes registry/data/working_days.json: announced days from chinesecalendar, statutory days from sxtwl.

Run by hand when a new year's official days are to be shipped; registry/data/README.md says how.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar.constants as official
import sxtwl

LAST_STATUTORY_YEAR = 2060
CLEAR_AND_BRIGHT = 7  # sxtwl numbers the solar terms from the winter solstice, 0
TARGET = Path(__file__).resolve().parent.parent / "registry" / "data" / "working_days.json"
CODES = {
    "new_years_day": "new_year",
    "spring_festival": "spring_festival",
    "tomb_sweeping_day": "tomb_sweeping_day",
    "labour_day": "labour_day",
    "dragon_boat_festival": "dragon_boat_festival",
    "mid_autumn_festival": "mid_autumn_festival",
    "national_day": "national_day",
    "anti_fascist_70th_day": "victory_day_2015",
}
# Worked under the notice for 2006, and missing in the package.
WORKED_TOO = frozenset({date(2005, 12, 31)})


def announced_years() -> dict[str, dict[str, object]]:
    """The official days by the calendar year they lie in."""
    codes = {official.Holiday[name].value: code for name, code in CODES.items()}
    off = {day: codes[name] for day, name in official.holidays.items()}
    years = sorted({day.year for day in off})
    return {
        str(year): {
            "holidays": {day.isoformat(): off[day] for day in sorted(off) if day.year == year},
            "make_up_days": [
                day.isoformat() for day in sorted(WORKED_TOO | set(official.workdays)) if day.year == year
            ],
        }
        for year in years
    }


def statutory_days(year: int) -> dict[str, str]:
    """The thirteen days of the rule in force since 2025; where two fall together the lunar one names it."""
    spring = _lunar(year, 1, 1)
    days = {date(year, 10, day): "national_day" for day in (1, 2, 3)}
    days |= {date(year, 1, 1): "new_year", date(year, 5, 1): "labour_day", date(year, 5, 2): "labour_day"}
    days |= {spring + timedelta(days=offset): "spring_festival" for offset in (-1, 0, 1, 2)}
    days[_clear_and_bright(year)] = "tomb_sweeping_day"
    days[_lunar(year, 5, 5)] = "dragon_boat_festival"
    days[_lunar(year, 8, 15)] = "mid_autumn_festival"
    return {day.isoformat(): days[day] for day in sorted(days)}


def _lunar(year: int, month: int, day: int) -> date:
    found = sxtwl.fromLunar(year, month, day)
    return date(found.getSolarYear(), found.getSolarMonth(), found.getSolarDay())


def _clear_and_bright(year: int) -> date:
    for day in range(1, 10):
        found = sxtwl.fromSolar(year, 4, day)
        if found.hasJieQi() and found.getJieQi() == CLEAR_AND_BRIGHT:
            return date(year, 4, day)
    sys.exit(f"no solar term found in April {year}")


def main() -> None:
    announced = announced_years()
    last = max(int(year) for year in announced)
    table = {
        "version": f"{last}.1",
        "announced": announced,
        "statutory": {str(year): statutory_days(year) for year in range(last + 1, LAST_STATUTORY_YEAR + 1)},
    }
    TARGET.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: announced to {last}, statutory to {LAST_STATUTORY_YEAR}")


if __name__ == "__main__":
    main()
