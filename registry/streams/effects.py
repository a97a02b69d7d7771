"""What events call for, as rows: put in with the event, found while undone, settled in the transaction that did it.

A sweep costs what there is to do, never what there is of history: what is undone has an index of its own.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models

from registry.models import Application, Event, EventEffect, IssuedDocument, Notice
from registry.rules.batches.lifecycle import LIST_EFFECTS, ListAct
from registry.rules.workflow.effects import EffectKind, EffectOutcome, effects_of
from registry.rules.workflow.events import outcome_of
from registry.rules.workflow.states import Act, Kind, StreamKind

# The documents that the effect PAPER calls for.
PAPERS = (IssuedDocument.Kind.RECEIPT.value, IssuedDocument.Kind.DECISION.value)


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
    if event.stream_kind == StreamKind.BATCH_LIST:
        return LIST_EFFECTS.get(ListAct(event.act), frozenset())
    if event.stream_kind != StreamKind.FILING:
        return frozenset()
    act, application = Act(event.act), event.application
    return effects_of(
        act,
        kind=Kind(application.kind) if application is not None else None,
        outcome=outcome_of(act, event.payload),
        is_first_of_joint=act is not Act.SUBMIT or _is_first_of_joint(application),
    )


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

    A notice to the applicant names the applicant, one to an office does not. Traits are derived and show nothing;
    what entries leave in the streams of filings is compared with the list itself.
    """
    event = models.OuterRef("event")
    if kind is EffectKind.PAPER:
        return IssuedDocument.objects.filter(event=event, kind__in=PAPERS)
    if kind in (EffectKind.TRAITS, EffectKind.ENTRIES):
        return None
    return Notice.objects.filter(event=event, applicant__isnull=kind is EffectKind.TELL_OFFICE)


def _is_first_of_joint(application: Application | None) -> bool:
    """Whether no application of the same joint submission was received before."""
    if application is None or application.together_id is None:
        return True
    together = Application.objects.filter(together_id=application.together_id)
    return not together.filter(receipt_number__lt=application.receipt_number).exists()
