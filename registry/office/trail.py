"""The auditor's queries: who did what and when, with hashes, and never the content of a case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from registry.models import Application, Event
from registry.presentation.trails import within_days
from registry.rules.workflow.states import NATION, StreamKind

NATIONAL_OFFICE = "national"


@dataclass(frozen=True, slots=True)
class EventFilter:
    """The filter of the trail; an empty field is ignored, days are dates in China, both inclusive.

    Without a kind of stream it selects streams of every kind.
    """

    first_on: date | None = None
    last_on: date | None = None
    act: str = ""
    office: str = ""
    actor_id: uuid.UUID | None = None
    actor_role: str = ""
    stream_id: uuid.UUID | None = None
    stream_kind: StreamKind | None = StreamKind.FILING


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as the auditor sees it; `kind` is empty for an act that belongs to no application."""

    id: uuid.UUID
    at: datetime
    stream_kind: StreamKind
    act: str
    kind: str
    actor_name: str
    actor_role: str
    province_code: str
    receipt_number: str
    stream_id: uuid.UUID
    sequence: int
    previous_hash: str
    hash: str


def stream_of(text: str) -> uuid.UUID | None:
    """The id of the stream given by its id or by a receipt number of one of its applications, or None."""
    try:
        stream_id = uuid.UUID(text.strip())
    except ValueError:
        application = Application.objects.filter(receipt_number=text.strip()).first()
        return application.stream_id if application is not None else None
    return stream_id if Event.objects.filter(stream_id=stream_id).exists() else None


def events_within(narrowed: EventFilter) -> QuerySet[Event]:
    """The events that the filter selects, with the columns of an `EventLine`."""
    events = Event.objects.select_related("actor", "application").only(
        "at",
        "act",
        "stream_kind",
        "actor_role",
        "province_code",
        "stream_id",
        "sequence",
        "previous_hash",
        "hash",
        "actor__name",
        "application__receipt_number",
        "application__kind",
    )
    if narrowed.stream_kind is not None:
        events = events.filter(stream_kind=narrowed.stream_kind.value)
    events = within_days(events, narrowed.first_on, narrowed.last_on)
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
    return events


def line_of(event: Event) -> EventLine:
    """The event as the auditor sees it."""
    return EventLine(
        id=event.pk,
        at=event.at,
        stream_kind=StreamKind(event.stream_kind),
        act=event.act,
        kind=event.application.kind if event.application is not None else "",
        actor_name=event.actor.name if event.actor is not None else "",
        actor_role=event.actor_role,
        province_code=event.province_code,
        receipt_number=event.application.receipt_number if event.application is not None else "",
        stream_id=event.stream_id,
        sequence=event.sequence,
        previous_hash=event.previous_hash,
        hash=event.hash,
    )
