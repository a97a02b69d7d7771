"""Calendar files of all-day events (RFC 5545): escaped, folded, with identifiers that stay the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

CONTENT_TYPE = "text/calendar; charset=utf-8"

_FOLDED_OCTETS = 75
_PRODUCT = "-//Filing portal//Deadlines//EN"


@dataclass(frozen=True, slots=True)
class AllDayEvent:
    """A date in China. `key` names the event for good: sent again, it replaces what was sent before."""

    key: str
    on: date
    summary: str
    description: str = ""
    url: str = ""
    is_tentative: bool = False


def calendar_text(events: Iterable[AllDayEvent], *, name: str, at: datetime) -> str:
    """The calendar of these events as text with CRLF line ends; `at` is when it was made, aware."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(name)}",
    ]
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        lines += _event_lines(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _fold(line))


def _event_lines(event: AllDayEvent, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.key}@{urlsplit(settings.PORTAL_BASE_URL).hostname or 'localhost'}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escape(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_escape(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'TENTATIVE' if event.is_tentative else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escape(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _fold(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets; a continuation begins with a space, no character is split."""
    piece, octets = "", 0
    for character in line:
        width = len(character.encode())
        if octets + width > _FOLDED_OCTETS:
            yield piece
            piece, octets = " ", 1
        piece += character
        octets += width
    yield piece
