"""The fold: an objection's row, made from nothing but its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry.rules.errors import FilingError
from registry.rules.objections.events import Extension, Question, Receipt
from registry.rules.objections.lifecycle import (
    ObjectionAct,
    ObjectionState,
    ObjectionWay,
    objection_state_after,
)
from registry.rules.workflow.act_table import ActRecord, fold_stream

ObjectionEventRecord = ActRecord[ObjectionAct]


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """Everything the register keeps in an objection's row."""

    entry_id: str
    filing_id: str
    applicant_id: str
    receipt_number: str
    way: ObjectionWay
    state: ObjectionState
    received_at: datetime
    received_on: date
    posted_on: date | None
    in_time: bool
    objections_until: date
    last_event_sequence: int
    sent_at: datetime | None = None
    answer_by: date | None = None
    answered_at: datetime | None = None
    proposer_id: str | None = None
    closed_at: datetime | None = None
    extended_by_working_days: int = 0


_CLOSING = (ObjectionAct.REFUSE, ObjectionAct.UPHOLD, ObjectionAct.DISMISS, ObjectionAct.WITHDRAW)
_PROPOSING = (ObjectionAct.PROPOSE_UPHOLDING, ObjectionAct.PROPOSE_DISMISSAL)


def fold_objection(events: Iterable[ObjectionEventRecord]) -> ObjectionRow:
    """The row that results from an objection's events, taken in sequence.

    Raises FilingError for a stream that does not begin with a receipt, KeyError for a step no row of the table allows.
    """
    return fold_stream(events, _received, _after, missing="stream_without_receipt")


def _received(event: ObjectionEventRecord) -> ObjectionRow:
    if event.act is not ObjectionAct.RECEIVE:
        raise FilingError("stream_without_receipt", act=event.act.value)
    receipt = Receipt.of(event.payload)
    return ObjectionRow(
        entry_id=receipt.entry,
        filing_id=receipt.filing,
        applicant_id=receipt.applicant,
        receipt_number=receipt.receipt_number,
        way=receipt.way,
        state=objection_state_after(None, event.act),
        received_at=event.at,
        received_on=receipt.received_on,
        posted_on=receipt.posted_on,
        in_time=receipt.in_time,
        objections_until=receipt.objections_until,
        last_event_sequence=event.sequence,
    )


def _after(row: ObjectionRow, event: ObjectionEventRecord) -> ObjectionRow:
    act = event.act
    row = replace(row, state=objection_state_after(row.state, act), last_event_sequence=event.sequence)
    if act is ObjectionAct.SEND:
        return replace(row, sent_at=event.at, answer_by=Question.of(event.payload).answer_by)
    if act is ObjectionAct.ANSWER:
        return replace(row, answered_at=event.at)
    if act in _PROPOSING:
        return replace(row, proposer_id=event.actor_id)
    if act is ObjectionAct.SEND_BACK:
        return replace(row, proposer_id=None)
    if act is ObjectionAct.EXTEND:
        return replace(row, extended_by_working_days=Extension.of(event.payload).working_days)
    if act in _CLOSING:
        return replace(row, closed_at=event.at)
    return row
