"""Compares the effects of every event with the table of effects, and what is done with what was made."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, Q

from registry.integrity.reading import FETCHED, SILENT, Progress, side_by_side
from registry.integrity.violations import MALFORMED, Violation
from registry.models import EventEffect
from registry.rules.workflow.effects import NOTICES, EffectKind, EffectOutcome
from registry.streams.effects import causes, effects_by, results_of


def find_effect_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every effect that is missing, that its event does not call for, or that is done without a result."""
    stored = EventEffect.objects.order_by("event_id", "kind").values_list("event_id", "kind")
    for event_id, (called, effects) in side_by_side(
        progress.through(causes(FETCHED), "effects"), stored.iterator(FETCHED)
    ):
        try:
            expected = {kind.value for _event_id, cause in called for kind in effects_by(cause)}
        except MALFORMED as error:
            yield Violation("effects_unreadable", str(event_id), type(error).__name__)
            continue
        found = {kind for _event_id, kind in effects}
        for kind in sorted(expected - found):
            yield Violation("effect_missing", str(event_id), kind)
        for kind in sorted(found - expected):
            yield Violation("effect_not_called_for", str(event_id), kind)
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
