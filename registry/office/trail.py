"""The auditor's queries: who did what and when, with hashes, and never the content of a case."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from registry import clock
from registry.cursors import Position
from registry.models import Application, Event
from registry.rules.workflow.states import NATION

PAGE_SIZE = 50
NATIONAL_OFFICE = "national"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """The filter of the trail; an empty field is ignored, days are dates in China, both inclusive."""

    first_on: date | None = None
    last_on: date | None = None
    act: str = ""
    office: str = ""
    actor_id: uuid.UUID | None = None
    actor_role: str = ""
    stream_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as the auditor sees it."""

    id: uuid.UUID
    at: datetime
    act: str
    actor_name: str
    actor_role: str
    province_code: str
    receipt_number: str
    stream_id: uuid.UUID
    sequence: int
    previous_hash: str
    hash: str


def page_of_events(narrowed: EventFilter, after: Position | None) -> tuple[list[EventLine], Position | None]:
    """One page of events, newest first, and the position after which the next begins, None on the last page."""
    events = _events(narrowed)
    if after is not None:
        events = events.filter(Q(at__lt=after.at) | Q(at=after.at, id__lt=after.event_id))
    lines = [_line(event) for event in events[: PAGE_SIZE + 1]]
    shown = lines[:PAGE_SIZE]
    return shown, Position(shown[-1].at, shown[-1].id) if len(lines) > PAGE_SIZE else None


def all_events(narrowed: EventFilter) -> Iterator[EventLine]:
    """Every event that the filter selects, newest first, fetched in chunks."""
    return (_line(event) for event in _events(narrowed).iterator(chunk_size=500))


def stream_of(text: str) -> uuid.UUID | None:
    """The id of the stream given by its id or by a receipt number of one of its applications, or None."""
    try:
        stream_id = uuid.UUID(text.strip())
    except ValueError:
        application = Application.objects.filter(receipt_number=text.strip()).first()
        return application.stream_id if application is not None else None
    return stream_id if Event.objects.filter(stream_id=stream_id).exists() else None


def _events(narrowed: EventFilter) -> QuerySet[Event]:
    events = Event.objects.select_related("actor", "application").only(
        "at",
        "act",
        "actor_role",
        "province_code",
        "stream_id",
        "sequence",
        "previous_hash",
        "hash",
        "actor__name",
        "application__receipt_number",
    )
    if narrowed.first_on is not None:
        events = events.filter(at__gte=clock.start_of(narrowed.first_on))
    if narrowed.last_on is not None:
        events = events.filter(at__lt=clock.start_of(narrowed.last_on + timedelta(days=1)))
    if narrowed.act:
        events = events.filter(act=narrowed.act)
    if narrowed.office == NATIONAL_OFFICE:
        events = events.filter(actor_role__in=[role.value for role in NATION])
    elif narrowed.office:
        events = events.filter(province_code=narrowed.office)
    if narrowed.actor_id is not None:
        events = events.filter(actor_id=narrowed.actor_id)
    if narrowed.actor_role:
        events = events.filter(actor_role=narrowed.actor_role)
    if narrowed.stream_id is not None:
        events = events.filter(stream_id=narrowed.stream_id)
    return events.order_by("-at", "-id")


def _line(event: Event) -> EventLine:
    return EventLine(
        id=event.pk,
        at=event.at,
        act=event.act,
        actor_name=event.actor.name if event.actor is not None else "",
        actor_role=event.actor_role,
        province_code=event.province_code,
        receipt_number=event.application.receipt_number if event.application is not None else "",
        stream_id=event.stream_id,
        sequence=event.sequence,
        previous_hash=event.previous_hash,
        hash=event.hash,
    )
