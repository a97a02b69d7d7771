"""The fold: the row of a consultation, made from nothing but its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry.rules.consultations.events import Answer, Question
from registry.rules.consultations.lifecycle import (
    Body,
    ConsultationAct,
    ConsultationState,
    consultation_state_after,
)
from registry.rules.errors import FilingError
from registry.rules.workflow.act_table import ActRecord, fold_stream

ConsultationRecord = ActRecord[ConsultationAct]


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """Everything the register keeps in the row of a consultation."""

    application_id: str
    applicant_id: str
    province_code: str
    office_code: str
    body: Body
    body_name: str
    asked_code: str
    due_on: date
    state: ConsultationState
    sent_at: datetime
    sender_id: str | None
    last_event_sequence: int
    answers: int = 0
    answered_on: date | None = None
    answered_late: bool = False
    overdue_noted_at: datetime | None = None
    withdrawn_at: datetime | None = None


def fold_consultation(events: Iterable[ConsultationRecord]) -> ConsultationRow:
    """The row that results from a consultation's events, taken in sequence.

    Raises FilingError for a stream that does not begin with a question, KeyError for a step no row of the table allows.
    """
    return fold_stream(events, _sent, _after, missing="stream_without_question")


def _sent(event: ConsultationRecord) -> ConsultationRow:
    if event.act is not ConsultationAct.SEND:
        raise FilingError("stream_without_question", act=event.act.value)
    question = Question.of(event.payload)
    return ConsultationRow(
        application_id=question.application,
        applicant_id=question.applicant,
        province_code=question.province,
        office_code=question.office,
        body=question.body,
        body_name=question.body_name,
        asked_code=question.asked,
        due_on=question.due_on,
        state=consultation_state_after(None, event.act),
        sent_at=event.at,
        sender_id=event.actor_id,
        last_event_sequence=event.sequence,
    )


def _after(row: ConsultationRow, event: ConsultationRecord) -> ConsultationRow:
    act = event.act
    row = replace(row, state=consultation_state_after(row.state, act), last_event_sequence=event.sequence)
    if act is ConsultationAct.ANSWER:
        answer = Answer.of(event.payload)
        return replace(
            row,
            answers=answer.number,
            answered_on=answer.answered_on,
            answered_late=answer.late_by_working_days > 0,
        )
    if act is ConsultationAct.WITHDRAW:
        return replace(row, withdrawn_at=event.at)
    return replace(row, overdue_noted_at=event.at)
