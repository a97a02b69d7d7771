"""The chain of every stream: gives an event its place and its hash, and says what its hash covers."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from registry.clock import iso_instant
from registry.models import Event
from registry.rules.workflow.events import FIRST_VERSION
from registry.rules.workflow.hash_chain import GENESIS, event_hash
from registry.rules.workflow.states import StreamKind


def events_of(*stream_ids: uuid.UUID) -> models.QuerySet[Event]:
    """The events of a stream in sequence, or of several streams, each in sequence."""
    return Event.objects.filter(stream_id__in=stream_ids).order_by("sequence")


def put_last(event: Event, *, after: Event | None = None) -> None:
    """Makes an unsaved event, complete but for its place, the last of its stream: sets its sequence and hashes.

    `after` is the last event until now, for a caller that has read the stream. Call with the row locked that the
    stream belongs to; the caller saves the event.
    """
    latest = after or events_of(event.stream_id).last()
    event.sequence, event.previous_hash = (latest.sequence + 1, latest.hash) if latest else (1, GENESIS)
    event.hash = hash_of(event)


def hash_of(event: Event) -> str:
    """The hash that an event must have, by its own fields and the hash before it."""
    return event_hash(_hashed_fields(event), previous_hash=event.previous_hash)


def _hashed_fields(event: Event) -> dict[str, Any]:
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
