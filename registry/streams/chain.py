"""The chain of every stream: gives an event its place and its hash, and says what its hash covers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils.crypto import salted_hmac

from registry.clock import iso_instant
from registry.models import Event
from registry.rules.workflow.events import FIRST_VERSION
from registry.rules.workflow.hash_chain import GENESIS, event_hash
from registry.rules.workflow.states import StreamKind


class StoredEvent(NamedTuple):
    """An event as it stands in the table, for reading very many: what its hash covers, and the hash."""

    stream_id: uuid.UUID
    sequence: int
    stream_kind: str
    filing_id: uuid.UUID | None
    application_id: uuid.UUID | None
    applicant_id: uuid.UUID | None
    province_code: str
    act: str
    at: datetime
    actor_id: uuid.UUID | None
    actor_role: str
    revision_number: int | None
    version: int
    payload: Any
    idempotency_key: uuid.UUID | None
    previous_hash: str
    hash: str


def stored_events(events: models.QuerySet[Event], *, fetched: int) -> Iterator[StoredEvent]:
    """These events stream by stream in sequence, `fetched` rows at a time."""
    in_order = events.order_by("stream_id", "sequence")
    return map(StoredEvent._make, in_order.values_list(*StoredEvent._fields).iterator(fetched))


def events_of(*stream_ids: uuid.UUID) -> models.QuerySet[Event]:
    """The events of a stream in sequence, or of several streams, each in sequence."""
    return Event.objects.filter(stream_id__in=stream_ids).order_by("sequence")


def id_opened_by(key: uuid.UUID, *, by: str) -> uuid.UUID:
    """The id of a stream that a form opens: the same for the same key from the same hand.

    The key comes from the form, and whoever sends it may write any: as an id it could be that of another stream. A
    secret goes in, so that nobody who knows an id and a key can try out whose hand it was.
    """
    made = salted_hmac("registry.streams.opened", f"{by}\x1f{key}", algorithm="sha256")
    return uuid.UUID(bytes=made.digest()[:16], version=4)


def put_last(event: Event, *, after: Event | None = None) -> None:
    """Makes an unsaved event, complete but for its place, the last of its stream: sets its sequence and hashes.

    `after` is the last event until now, for a caller that has read the stream. Call with the row locked that the
    stream belongs to; the caller saves the event.
    """
    latest = after or events_of(event.stream_id).last()
    event.sequence, event.previous_hash = (latest.sequence + 1, latest.hash) if latest else (1, GENESIS)
    event.hash = hash_of(event)


def put_first(event: Event) -> None:
    """Makes an unsaved event, complete but for its place, the first of a stream that has none; the caller saves it."""
    event.sequence, event.previous_hash = 1, GENESIS
    event.hash = hash_of(event)


def hash_of(event: Event | StoredEvent) -> str:
    """The hash that an event must have, by its own fields and the hash before it."""
    return event_hash(_hashed_fields(event), previous_hash=event.previous_hash)


def _hashed_fields(event: Event | StoredEvent) -> dict[str, Any]:
    """All fields that an event's hash covers, except the previous hash.

    Events of filings in the first form hash neither kind nor version, as they did before there were others; an event
    of another form or kind hashes both.
    """
    fields: dict[str, Any] = {
        "stream_id": str(event.stream_id),
        "sequence": event.sequence,
        "filing_id": text_of_id(event.filing_id),
        "application_id": text_of_id(event.application_id),
        "applicant_id": text_of_id(event.applicant_id),
        "province_code": event.province_code,
        "act": event.act,
        "at": iso_instant(event.at),
        "actor_id": text_of_id(event.actor_id),
        "actor_role": event.actor_role,
        "revision_number": event.revision_number,
        "payload": event.payload,
        "idempotency_key": text_of_id(event.idempotency_key),
    }
    if event.stream_kind != StreamKind.FILING or event.version != FIRST_VERSION:
        fields |= {"stream_kind": event.stream_kind, "version": event.version}
    return fields


def text_of_id(value: uuid.UUID | None) -> str | None:
    """An id as events hold it."""
    return None if value is None else str(value)
