"""What the version before added after going back to it, in the form of this one: effects, and acts about members."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from registry.models import Applicant, Event, EventEffect, EventTold, IssuedDocument, MembershipEvent
from registry.rules.consultations.lifecycle import CONSULTATION_EFFECTS
from registry.rules.endings.lifecycle import STRIKING_OFF_EFFECTS
from registry.rules.members.events import MembershipFacts
from registry.rules.objections.lifecycle import OBJECTION_EFFECTS
from registry.rules.office.events import OFFICE_EFFECTS
from registry.rules.quality.lifecycle import ROUND_EFFECTS
from registry.rules.workflow.effects import EffectKind, acts_calling_for
from registry.rules.workflow.states import StreamKind
from registry.streams import memberships
from registry.streams.chain import events_of
from registry.streams.effects import PAPERS, effects_called_for, events_with_causes, outcome_shown, undone

_BATCH = 1000
# From which the migration that made one table of events derived the ids of the acts it carried over.
_CARRIED = uuid.UUID("0f6e1a34-5c1b-4a5c-9d5e-3f0b1f7c2d91")


@transaction.atomic
def fill_effects() -> int:
    """Puts in every effect that is missing, done where the version before did it; gives how many were missing."""
    missing = list(_missing())
    EventEffect.objects.bulk_create(missing, batch_size=_BATCH, ignore_conflicts=True)
    _settle_what_was_done()
    return len(missing)


def carry_members_over() -> int:
    """Appends the acts about members that stand only in the table of the version before; gives how many.

    They come last in their stream, in the order they were recorded.
    """
    known = set(Event.objects.filter(stream_kind=StreamKind.MEMBERSHIP.value).values_list("pk", flat=True))
    kept = MembershipEvent.objects.select_related("actor").order_by("pk").iterator(_BATCH)
    missing = [row for row in kept if _carried_id(row) not in known]
    for row in missing:
        _carry_over(row)
    return len(missing)


def carry_over_members_of(applicant: Applicant) -> None:
    """Does so for one applicant, before its next act is appended; call with the applicant locked.

    The version before may still have been at work when the others were carried over: the order of the acts is kept.
    """
    rows = list(MembershipEvent.objects.filter(applicant=applicant).select_related("actor").order_by("pk"))
    if not rows:
        return
    known = set(events_of(applicant.pk).values_list("pk", flat=True))
    for row in rows:
        if _carried_id(row) not in known:
            _carry_over(row)


def _carried_id(row: MembershipEvent) -> uuid.UUID:
    return uuid.uuid5(_CARRIED, str(row.pk))


@transaction.atomic
def _carry_over(row: MembershipEvent) -> None:
    Applicant.objects.select_for_update(no_key=True).get(pk=row.applicant_id)
    named = {"account": row.account_id, "invitation": row.invitation_id, "claim": row.claim_id}
    memberships.append(
        row.applicant_id,
        row.act,
        MembershipFacts.of({**row.facts, **named}),
        actor=row.actor,
        province_code=row.province_code,
        at=row.at,
        event_id=_carried_id(row),
    )


def _missing() -> Iterator[EventEffect]:
    for kind in EffectKind:
        own = EventEffect.objects.filter(event=OuterRef("pk"), kind=kind.value)
        lacking = events_with_causes().filter(~Exists(own))
        for event in lacking.filter(_calling_for(kind)).iterator(_BATCH):
            if kind in effects_called_for(event):
                yield EventEffect(event=event, kind=kind.value)


def _calling_for(kind: EffectKind) -> Q:
    """The events whose act may call for an effect of this kind."""
    tables: dict[StreamKind, Iterable[StrEnum]] = {
        StreamKind.FILING: acts_calling_for(kind),
        StreamKind.OBJECTION: [act for act, called in OBJECTION_EFFECTS.items() if kind in called],
        StreamKind.STRIKING_OFF: [act for act, called in STRIKING_OFF_EFFECTS.items() if kind in called],
        StreamKind.CONSULTATION: [act for act, called in CONSULTATION_EFFECTS.items() if kind in called],
        StreamKind.QUALITY_ROUND: [act for act, called in ROUND_EFFECTS.items() if kind in called],
        StreamKind.OFFICE: [act for act, called in OFFICE_EFFECTS.items() if kind in called],
    }
    found = Q(pk__in=[])
    for stream_kind, acts in tables.items():
        found |= Q(stream_kind=stream_kind.value, act__in=[act.value for act in acts])
    return found


def _settle_what_was_done() -> None:
    for kind, (done, moment) in _sources().items():
        of_event = done.filter(event=OuterRef("event"))
        undone(kind).filter(Exists(of_event)).update(
            done_at=Subquery(of_event.values(moment)[:1]), outcome=outcome_shown(kind)
        )


def _sources() -> dict[EffectKind, tuple[QuerySet[Any], str]]:
    """The rows in which the version before noted what it did, and their column with the moment."""
    told = {audience: EventTold.objects.filter(audience=audience.value) for audience in EventTold.Audience}
    return {
        EffectKind.TELL_APPLICANT: (told[EventTold.Audience.APPLICANT], "at"),
        EffectKind.TELL_OFFICE: (told[EventTold.Audience.OFFICE], "at"),
        EffectKind.PAPER: (IssuedDocument.objects.filter(kind__in=PAPERS), "created_at"),
    }
