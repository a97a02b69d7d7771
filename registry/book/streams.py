"""Streams of events in the database: reads them, chains a new event, and saves the rows they fold into."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.db import models

from registry.clock import iso_instant
from registry.models import Application, Filing, FilingEvent
from registry.rules.workflow.hash_chain import GENESIS, event_hash
from registry.rules.workflow.projection import ApplicationRow, EventRecord, FilingRow
from registry.rules.workflow.states import Act


def event_record(event: FilingEvent) -> EventRecord:
    """The event as input of the fold."""
    return EventRecord(
        sequence=event.sequence,
        act=Act(event.act),
        at=iso_instant(event.at),
        actor_id=_text(event.actor_id),
        application_id=_text(event.application_id),
        payload=event.payload,
    )


def events_of(stream_id: uuid.UUID) -> models.QuerySet[FilingEvent]:
    """A stream's events in sequence."""
    return FilingEvent.objects.filter(stream_id=stream_id).order_by("sequence")


def event_records(stream_id: uuid.UUID) -> list[EventRecord]:
    """A stream's events in sequence, as input of the fold."""
    return [event_record(event) for event in events_of(stream_id)]


def hashed_fields(event: FilingEvent) -> dict[str, Any]:
    """All fields that an event's hash covers, except the previous hash."""
    return {
        "stream_id": str(event.stream_id),
        "sequence": event.sequence,
        "filing_id": _text(event.filing_id),
        "application_id": _text(event.application_id),
        "applicant_id": str(event.applicant_id),
        "province_code": event.province_code,
        "act": event.act,
        "at": iso_instant(event.at),
        "actor_id": _text(event.actor_id),
        "actor_role": event.actor_role,
        "revision_number": event.revision_number,
        "payload": event.payload,
        "idempotency_key": _text(event.idempotency_key),
    }


def append_event(event: FilingEvent, before: Sequence[EventRecord]) -> EventRecord:
    """Sets an unsaved event's sequence and hashes; `before` are the stream's records so far.

    Call with the stream's row locked; the caller saves the event.
    """
    event.sequence = before[-1].sequence + 1 if before else 1
    latest = events_of(event.stream_id).values_list("hash", flat=True).last()
    event.previous_hash = latest or GENESIS
    event.hash = event_hash(hashed_fields(event), previous_hash=event.previous_hash)
    return event_record(event)


def row_values(model: type[models.Model], row: FilingRow | ApplicationRow) -> dict[str, Any]:
    """A folded row as column values of its table."""
    names = [field.name for field in fields(row)] + ["applicant_name", "service_name"]
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return {name: columns[name].to_python(_plain(getattr(row, name))) for name in names}


def save_filing(filing: Filing, row: FilingRow) -> None:
    """Writes the folded row; only the ledger calls this."""
    _save(filing, row_values(Filing, row))


def save_application(application: Application, row: ApplicationRow) -> None:
    """Writes the folded row; only the ledger calls this."""
    _save(application, row_values(Application, row))


def _save(instance: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(instance, name, value)
    instance.save(force_insert=instance._state.adding, force_update=not instance._state.adding)


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


def _text(value: object) -> str | None:
    return None if value is None else str(value)
