"""Calendar files of all-day events (RFC 5545), with identifiers that stay the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, vText
from icalendar import Event as Entry

CONTENT_TYPE = "text/calendar; charset=utf-8"

_HEAD = {
    "version": "2.0",
    "prodid": "-//Filing portal//Deadlines//EN",
    "calscale": "GREGORIAN",
    "method": "PUBLISH",
}


@dataclass(frozen=True, slots=True)
class AllDayEvent:
    """A date in China. `key` names the event for good: sent again, it replaces what was sent before."""

    key: str
    on: date
    summary: str
    description: str = ""
    url: str = ""
    is_tentative: bool = False


def calendar_text(events: Iterable[AllDayEvent], *, name: str, description: str = "", at: datetime) -> str:
    """The calendar of these events as text with CRLF line ends; `at` is when it was made, aware."""
    calendar = Calendar()
    said = {"x-wr-calname": name, "x-wr-caldesc": description}
    for key, value in {**_HEAD, **{key: vText(text) for key, text in said.items() if text}}.items():
        calendar.add(key, value)
    for event in events:
        calendar.add_component(_component(event, at))
    return calendar.to_ical(sorted=False).decode()


def _summary(event: AllDayEvent) -> str:
    """Few calendar programs show that a day is tentative: the summary says it too."""
    return _("%(what)s (provisional)") % {"what": event.summary} if event.is_tentative else event.summary


def _component(event: AllDayEvent, at: datetime) -> Entry:
    properties = {
        "uid": f"{event.key}@{urlsplit(settings.PORTAL_BASE_URL).hostname or 'localhost'}",
        "dtstamp": at.astimezone(UTC),
        "dtstart": event.on,
        "dtend": event.on + timedelta(days=1),
        "summary": _summary(event),
        "description": event.description,
        "url": event.url,
        "status": "TENTATIVE" if event.is_tentative else "CONFIRMED",
        "transp": "TRANSPARENT",
    }
    component = Entry()
    for key, value in properties.items():
        if value:
            component.add(key, value)
    return component
