"""Verifies streams of events: their hash chains, and the rows of filings and applications against their fold."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from registry.book.rows import event_record, names_before, row_columns, row_values
from registry.integrity.reading import FETCHED, SILENT, Progress, in_batches
from registry.integrity.violations import MALFORMED, Report
from registry.models import Application, Event, Filing
from registry.rules.workflow.hash_chain import GENESIS
from registry.rules.workflow.projection import FilingRow, fold, with_names_before
from registry.rules.workflow.states import StreamKind
from registry.streams.chain import StoredEvent, hash_of, stored_events

_FILING_COLUMNS = row_columns(Filing)
_APPLICATION_COLUMNS = (*row_columns(Application), "filing_id")

Values = dict[str, Any]


@dataclass(slots=True)
class _Stream:
    """What the events of one stream say of its rows, before the rows are loaded, and what was found so far.

    `failure` names the error that ended the fold; what was folded before it is compared all the same.
    """

    stream_id: uuid.UUID
    found: Report = field(default_factory=Report)
    is_of_filing: bool = True
    row: FilingRow | None = None
    filing: Values | None = None
    applications: dict[uuid.UUID, Values] = field(default_factory=dict)
    failure: str = ""


def verify_streams(report: Report, progress: Progress = SILENT) -> None:
    """Verifies every stream, and finds the filings and applications that no stream accounts for."""
    events = progress.through(stored_events(Event.objects.all(), fetched=FETCHED), "events")
    in_streams = groupby(events, key=attrgetter("stream_id"))
    failed: list[uuid.UUID] = []
    for batch in in_batches(_fold(stream_id, list(group)) for stream_id, group in in_streams):
        _compare_rows(report, batch)
        failed += [stream.stream_id for stream in batch if stream.failure]
    _find_rows_without_events(report, failed)


def verify_one_stream(report: Report, events: Sequence[StoredEvent]) -> None:
    """Verifies one stream, given by all of its events in sequence."""
    _compare_rows(report, [_fold(events[0].stream_id, events)])


def _fold(stream_id: uuid.UUID, events: Sequence[StoredEvent]) -> _Stream:
    """Verifies the chain of one stream and folds it; only a stream of a filing has rows here."""
    stream = _Stream(stream_id)
    try:
        _verify_chain(stream.found, stream_id, events)
        if not any(event.stream_kind == StreamKind.FILING for event in events):
            stream.is_of_filing = False
            return stream
        projection = fold(event_record(event) for event in events)
        if projection.filing is not None:
            stream.row = projection.filing
            stream.filing = row_values(Filing, projection.filing)
        for key, row in projection.applications.items():
            stream.applications[uuid.UUID(key)] = row_values(Application, row)
    except MALFORMED as error:
        stream.failure = type(error).__name__
    return stream


def _verify_chain(found: Report, stream_id: uuid.UUID, events: Iterable[StoredEvent]) -> None:
    previous = GENESIS
    for position, event in enumerate(events, start=1):
        found.count("events")
        if event.sequence != position:
            found.add("sequence_broken", stream_id, f"{event.sequence} instead of {position}")
        if event.previous_hash != previous:
            found.add("chain_broken", stream_id, f"event {event.sequence}")
        if hash_of(event) != event.hash:
            found.add("event_altered", stream_id, f"event {event.sequence}")
        previous = event.hash
        is_of_members = event.stream_kind == StreamKind.MEMBERSHIP
        if event.filing_id not in (None, stream_id) or (is_of_members and event.applicant_id != stream_id):
            found.add("event_in_another_stream", stream_id, f"event {event.sequence}")


def _compare_rows(report: Report, batch: Sequence[_Stream]) -> None:
    """Loads the rows of several streams at once, and compares each with what its events say."""
    of_filings = [stream for stream in batch if stream.is_of_filing]
    filings = _stored(Filing, _FILING_COLUMNS, [stream.stream_id for stream in of_filings])
    keys = [key for stream in of_filings for key in stream.applications]
    applications = _stored(Application, _APPLICATION_COLUMNS, keys)
    for stream in batch:
        found, row = stream.found, filings.get(stream.stream_id)
        if stream.filing is not None:
            found.count("filings")
            _compare(found, "filing", stream.stream_id, row, _with_names(stream, row))
        elif row is not None and not stream.failure:
            found.add("row_without_events", stream.stream_id, "filing")
        for key, values in stream.applications.items():
            found.count("applications")
            row = applications.get(key)
            if row is not None and (row["filing_id"] or key) != stream.stream_id:
                found.add("application_in_another_stream", key, str(row["filing_id"]))
            _compare(found, "application", key, row, values)
        if stream.failure:
            found.add("stream_does_not_fold", stream.stream_id, stream.failure)
        report.take_in(found)


def _with_names(stream: _Stream, stored: Values | None) -> Values:
    """What the events say of a filing; where its row has further names, with those of the applicant's other streams."""
    expected = stream.filing or {}
    names = "former_applicant_names"
    if stored is None or stream.row is None or stored[names] == expected[names]:
        return expected
    try:
        brought = names_before(Filing.objects.get(pk=stream.stream_id))
    except MALFORMED:
        return expected
    return row_values(Filing, with_names_before(stream.row, brought))


def _stored(
    model: type[models.Model], columns: Sequence[str], keys: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Values]:
    """The rows with these keys, by key, with no more than the columns that are compared."""
    rows: Iterator[Values] = model._default_manager.filter(pk__in=keys).values("pk", *columns).iterator()
    return {row["pk"]: row for row in rows}


def _compare(report: Report, table: str, subject: object, row: Values | None, expected: Values) -> None:
    if row is None:
        report.add("events_without_row", subject, table)
        return
    for name, value in expected.items():
        if row[name] != value:
            report.add("row_differs_from_events", subject, f"{table}.{name}")


def _find_rows_without_events(report: Report, failed: Sequence[uuid.UUID]) -> None:
    """Rows that no event stands for, or only events of streams that do not fold.

    That a filing has events but none that opened it is found where its stream is compared.
    """
    folded = Event.objects.filter(stream_kind=StreamKind.FILING.value).exclude(stream_id__in=failed)
    causes = {
        Filing: folded.filter(stream_id=OuterRef("pk")),
        Application: folded.filter(application=OuterRef("pk")),
    }
    for model, events in causes.items():
        lacking = model._default_manager.filter(~Exists(events)).order_by("pk").values_list("pk", flat=True)
        for key in lacking.iterator(FETCHED):
            report.add("row_without_events", key, model._meta.model_name or "")
