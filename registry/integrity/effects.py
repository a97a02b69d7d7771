"""Compares the effects of every event with the table of effects, and what is done with what was made."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, Prefetch, Q

from registry.errors import FilingError
from registry.integrity.violations import Violation
from registry.models import EventEffect
from registry.rules.workflow.effects import NOTICES, EffectKind, EffectOutcome
from registry.streams.effects import effects_called_for, events_with_causes, results_of

_BATCH = 2000


def find_effect_violations() -> Iterator[Violation]:
    """Yields every effect that is missing, that its event does not call for, or that is done without a result."""
    kinds = Prefetch("effects", EventEffect.objects.only("event_id", "kind"))
    events = events_with_causes().prefetch_related(kinds)
    for event in events.order_by("pk").iterator(_BATCH):
        try:
            expected = {kind.value for kind in effects_called_for(event)}
        except (FilingError, KeyError, ValueError, TypeError, AttributeError) as error:
            yield Violation("effects_unreadable", str(event.pk), type(error).__name__)
            continue
        found = {effect.kind for effect in event.effects.all()}
        for kind in sorted(expected - found):
            yield Violation("effect_missing", str(event.pk), kind)
        for kind in sorted(found - expected):
            yield Violation("effect_not_called_for", str(event.pk), kind)
    yield from _done_without_result()


def _done_without_result() -> Iterator[Violation]:
    """Effects that are done without what they call for: only a notice may have had nobody to be made for."""
    for kind in EffectKind:
        results = results_of(kind)
        lacking = Q(pk__in=[]) if kind in NOTICES else Q(outcome=EffectOutcome.NOBODY.value)
        if results is not None:
            lacking |= Q(~Exists(results), outcome=EffectOutcome.DONE.value)
        found = EventEffect.objects.filter(lacking, kind=kind.value).order_by("pk")
        for event_id in found.values_list("event_id", flat=True):
            yield Violation("effect_without_result", str(event_id), kind.value)
