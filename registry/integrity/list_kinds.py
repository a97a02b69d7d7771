"""What entries of lists of endings and of corrigenda must be beside what every entry must be."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.db.models import F, Q

from registry.integrity.reading import FETCHED
from registry.integrity.violations import Violation
from registry.models import BatchEntry
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import ENDING_LISTS, PUBLIC_STATES, ListKind

_PUBLIC = [state.value for state in PUBLIC_STATES]


def find_ending_violations() -> Iterator[Violation]:
    """What is announced as ended has ended so, on the day that the list prints."""
    for standing, kind in ENDING_LISTS.items():
        entries = BatchEntry.objects.filter(kind=kind.value)
        for entry in entries.exclude(filing__standing=standing.value).iterator(FETCHED):
            yield Violation("list_entry_not_ended", str(entry.batch_list_id), entry.number)
    cancelled = BatchEntry.objects.filter(kind=ListKind.CANCELLED.value)
    struck_off = BatchEntry.objects.filter(kind=ListKind.STRUCK_OFF.value)
    as_decided = {"ended_on": F("filing__struck_off_on"), "end_ground": F("filing__end_ground")}
    for differing in (
        cancelled.exclude(ended_on=F("filing__cancelled_on")),
        struck_off.exclude(**as_decided),
    ):
        for entry in differing.iterator(FETCHED):
            yield Violation("list_entry_with_another_day", str(entry.batch_list_id), entry.number)


def find_correction_violations() -> Iterator[Violation]:
    """A corrigendum corrects an entry of a list in public, of the same filing, as it stood after those before it."""
    corrections = BatchEntry.objects.filter(kind=ListKind.CORRIGENDA.value)
    missing = Q(corrects__isnull=True) | Q(corrects__kind=ListKind.CORRIGENDA.value)
    unpublished = ~Q(corrects__batch_list__state__in=_PUBLIC)
    for entry in corrections.filter(missing | unpublished):
        yield Violation("corrected_entry_missing", str(entry.batch_list_id), str(entry.position))
    said: dict[tuple[uuid.UUID | None, str], str] = {}
    withdrawn: set[uuid.UUID | None] = set()
    ordered = corrections.filter(corrects__isnull=False).order_by("batch_list__number", "position")
    for entry in ordered.select_related("corrects").iterator(FETCHED):
        corrected, place = entry.corrects, (entry.corrects_id, entry.column)
        if corrected is None or corrected.filing_id != entry.filing_id or corrected.number != entry.number:
            yield Violation("correction_of_another_filing", str(entry.batch_list_id), str(entry.position))
            continue
        is_withdrawal = entry.column == CorrectedColumn.ENTRY
        before = "" if is_withdrawal else said.get(place, getattr(corrected, entry.column, ""))
        if entry.before != before or entry.corrects_id in withdrawn:
            yield Violation("correction_of_what_was_not_said", str(entry.batch_list_id), str(entry.position))
        said[place] = entry.after
        if is_withdrawal:
            withdrawn.add(entry.corrects_id)
