"""Compares the rows of what folds its own stream (an objection, a striking off) with events, sealed texts and files."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, prefetch_related_objects

from registry.integrity.files import verify_store
from registry.integrity.reading import FETCHED, SILENT, Progress, in_batches
from registry.integrity.violations import MALFORMED, Report, Violation
from registry.models import Event, EvidenceFile, SealedText
from registry.rules.workflow.events import evidence_seen
from registry.rules.workflow.sealed import EvidenceFile as StatedFile
from registry.rules.workflow.sealed import Sealed
from registry.rules.workflow.states import StreamKind
from registry.storage.evidence import EvidenceStore
from registry.storage.sealed_texts import is_as_sealed
from registry.streams.writer import act_record, column_values

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

AnyAside = TypeVar("AnyAside", SealedText, EvidenceFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceedings:
    """What is compared: the streams of a kind, their rows, and what stands apart from them.

    `owner` is the column by which texts and files name their row; `sealed` gives what the events hold of each kind of
    text, `stated` what they hold of files.
    """

    name: str
    stream_kind: StreamKind
    acts: type[StrEnum]
    fold: Callable[[Iterable[Any]], DataclassInstance]
    rows: type[models.Model]
    texts: type[SealedText]
    store: EvidenceStore
    owner: str
    sealed: Callable[[Sequence[Event]], Iterable[tuple[str, Sealed]]]
    stated: Callable[[Sequence[Event]], Iterable[StatedFile]]


def find_proceeding_violations(of: Proceedings, progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every row that differs from its events, and every text or file that was altered.

    Nothing that a person wrote appears: violations are printed and logged. A text or file that was erased is none.
    """
    events = Event.objects.filter(stream_kind=of.stream_kind.value).order_by("stream_id", "sequence")
    read = progress.through(events.iterator(FETCHED), f"events of {of.stream_kind.value}")
    streams = groupby(read, key=lambda event: event.stream_id)
    for batch in in_batches((stream_id, list(group)) for stream_id, group in streams):
        yield from _batch_violations(of, batch)
    recorded = events.order_by().filter(stream_id=OuterRef("pk"))
    for key in of.rows._default_manager.filter(~Exists(recorded)).values_list("pk", flat=True):
        yield Violation("row_without_events", str(key), of.name)
    report = Report()
    verify_store(report, f"{of.name}_file", of.store, of.store.kept_here(), progress)
    yield from report.violations


def find_gaps_in_numbers(
    name: str, numbers: Iterable[str], counters: Mapping[int, int]
) -> Iterator[Violation]:
    """The numbers of a year, such as 2026-YY-000001, run from 1 to its counter without a gap."""
    given: dict[str, set[int]] = {}
    for text in numbers:
        year, _kind, number = text.split("-") if text.count("-") == 2 else (text, "", "")
        given.setdefault(year, set()).add(int(number) if number.isdecimal() else 0)
    last = {str(year): counted for year, counted in counters.items()}
    for year in sorted(given.keys() | last.keys()):
        if given.get(year, set()) != set(range(1, last.get(year, 0) + 1)):
            yield Violation(f"{name}_numbers_have_gaps", year, f"last {last.get(year, 0)}")


def _batch_violations(of: Proceedings, batch: Sequence[tuple[uuid.UUID, list[Event]]]) -> Iterator[Violation]:
    keys = [stream_id for stream_id, _events in batch]
    rows = of.rows._default_manager.in_bulk(keys)
    texts = _by_owner(of, of.texts, keys)
    files = _by_owner(of, of.store.rows, keys)
    for stream_id, events in batch:
        if stream_id not in rows:
            yield Violation("events_without_row", str(stream_id), of.name)
            continue
        yield from _differences(of, rows[stream_id], events, texts[stream_id], files[stream_id])


def _by_owner(
    of: Proceedings, model: type[AnyAside], keys: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[AnyAside]]:
    found: dict[uuid.UUID, list[AnyAside]] = defaultdict(list)
    rows = list(model._default_manager.filter(**{f"{of.owner}__in": keys}))
    if issubclass(model, EvidenceFile):
        prefetch_related_objects(rows, "attachment")
    for each in rows:
        found[getattr(each, f"{of.owner}_id")].append(each)
    return found


def _differences(
    of: Proceedings,
    row: models.Model,
    events: list[Event],
    texts: Iterable[SealedText],
    files: Iterable[EvidenceFile],
) -> Iterator[Violation]:
    try:
        expected = column_values(of.fold(act_record(event, of.acts) for event in events))
        sealed = dict(of.sealed(events))
        stated = {(each.file, each.sha256) for each in of.stated(events)}
        seen = {(each.file, each.sha256) for event in events for each in evidence_seen(event.payload)}
    except MALFORMED as error:
        yield Violation("stream_does_not_fold", str(row.pk), type(error).__name__)
        return
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield Violation("row_differs_from_events", str(row.pk), f"{of.name}.{name}")
    for text in texts:
        kind = text.kind
        try:
            is_whole = kind in sealed and is_as_sealed(text, sealed[kind])
        except MALFORMED as error:
            yield Violation(f"{of.name}_part_unreadable", str(text.pk), getattr(error, "code", ""))
            continue
        if not is_whole:
            yield Violation(f"{of.name}_part_altered", str(text.pk), kind)
    for file in files:
        if (str(file.pk), file.sha256) not in stated or not file.is_as_received:
            yield Violation(f"{of.name}_file_not_as_received", str(file.pk))
        if any(key == str(file.pk) and digest != file.readable_sha256 for key, digest in seen):
            yield Violation(f"{of.name}_file_not_as_seen", str(file.pk))
