"""Compares every objection with its events, its sealed texts, its files, its entry and its receipt number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import F

from registry.batches.holds import held_at_the_end
from registry.integrity.proceedings import Proceedings, find_gaps_in_numbers, find_proceeding_violations
from registry.integrity.reading import FETCHED, SILENT, Progress
from registry.integrity.violations import Violation
from registry.models import BatchList, Event, Objection, ObjectionCounter, ObjectionPart
from registry.rules.batches.lifecycle import ListState
from registry.rules.objections.events import Question, Receipt, text_of_answer
from registry.rules.objections.fold import fold_objection
from registry.rules.objections.lifecycle import ObjectionAct
from registry.rules.workflow.events import file_in_place_of
from registry.rules.workflow.sealed import EvidenceFile, Sealed
from registry.rules.workflow.states import StreamKind
from registry.storage.evidence import OBJECTION_FILES


def find_objection_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every objection that differs from its events, text or file that was altered, and gap in the numbers."""
    yield from find_proceeding_violations(_OBJECTIONS, progress)
    yield from _entry_violations()
    numbers = Objection.objects.values_list("receipt_number", flat=True)
    counters = {each.year: each.last for each in ObjectionCounter.objects.all()}
    yield from find_gaps_in_numbers("objection", numbers.iterator(FETCHED), counters)


def _sealed(events: Sequence[Event]) -> Iterator[tuple[str, Sealed]]:
    """What the events say of each kind of part."""
    for event in events:
        if event.act == ObjectionAct.RECEIVE:
            yield ObjectionPart.Kind.STATEMENT.value, Receipt.of(event.payload).statement
        elif event.act == ObjectionAct.SEND:
            yield ObjectionPart.Kind.QUESTION.value, Question.of(event.payload).text
        elif event.act == ObjectionAct.ANSWER:
            yield ObjectionPart.Kind.ANSWER.value, text_of_answer(event.payload)


def _stated(events: Sequence[Event]) -> Sequence[EvidenceFile]:
    replacing = [event for event in events if event.act == ObjectionAct.REPLACE_FILE]
    return [*Receipt.of(events[0].payload).files, *(file_in_place_of(each.payload) for each in replacing)]


_OBJECTIONS = Proceedings(
    name="objection",
    stream_kind=StreamKind.OBJECTION,
    acts=ObjectionAct,
    fold=fold_objection,
    rows=Objection,
    texts=ObjectionPart,
    store=OBJECTION_FILES,
    owner="objection",
    sealed=_sealed,
    stated=_stated,
)


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
