"""What events call for, as rows: put in with the event, found while undone, settled in the transaction that did it.

A sweep costs what there is to do, never what there is of history: what is undone has an index of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from registry.models import Application, Event, EventEffect, IssuedDocument, Notice
from registry.rules.batches.lifecycle import LIST_EFFECTS, ListAct
from registry.rules.consultations.lifecycle import CONSULTATION_EFFECTS, ConsultationAct
from registry.rules.endings.lifecycle import STRIKING_OFF_EFFECTS, StrikingOffAct
from registry.rules.objections.lifecycle import OBJECTION_EFFECTS, ObjectionAct
from registry.rules.office.events import OFFICE_EFFECTS, OfficeAct
from registry.rules.quality.lifecycle import ROUND_EFFECTS, RoundAct
from registry.rules.workflow.effects import EffectKind, EffectOutcome, effects_of
from registry.rules.workflow.events import Payload, outcome_of
from registry.rules.workflow.states import Act, Kind, StreamKind

# The documents that the effect PAPER calls for.
PAPERS = (
    IssuedDocument.Kind.RECEIPT.value,
    IssuedDocument.Kind.REQUEST.value,
    IssuedDocument.Kind.DECISION.value,
)


def insert_for(*events: Event) -> None:
    """Puts in the undone effects of new events; call in the events' own transaction, their rows saved."""
    EventEffect.objects.bulk_create(
        EventEffect(event=event, kind=kind.value)
        for event in events
        for kind in sorted(effects_called_for(event))
    )


def events_with_causes() -> models.QuerySet[Event]:
    """The events with no more of them and their applications than `effects_called_for` reads."""
    causes = ("kind", "together_id", "receipt_number")
    return Event.objects.select_related("application").only(
        "stream_kind", "act", "payload", "application", *(f"application__{name}" for name in causes)
    )


def effects_called_for(event: Event) -> frozenset[EffectKind]:
    """The effects that an event must have, by its act and its application."""
    application = event.application
    return effects_by(
        Cause(
            stream_kind=event.stream_kind,
            act=event.act,
            payload=event.payload,
            kind=None if application is None else application.kind,
            is_first_of_joint=_is_first_of_joint(event, application),
        )
    )


@dataclass(frozen=True, slots=True)
class Cause:
    """What decides the effects of an event: its act, what it decided, and the kind of its application."""

    stream_kind: str
    act: str
    payload: Payload
    kind: str | None
    is_first_of_joint: bool


def effects_by(cause: Cause) -> frozenset[EffectKind]:
    """The effects that an event must have."""
    if cause.stream_kind == StreamKind.BATCH_LIST:
        return LIST_EFFECTS.get(ListAct(cause.act), frozenset())
    if cause.stream_kind == StreamKind.OBJECTION:
        return OBJECTION_EFFECTS.get(ObjectionAct(cause.act), frozenset())
    if cause.stream_kind == StreamKind.STRIKING_OFF:
        return STRIKING_OFF_EFFECTS.get(StrikingOffAct(cause.act), frozenset())
    if cause.stream_kind == StreamKind.CONSULTATION:
        return CONSULTATION_EFFECTS.get(ConsultationAct(cause.act), frozenset())
    if cause.stream_kind == StreamKind.QUALITY_ROUND:
        return ROUND_EFFECTS.get(RoundAct(cause.act), frozenset())
    if cause.stream_kind == StreamKind.OFFICE:
        return OFFICE_EFFECTS.get(OfficeAct(cause.act), frozenset())
    if cause.stream_kind != StreamKind.FILING:
        return frozenset()
    act = Act(cause.act)
    return effects_of(
        act,
        kind=None if cause.kind is None else Kind(cause.kind),
        outcome=outcome_of(act, cause.payload),
        is_first_of_joint=cause.is_first_of_joint,
    )


def causes(fetched: int) -> Iterator[tuple[uuid.UUID, Cause]]:
    """The id and the cause of every event, in order of the ids, `fetched` rows at a time.

    Only a confirmation is read for what it decided: all other payloads stay in the database.
    """
    deciding = models.Case(models.When(act=Act.CONFIRM.value, then=models.F("payload")))
    earlier = _received_before(
        models.OuterRef("application__together_id"), models.OuterRef("application__receipt_number")
    )
    rows = Event.objects.order_by("pk").values_list(
        "pk", "stream_kind", "act", deciding, "application__kind", models.Exists(earlier)
    )
    for event_id, stream_kind, act, payload, kind, has_earlier in rows.iterator(fetched):
        is_first = act != Act.SUBMIT or not has_earlier
        yield event_id, Cause(stream_kind, act, payload, kind, is_first)


def undone(kind: EffectKind) -> models.QuerySet[EventEffect]:
    """The effects of a kind that are still to be done."""
    return EventEffect.objects.filter(kind=kind.value, done_at__isnull=True)


def events_awaiting(kind: EffectKind) -> list[uuid.UUID]:
    """The events with an undone effect of this kind, oldest first."""
    in_order = undone(kind).order_by("event__at", "event__stream_id", "event__sequence")
    return list(in_order.values_list("event_id", flat=True))


def take(event_id: uuid.UUID, kind: EffectKind) -> EventEffect | None:
    """An event's undone effect, locked until the transaction ends.

    None when it is done, when another transaction is at it, or when the event does not call for it.
    """
    return undone(kind).select_for_update(skip_locked=True).filter(event=event_id).first()


def settle_up_to(filing_id: uuid.UUID, sequence: int, kind: EffectKind, *, at: datetime) -> None:
    """Marks the effects of a filing's events up to one as done: what was done stands for all of them."""
    events = Event.objects.filter(filing=filing_id, stream_id=filing_id, sequence__lte=sequence)
    undone(kind).filter(event__in=events).update(done_at=at, outcome=outcome_shown(kind))


def settle(event_id: uuid.UUID, kind: EffectKind, *, at: datetime) -> None:
    """Marks an effect as done, in the transaction of what was done; one that is settled stays as it is.

    Its outcome is what the rows show: a notice or a paper of the event, or that there was nobody to tell.
    """
    undone(kind).filter(event=event_id).update(done_at=at, outcome=outcome_shown(kind))


def outcome_shown(kind: EffectKind) -> models.Case | models.Value:
    """The outcome of effects of a kind as their events' notices or papers show it, for an update of these effects."""
    shown = results_of(kind)
    done = models.Value(EffectOutcome.DONE.value)
    if shown is None:
        return done
    nobody = models.Value(EffectOutcome.NOBODY.value)
    return models.Case(models.When(models.Exists(shown), then=done), default=nobody)


def results_of(kind: EffectKind) -> models.QuerySet[Notice] | models.QuerySet[IssuedDocument] | None:
    """The notices or papers that show an effect of this kind done, for a subquery of effects.

    A notice to the applicant names the applicant, one to an objector the objection, one to an office neither. Traits
    and records are derived and show nothing; what entries leave in the streams of filings is compared with the list.
    """
    event = models.OuterRef("event")
    if kind is EffectKind.PAPER:
        return IssuedDocument.objects.filter(event=event, kind__in=PAPERS)
    if kind in (EffectKind.TRAITS, EffectKind.ENTRIES, EffectKind.RECORD):
        return None
    return Notice.objects.filter(
        event=event,
        applicant__isnull=kind is not EffectKind.TELL_APPLICANT,
        objection__isnull=kind is not EffectKind.TELL_OBJECTOR,
    )


def _is_first_of_joint(event: Event, application: Application | None) -> bool:
    """Whether an event is no submission that came together with one received before."""
    if event.act != Act.SUBMIT or application is None or application.together_id is None:
        return True
    return not _received_before(application.together_id, application.receipt_number).exists()


def _received_before(
    together_id: uuid.UUID | models.OuterRef, receipt_number: str | models.OuterRef
) -> models.QuerySet[Application]:
    """The applications of a joint submission that were received before the one with this receipt number."""
    return Application.objects.filter(together_id=together_id, receipt_number__lt=receipt_number)
