"""Compares every batch list with its events, its entries, its files and the filings it names."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db.models import F

from registry.batches import files
from registry.batches.lists import list_values, rows_of
from registry.errors import FilingError
from registry.integrity.violations import Violation
from registry.models import BatchEntry, BatchFile, BatchList, Event, ListCounter
from registry.rules.batches.events import Proposal, manifest_sha256_of, rows_sha256
from registry.rules.batches.fold import ListRow, fold_list
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListAct, ListState
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.workflow.events import list_number_of, list_position_of
from registry.rules.workflow.states import Act, StreamKind
from registry.storage.encrypted_files import storage_name
from registry.streams.lists import list_event_record

_BATCH = 2000
_MALFORMED = (FilingError, KeyError, ValueError, TypeError, AttributeError, ValidationError)
_NUMBERED = (ListState.FROZEN, ListState.PUBLISHED, ListState.FINAL)


def find_list_violations() -> Iterator[Violation]:
    """Yields every list that differs from its events, entry that does not fit, and file that is not the one made."""
    known: set[uuid.UUID] = set()
    events = Event.objects.filter(stream_kind=StreamKind.BATCH_LIST.value).order_by("stream_id", "sequence")
    for stream_id, group in groupby(events.iterator(_BATCH), key=lambda event: event.stream_id):
        known.add(stream_id)
        yield from _differences(stream_id, list(group))
    for row in BatchList.objects.exclude(pk__in=known):
        yield Violation("list_without_events", str(row.pk))
    yield from _entry_violations()
    yield from _number_violations()
    yield from _file_violations()


def _differences(stream_id: uuid.UUID, events: list[Event]) -> Iterator[Violation]:
    row = BatchList.objects.filter(pk=stream_id).first()
    if row is None:
        yield Violation("events_without_row", str(stream_id), "batch_list")
        return
    try:
        expected = list_values(_fold(events))
        proposed = {each.filing for each in Proposal.of(events[0].payload).entries}
    except _MALFORMED as error:
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
    for filing_id in entries.values_list("filing_id", flat=True).iterator(_BATCH):
        if str(filing_id) not in proposed:
            yield Violation("list_entry_not_proposed", str(stream_id), str(filing_id))
    yield from _manifest_violations(row, events)


def _fold(events: list[Event]) -> ListRow:
    return fold_list(list_event_record(event) for event in events)


def _manifest_violations(row: BatchList, events: list[Event]) -> Iterator[Violation]:
    """The manifest of a public list is the one its publication recorded, and names every other file as it is."""
    made = {each.format: each for each in BatchFile.objects.filter(batch_list=row)}
    if row.state not in PUBLIC_STATES:
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
    except _MALFORMED as error:
        yield Violation("list_manifest_unreadable", str(row.pk), type(error).__name__)
        return
    for name, file in made.items():
        if file is not manifest and named.get(name) != file.sha256:
            yield Violation("list_file_not_in_manifest", str(row.pk), name)


def _entry_violations() -> Iterator[Violation]:
    """Entries name a filing by its number, by the province of that number, and the filing's stream notes them."""
    differing = BatchEntry.objects.exclude(number=F("filing__number"))
    for entry in differing.iterator(_BATCH):
        yield Violation("list_entry_with_another_number", str(entry.batch_list_id), entry.number)
    entries = BatchEntry.objects.select_related("filing").only(
        "batch_list_id", "number", "province_code", "filing__division_code"
    )
    for entry in entries.iterator(_BATCH):
        if province_code_of(entry.filing.division_code or "") != entry.province_code:
            yield Violation("list_entry_in_another_province", str(entry.batch_list_id), entry.number)
    listed = {
        (filing, number, position)
        for filing, number, position in BatchEntry.objects.filter(
            batch_list__state__in=[state.value for state in PUBLIC_STATES]
        ).values_list("filing_id", "batch_list__number", "position")
    }
    for event in Event.objects.filter(act=Act.ENTER_IN_LIST.value).iterator(_BATCH):
        place = (event.stream_id, list_number_of(event.payload), list_position_of(event.payload))
        if place not in listed:
            yield Violation("noted_entry_missing", str(event.stream_id), str(place[1]))


def _number_violations() -> Iterator[Violation]:
    """The numbers of a kind of list run from 1 to its counter without a gap."""
    for counter in ListCounter.objects.order_by("kind"):
        given = set(
            BatchList.objects.filter(kind=counter.kind, number__isnull=False).values_list("number", flat=True)
        )
        if given != set(range(1, counter.last + 1)):
            yield Violation("list_numbers_have_gaps", counter.kind, f"last {counter.last}")


def _file_violations() -> Iterator[Violation]:
    """Every file is there with its SHA-256, and every stored file has a row."""
    known: set[str] = set()
    for row in BatchFile.objects.iterator(_BATCH):
        known.add(storage_name(row.pk))
        if not files.STORE.path(row.pk).is_file():
            yield Violation("list_file_missing", str(row.pk))
            continue
        try:
            content = files.STORE.read(row.pk)
        except FilingError as error:
            yield Violation("list_file_unreadable", str(row.pk), error.code)
            continue
        if hashlib.sha256(content).hexdigest() != row.sha256:
            yield Violation("list_file_altered", str(row.pk))
    for name in files.STORE.names():
        if name not in known:
            yield Violation("list_file_without_row", name)
