"""The calendar in force: the shipped official days, overlaid with every notice loaded since."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from django.db import models

from registry.models import CalendarNotice
from registry.rules.days.official_days import announced_year, calendar_with, shipped_days
from registry.rules.days.working_days import AnnouncedYear, Calendar


class _LoadedNotice(NamedTuple):
    """The newest notice of a year in its stored form, hashable as the key of a cache."""

    year: int
    version: int
    holidays: tuple[tuple[str, str], ...]
    make_up_days: tuple[str, ...]


def current_calendar() -> Calendar:
    """The calendar by which open deadlines are counted now; its version names the notices it holds."""
    return _calendar(_newest())


def notices_in_force() -> dict[int, AnnouncedYear]:
    """The newest loaded notice of each year; what ships with the portal is not among them."""
    return _announced(_newest())


def calendars_around(notice: CalendarNotice) -> tuple[Calendar, Calendar]:
    """The calendar before a notice was loaded, and the calendar after."""
    earlier = CalendarNotice.objects.filter(loaded_at__lte=notice.loaded_at).exclude(pk=notice.pk)
    with_it = CalendarNotice.objects.filter(models.Q(pk=notice.pk) | models.Q(pk__in=earlier.values("pk")))
    return _calendar(_newest(earlier)), _calendar(_newest(with_it))


def _newest(notices: models.QuerySet[CalendarNotice] | None = None) -> tuple[_LoadedNotice, ...]:
    found = CalendarNotice.objects.all() if notices is None else notices
    rows = found.order_by("year", "version").values_list("year", "version", "holidays", "make_up_days")
    newest = {
        year: _LoadedNotice(year, version, tuple(sorted(holidays.items())), tuple(sorted(make_up_days)))
        for year, version, holidays, make_up_days in rows
    }
    return tuple(newest[year] for year in sorted(newest))


def _announced(notices: tuple[_LoadedNotice, ...]) -> dict[int, AnnouncedYear]:
    return {notice.year: announced_year(dict(notice.holidays), notice.make_up_days) for notice in notices}


@lru_cache(maxsize=8)
def _calendar(notices: tuple[_LoadedNotice, ...]) -> Calendar:
    versions = {notice.year: notice.version for notice in notices}
    return calendar_with(_announced(notices), version=_version(versions))


def version_with(year: int, version: int) -> str:
    """The version of the calendar once a notice of this year and version is loaded."""
    return _version({**{notice.year: notice.version for notice in _newest()}, year: version})


def _version(versions: Mapping[int, int]) -> str:
    names = [f"{year}v{versions[year]}" for year in sorted(versions)]
    return "+".join([shipped_days().version, *names])
