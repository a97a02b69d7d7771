"""The auditor's queries: who did what and when, with hashes, and never the content of a case."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from registry.models import Application, Event
from registry.rules.codes.typed import typed_code


def stream_of(text: str) -> uuid.UUID | None:
    """The id of the stream given by its id or by a receipt number of one of its applications, or None."""
    try:
        stream_id = uuid.UUID(typed_code(text))
    except ValueError:
        application = Application.objects.filter(receipt_number=typed_code(text)).first()
        return application.stream_id if application is not None else None
    return stream_id if Event.objects.filter(stream_id=stream_id).exists() else None


def events_shown() -> QuerySet[Event]:
    """The events of all streams, with the columns that the auditor sees and no others."""
    return Event.objects.select_related("actor", "application").only(
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
