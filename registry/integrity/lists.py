"""Compares every batch list with its events, its entries, its files and the filings it names."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from itertools import groupby

from django.db.models import F

from registry.batches import files
from registry.batches.lists import rows_of
from registry.integrity.files import verify_store
from registry.integrity.list_kinds import find_correction_violations, find_ending_violations
from registry.integrity.reading import FETCHED, SILENT, Progress, side_by_side
from registry.integrity.violations import MALFORMED, Report, Violation
from registry.models import BatchEntry, BatchFile, BatchList, Event, ListCounter
from registry.rules.batches.events import Proposal, manifest_sha256_of, rows_sha256
from registry.rules.batches.fold import ListRow, fold_list
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListAct, ListState
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.workflow.events import list_kind_of, list_number_of, list_position_of
from registry.rules.workflow.states import Act, StreamKind
from registry.streams.writer import act_record, column_values

_NUMBERED = (ListState.FROZEN, ListState.PUBLISHED, ListState.FINAL)


def find_list_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every list that differs from its events, entry that does not fit, and file that is not the one made."""
    known: set[uuid.UUID] = set()
    events = Event.objects.filter(stream_kind=StreamKind.BATCH_LIST.value).order_by("stream_id", "sequence")
    for stream_id, group in groupby(events.iterator(FETCHED), key=lambda event: event.stream_id):
        known.add(stream_id)
        yield from _differences(stream_id, list(group))
    for row in BatchList.objects.exclude(pk__in=known):
        yield Violation("list_without_events", str(row.pk))
    yield from _entry_violations(progress)
    yield from find_ending_violations()
    yield from find_correction_violations()
    yield from _number_violations()
    yield from _file_violations(progress)


def _differences(stream_id: uuid.UUID, events: list[Event]) -> Iterator[Violation]:
    row = BatchList.objects.filter(pk=stream_id).first()
    if row is None:
        yield Violation("events_without_row", str(stream_id), "batch_list")
        return
    try:
        expected = column_values(_fold(events))
        named = _filings_named(row, events)
    except MALFORMED as error:
        yield Violation("stream_does_not_fold", str(stream_id), type(error).__name__)
        return
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield Violation("row_differs_from_events", str(stream_id), f"batch_list.{name}")
    rows = rows_of(row)
    if row.state in _NUMBERED:
        if rows_sha256(rows) != expected["rows_sha256"]:
            yield Violation("list_entries_altered", str(stream_id), f"{len(rows)} of {expected['count']}")
    elif rows:
        yield Violation("list_entries_before_the_freeze", str(stream_id))
    entries = BatchEntry.objects.filter(batch_list=row)
    for filing_id in entries.values_list("filing_id", flat=True).iterator(FETCHED):
        if str(filing_id) not in named:
            yield Violation("list_entry_not_proposed", str(stream_id), str(filing_id))
    yield from _manifest_violations(row, events)


def _filings_named(row: BatchList, events: list[Event]) -> set[str]:
    """The filings that a list may name: those proposed, or of an imported list those that it brought."""
    if events[0].act != ListAct.IMPORT:
        return {each.filing for each in Proposal.of(events[0].payload).entries}
    imports = Event.objects.filter(act=Act.IMPORT.value, filing__batch_entries__batch_list=row)
    found = imports.values_list("stream_id", "payload").iterator(FETCHED)
    return {str(stream) for stream, payload in found if list_number_of(payload) == row.number}


def _fold(events: list[Event]) -> ListRow:
    return fold_list(act_record(event, ListAct) for event in events)


def _manifest_violations(row: BatchList, events: list[Event]) -> Iterator[Violation]:
    """The manifest of a public list is the one its publication recorded, and names every other file as it is."""
    made = {each.format: each for each in BatchFile.objects.filter(batch_list=row)}
    # An imported list was published elsewhere, and so were its files.
    if row.state not in PUBLIC_STATES or row.is_imported:
        return
    for each in BatchFile.Format.values:
        if each not in made:
            yield Violation("list_file_not_made", str(row.pk), each)
    manifest = made.get(BatchFile.Format.MANIFEST.value)
    if manifest is None:
        return
    stated = next(manifest_sha256_of(event.payload) for event in events if event.act == ListAct.PUBLISH)
    if manifest.sha256 != stated:
        yield Violation("list_manifest_not_as_published", str(row.pk))
    try:
        named = {
            each["format"]: each["sha256"] for each in json.loads(files.STORE.read(manifest.pk))["files"]
        }
    except MALFORMED as error:
        yield Violation("list_manifest_unreadable", str(row.pk), type(error).__name__)
        return
    for name, file in made.items():
        if file is not manifest and named.get(name) != file.sha256:
            yield Violation("list_file_not_in_manifest", str(row.pk), name)


def _entry_violations(progress: Progress) -> Iterator[Violation]:
    """Entries name a filing by its number, by the province of that number, and the filing's stream notes them."""
    differing = BatchEntry.objects.exclude(number=F("filing__number"))
    for entry in differing.iterator(FETCHED):
        yield Violation("list_entry_with_another_number", str(entry.batch_list_id), entry.number)
    entries = BatchEntry.objects.values_list(
        "batch_list_id", "number", "province_code", "filing__division_code"
    )
    for list_id, number, province_code, division_code in progress.through(
        entries.iterator(FETCHED), "entries of lists"
    ):
        if province_code_of(division_code or "") != province_code:
            yield Violation("list_entry_in_another_province", str(list_id), number)
    yield from _noted_entries_that_are_missing()


def _noted_entries_that_are_missing() -> Iterator[Violation]:
    """What the streams of filings note of public lists, filing by filing beside the entries of these lists."""
    public = BatchEntry.objects.filter(batch_list__state__in=[state.value for state in PUBLIC_STATES])
    entries = public.order_by("filing_id").values_list("filing_id", "kind", "batch_list__number", "position")
    acts = (Act.ENTER_IN_LIST.value, Act.IMPORT.value)
    noting = Event.objects.filter(act__in=acts).order_by("stream_id", "sequence")
    notes = noting.values_list("stream_id", "pk", "payload")
    for filing_id, (listed, noted) in side_by_side(entries.iterator(FETCHED), notes.iterator(FETCHED)):
        places = {tuple(place) for _filing_id, *place in listed}
        for _filing_id, event_id, payload in noted:
            try:
                place = (list_kind_of(payload), list_number_of(payload), list_position_of(payload))
            except MALFORMED as error:
                yield Violation("event_malformed", str(event_id), type(error).__name__)
                continue
            if place not in places:
                yield Violation("noted_entry_missing", str(filing_id), f"{place[0]} {place[1]}")


def _number_violations() -> Iterator[Violation]:
    """The numbers of a kind of list run from 1 to its counter without a gap."""
    for counter in ListCounter.objects.order_by("kind"):
        given = set(
            BatchList.objects.filter(kind=counter.kind, number__isnull=False).values_list("number", flat=True)
        )
        if given != set(range(1, counter.last + 1)):
            yield Violation("list_numbers_have_gaps", counter.kind, f"last {counter.last}")


def _file_violations(progress: Progress) -> Iterator[Violation]:
    """Every file is there with its SHA-256, and every stored file has a row."""
    found = Report()
    verify_store(found, "list_file", files.STORE, BatchFile.objects.all(), progress)
    yield from found.violations
