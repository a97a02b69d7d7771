"""Compares every consultation with its events, sealed texts and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.integrity.proceedings import Proceedings, find_proceeding_violations
from registry.integrity.reading import SILENT, Progress
from registry.integrity.violations import Violation
from registry.models import Consultation, ConsultationPart, Event
from registry.rules.consultations.events import QUESTION, Answer, Question, kind_of_answer
from registry.rules.consultations.fold import fold_consultation
from registry.rules.consultations.lifecycle import ConsultationAct
from registry.rules.workflow.sealed import EvidenceFile, Sealed
from registry.rules.workflow.states import StreamKind
from registry.storage.evidence import CONSULTATION_FILES


def find_consultation_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every consultation that differs from its events, and every text or file that was altered."""
    yield from find_proceeding_violations(_CONSULTATIONS, progress)


def _sealed(events: Sequence[Event]) -> Iterator[tuple[str, Sealed]]:
    for event in events:
        if event.act == ConsultationAct.SEND:
            yield QUESTION, Question.of(event.payload).text
        elif event.act == ConsultationAct.ANSWER:
            answer = Answer.of(event.payload)
            yield kind_of_answer(answer.number), answer.text


def _stated(events: Sequence[Event]) -> Iterator[EvidenceFile]:
    for event in events:
        if event.act == ConsultationAct.ANSWER:
            yield from Answer.of(event.payload).files


_CONSULTATIONS = Proceedings(
    name="consultation",
    stream_kind=StreamKind.CONSULTATION,
    acts=ConsultationAct,
    fold=fold_consultation,
    rows=Consultation,
    texts=ConsultationPart,
    store=CONSULTATION_FILES,
    owner="consultation",
    sealed=_sealed,
    stated=_stated,
)
