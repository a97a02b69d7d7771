"""Compares every round of quality sampling with its events: the draw made again, its row, its cases, their parts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.db.models import Exists, OuterRef

from registry.integrity.reading import FETCHED, SILENT, Progress
from registry.integrity.violations import MALFORMED, Violation
from registry.models import Event, QualityCase, QualityPart, QualityRound
from registry.rules.quality.draw import digest_of_cases, draw
from registry.rules.quality.events import Draw
from registry.rules.quality.fold import RoundRecord, fold_cases, fold_round, parts_in
from registry.rules.quality.lifecycle import RoundAct
from registry.rules.workflow.states import StreamKind
from registry.streams.writer import act_record, column_values


def find_quality_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every round and drawn case that is not what the events say, and every draw that its seed does not give.

    Nothing that a person wrote appears.
    """
    events = Event.objects.filter(stream_kind=StreamKind.QUALITY_ROUND.value).order_by(
        "stream_id", "sequence"
    )
    read = progress.through(events.iterator(FETCHED), "events of quality sampling")
    for stream_id, group in groupby(read, key=lambda event: event.stream_id):
        yield from _violations_of(stream_id, list(group))
    recorded = events.order_by().filter(stream_id=OuterRef("pk"))
    for key in QualityRound.objects.filter(~Exists(recorded)).values_list("pk", flat=True):
        yield Violation("row_without_events", str(key), "quality_round")


def _violations_of(stream_id: uuid.UUID, events: Sequence[Event]) -> Iterator[Violation]:
    row = QualityRound.objects.filter(pk=stream_id).first()
    if row is None:
        yield Violation("events_without_row", str(stream_id), "quality_round")
        return
    try:
        records = [act_record(event, RoundAct) for event in events]
        expected = column_values(fold_round(records))
        cases = {key: column_values(each) for key, each in fold_cases(records).items()}
        stated = Draw.of(records[0].payload)
    except MALFORMED as error:
        yield Violation("stream_does_not_fold", str(stream_id), type(error).__name__)
        return
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield Violation("row_differs_from_events", str(row.pk), f"quality_round.{name}")
    if digest_of_cases(row.cases_decided) != stated.population_sha256:
        yield Violation("quality_population_altered", str(row.pk))
    elif list(draw(row.cases_decided, percent=stated.percent, seed=stated.seed)) != [
        each.receipt for each in stated.cases
    ]:
        yield Violation("quality_draw_altered", str(row.pk))
    yield from _case_violations(row, records, cases)


def _case_violations(
    row: QualityRound, records: Sequence[RoundRecord], expected: dict[str, dict[str, object]]
) -> Iterator[Violation]:
    stored = {str(each.application_id): each for each in QualityCase.objects.filter(round=row)}
    for position, (key, values) in enumerate(expected.items(), start=1):
        case = stored.pop(key, None)
        if case is None:
            yield Violation("events_without_row", str(row.pk), f"quality_case {key}")
            continue
        for name, value in {**values, "position": position}.items():
            if getattr(case, name) != value:
                yield Violation("row_differs_from_events", str(case.pk), f"quality_case.{name}")
    for case in stored.values():
        yield Violation("row_without_events", str(case.pk), "quality_case")
    parts = QualityPart.objects.filter(case__round=row).values_list("case__application_id", "officer_id")
    if {(str(case), str(officer)) for case, officer in parts} != parts_in(records):
        yield Violation("row_differs_from_events", str(row.pk), "quality_part")
