"""Effects of the events that the version before appended, after going back to it and forward again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from registry.models import Event, EventEffect, EventTold, IssuedDocument
from registry.rules.workflow.effects import EffectKind, acts_calling_for
from registry.rules.workflow.states import StreamKind
from registry.streams.effects import PAPERS, effects_called_for, outcome_shown, undone

_BATCH = 1000


@transaction.atomic
def fill_effects() -> int:
    """Puts in every effect that is missing, done where the version before did it; gives how many were missing."""
    missing = list(_missing())
    EventEffect.objects.bulk_create(missing, batch_size=_BATCH, ignore_conflicts=True)
    _settle_what_was_done()
    return len(missing)


def _missing() -> Iterator[EventEffect]:
    for kind in EffectKind:
        own = EventEffect.objects.filter(event=OuterRef("pk"), kind=kind.value)
        acts = [act.value for act in acts_calling_for(kind)]
        lacking = Event.objects.filter(~Exists(own), stream_kind=StreamKind.FILING.value, act__in=acts)
        for event in lacking.select_related("application").iterator(_BATCH):
            if kind in effects_called_for(event):
                yield EventEffect(event=event, kind=kind.value)


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
