"""The auditor's queries: who did what and when, with hashes, and never the content of a case.

Of an act of an office itself (accounts, lists, who works on what) the trail shows what changed and why.
"""

from __future__ import annotations

import uuid

from django.db.models import Case, F, JSONField, QuerySet, When

from registry.models import Application, Consultation, Event, QualityRound
from registry.rules.codes.typed import typed_code
from registry.rules.office.events import OfficeSubject, office_stream
from registry.rules.workflow.states import StreamKind


def stream_of(text: str) -> uuid.UUID | None:
    """The id of the stream given by its id or by a receipt number of one of its applications, or None."""
    try:
        stream_id = uuid.UUID(typed_code(text))
    except ValueError:
        application = Application.objects.filter(receipt_number=typed_code(text)).first()
        return application.stream_id if application is not None else None
    return stream_id if Event.objects.filter(stream_id=stream_id).exists() else None


def streams_of(receipt_number: str) -> tuple[uuid.UUID, ...]:
    """The application's stream, those of the office's acts and consultations about it, and of rounds that drew it.

    A stream's own id gives that one alone.
    """
    application = Application.objects.filter(receipt_number=typed_code(receipt_number)).first()
    if application is not None:
        consulted = Consultation.objects.filter(application=application).values_list("pk", flat=True)
        about = office_stream(OfficeSubject.CASE, str(application.pk))
        drawn = QualityRound.objects.filter(cases__application=application).values_list("pk", flat=True)
        return application.stream_id, about, *consulted, *drawn
    stream_id = stream_of(receipt_number)
    return () if stream_id is None else (stream_id,)


def events_shown() -> QuerySet[Event]:
    """The events of all streams, with the columns that the auditor sees and no others.

    `stated` is what an act of an office states, and empty for every other act.
    """
    stated = Case(When(stream_kind=StreamKind.OFFICE.value, then=F("payload")), output_field=JSONField())
    shown = Event.objects.select_related("actor", "application").annotate(stated=stated)
    return shown.only(
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
