"""Compares proposals of an office's changes with their events, and what was proposed with the digest its event has."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from registry.integrity.reading import FETCHED, SILENT, Progress, in_batches
from registry.integrity.violations import MALFORMED, Violation
from registry.models import Event, OfficeProposal
from registry.rules.office.events import OfficeAct
from registry.rules.office.proposals import fold_proposal
from registry.rules.workflow.states import StreamKind
from registry.streams.office_proposals import digest_of
from registry.streams.writer import act_record, column_values


def find_office_proposal_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every proposal that is not what its events say, and every one that was opened and has no row."""
    rows = progress.through(OfficeProposal.objects.order_by("pk").iterator(FETCHED), "proposals")
    for batch in in_batches(rows):
        events: dict[object, list[Event]] = {}
        for event in Event.objects.filter(stream_id__in=[row.pk for row in batch]).order_by("sequence"):
            events.setdefault(event.stream_id, []).append(event)
        for row in batch:
            yield from _differences(row, events.get(row.pk, []))
    opened = Event.objects.filter(
        stream_kind=StreamKind.OFFICE.value, act=OfficeAct.CHANGE_PROPOSED.value
    ).filter(~Exists(OfficeProposal.objects.filter(pk=OuterRef("stream_id"))))
    for key in opened.values_list("stream_id", flat=True):
        yield Violation("events_without_row", str(key), "office_proposal")


def _differences(row: OfficeProposal, events: list[Event]) -> Iterator[Violation]:
    if not events:
        yield Violation("row_without_events", str(row.pk), "office_proposal")
        return
    try:
        expected = column_values(fold_proposal(act_record(event, OfficeAct) for event in events))
    except MALFORMED as error:
        yield Violation("stream_does_not_fold", str(row.pk), type(error).__name__)
        return
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield Violation("row_differs_from_events", str(row.pk), f"office_proposal.{name}")
    if digest_of(row.content) != row.content_sha256:
        yield Violation("proposal_altered", str(row.pk))
