"""The calendar in force: the shipped official days, overlaid with every notice loaded since."""

from __future__ import annotations

from functools import lru_cache

from registry.models import CalendarNotice
from registry.rules.official_days import announced_year, calendar_with, shipped_days
from registry.rules.working_days import Calendar

Notices = tuple[tuple[int, int, tuple[tuple[str, str], ...], tuple[str, ...]], ...]


def current_calendar() -> Calendar:
    """The calendar by which open deadlines are counted now; its version names the notices it holds."""
    rows = CalendarNotice.objects.order_by("year", "version").values_list(
        "year", "version", "holidays", "make_up_days"
    )
    newest = {
        year: (year, version, tuple(sorted(holidays.items())), tuple(sorted(make_up_days)))
        for year, version, holidays, make_up_days in rows
    }
    return _calendar(tuple(newest[year] for year in sorted(newest)))


@lru_cache(maxsize=8)
def _calendar(notices: Notices) -> Calendar:
    loaded = {year: announced_year(dict(holidays), days) for year, _version, holidays, days in notices}
    names = [f"{year}v{version}" for year, version, _holidays, _days in notices]
    return calendar_with(loaded, version="+".join([shipped_days().version, *names]))
