"""Compares every objection with its events, its sealed texts, its files and its receipt number."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.db.models import Exists, F, OuterRef

from registry.batches import evidence
from registry.batches.holds import held_at_the_end
from registry.batches.objection_parts import is_as_sealed
from registry.integrity.files import verify_store
from registry.integrity.reading import FETCHED, SILENT, Progress, in_batches
from registry.integrity.violations import MALFORMED, Report, Violation
from registry.models import BatchList, Event, Objection, ObjectionCounter, ObjectionFile, ObjectionPart
from registry.rules.batches.lifecycle import ListState
from registry.rules.objections.events import Question, Receipt, Sealed, text_of_answer
from registry.rules.objections.fold import fold_objection
from registry.rules.objections.lifecycle import ObjectionAct
from registry.rules.workflow.states import StreamKind
from registry.streams.writer import act_record, column_values


def find_objection_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every objection that differs from its events, text or file that was altered, and gap in the numbers.

    Nothing that a person wrote appears: violations are printed and logged. A part or file that was erased is none.
    """
    events = Event.objects.filter(stream_kind=StreamKind.OBJECTION.value).order_by("stream_id", "sequence")
    streams = groupby(
        progress.through(events.iterator(FETCHED), "events of objections"), key=lambda event: event.stream_id
    )
    for batch in in_batches((stream_id, list(group)) for stream_id, group in streams):
        yield from _batch_violations(batch)
    recorded = events.order_by().filter(stream_id=OuterRef("pk"))
    for key in Objection.objects.filter(~Exists(recorded)).values_list("pk", flat=True):
        yield Violation("row_without_events", str(key), "objection")
    yield from _entry_violations()
    yield from _number_violations()
    report = Report()
    verify_store(report, "objection_file", evidence.STORE, ObjectionFile.objects.all(), progress)
    yield from report.violations


def _batch_violations(batch: Sequence[tuple[uuid.UUID, list[Event]]]) -> Iterator[Violation]:
    keys = [stream_id for stream_id, _events in batch]
    rows = Objection.objects.in_bulk(keys)
    parts: dict[uuid.UUID, list[ObjectionPart]] = defaultdict(list)
    for part in ObjectionPart.objects.filter(objection__in=keys):
        parts[part.objection_id].append(part)
    files: dict[uuid.UUID, list[ObjectionFile]] = defaultdict(list)
    for file in ObjectionFile.objects.filter(objection__in=keys):
        files[file.objection_id].append(file)
    for stream_id, events in batch:
        if stream_id not in rows:
            yield Violation("events_without_row", str(stream_id), "objection")
            continue
        yield from _differences(rows[stream_id], events, parts[stream_id], files[stream_id])


def _differences(
    row: Objection, events: list[Event], parts: list[ObjectionPart], files: list[ObjectionFile]
) -> Iterator[Violation]:
    try:
        expected = column_values(fold_objection(act_record(event, ObjectionAct) for event in events))
        receipt, sealed = Receipt.of(events[0].payload), dict(_sealed(events))
    except MALFORMED as error:
        yield Violation("stream_does_not_fold", str(row.pk), type(error).__name__)
        return
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield Violation("row_differs_from_events", str(row.pk), f"objection.{name}")
    for part in parts:
        try:
            is_whole = part.kind in sealed and is_as_sealed(part, sealed[part.kind])
        except MALFORMED as error:
            yield Violation("objection_part_unreadable", str(part.pk), getattr(error, "code", ""))
            continue
        if not is_whole:
            yield Violation("objection_part_altered", str(part.pk), part.kind)
    stated = {(each.file, each.sha256) for each in receipt.files}
    for file in files:
        if (str(file.pk), file.sha256) not in stated:
            yield Violation("objection_file_not_as_received", str(file.pk))


def _sealed(events: list[Event]) -> Iterator[tuple[str, Sealed]]:
    """What the events say of each kind of part."""
    for event in events:
        if event.act == ObjectionAct.RECEIVE:
            yield ObjectionPart.Kind.STATEMENT.value, Receipt.of(event.payload).statement
        elif event.act == ObjectionAct.SEND:
            yield ObjectionPart.Kind.QUESTION.value, Question.of(event.payload).text
        elif event.act == ObjectionAct.ANSWER:
            yield ObjectionPart.Kind.ANSWER.value, text_of_answer(event.payload)


def _entry_violations() -> Iterator[Violation]:
    """An objection names an entry with its filing; what a final list held back was objected to."""
    for row in Objection.objects.exclude(filing=F("entry__filing")):
        yield Violation("objection_to_another_filing", str(row.pk))
    for batch_list in BatchList.objects.filter(state=ListState.FINAL.value):
        objected = Objection.objects.filter(entry__batch_list=batch_list)
        positions = set(objected.values_list("entry__position", flat=True))
        for position in held_at_the_end(batch_list):
            if position not in positions:
                yield Violation("held_entry_without_objection", str(batch_list.pk), str(position))


def _number_violations() -> Iterator[Violation]:
    """The receipt numbers of a year run from 1 to its counter without a gap."""
    given: dict[str, set[int]] = {}
    for text in Objection.objects.values_list("receipt_number", flat=True).iterator(FETCHED):
        year, _kind, number = text.split("-") if text.count("-") == 2 else (text, "", "")
        given.setdefault(year, set()).add(int(number) if number.isdecimal() else 0)
    counters = {str(each.year): each.last for each in ObjectionCounter.objects.all()}
    for year in sorted(given.keys() | counters.keys()):
        if given.get(year, set()) != set(range(1, counters.get(year, 0) + 1)):
            yield Violation("objection_numbers_have_gaps", year, f"last {counters.get(year, 0)}")
