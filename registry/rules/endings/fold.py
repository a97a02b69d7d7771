"""The fold: the row of a proceeding to strike a filing off, made from nothing but its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry.rules.end_grounds import EndGround
from registry.rules.endings.events import Proposal, Service
from registry.rules.endings.lifecycle import (
    CLOSED_STATES,
    StrikingOffAct,
    StrikingOffState,
    striking_off_state_after,
)
from registry.rules.errors import FilingError
from registry.rules.workflow.act_table import ActRecord, fold_stream

StrikingOffEventRecord = ActRecord[StrikingOffAct]


@dataclass(frozen=True, slots=True)
class StrikingOffRow:
    """Everything the register keeps in the row of a proceeding."""

    filing_id: str
    applicant_id: str
    number: str
    ground: EndGround
    reason: str
    basis: str
    successor_number: str | None
    objection_id: str | None
    state: StrikingOffState
    proposed_at: datetime
    proposer_id: str | None
    last_event_sequence: int
    notified_at: datetime | None = None
    announced_on: date | None = None
    served_on: date | None = None
    statement_by: date | None = None
    stated_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None


_NOTIFYING = (StrikingOffAct.SEND_NOTICE, StrikingOffAct.ANNOUNCE)
_SERVING = (StrikingOffAct.RECORD_SERVICE, StrikingOffAct.ANNOUNCE)


def fold_striking_off(events: Iterable[StrikingOffEventRecord]) -> StrikingOffRow:
    """The row that results from a proceeding's events, taken in sequence.

    Raises FilingError for a stream that does not begin with a proposal, KeyError for a step no row of the table allows.
    """
    return fold_stream(events, _proposed, _after, missing="stream_without_proposal")


def _proposed(event: StrikingOffEventRecord) -> StrikingOffRow:
    if event.act is not StrikingOffAct.PROPOSE:
        raise FilingError("stream_without_proposal", act=event.act.value)
    proposal = Proposal.of(event.payload)
    return StrikingOffRow(
        filing_id=proposal.filing,
        applicant_id=proposal.applicant,
        number=proposal.number,
        ground=proposal.ground,
        reason=proposal.reason,
        basis=proposal.basis,
        successor_number=proposal.successor_number,
        objection_id=proposal.objection,
        state=striking_off_state_after(None, event.act),
        proposed_at=event.at,
        proposer_id=event.actor_id,
        last_event_sequence=event.sequence,
    )


def _after(row: StrikingOffRow, event: StrikingOffEventRecord) -> StrikingOffRow:
    act = event.act
    row = replace(row, state=striking_off_state_after(row.state, act), last_event_sequence=event.sequence)
    if act in _NOTIFYING and row.notified_at is None:
        row = replace(row, notified_at=event.at)
    if act in _SERVING:
        service = Service.of(event.payload)
        row = replace(
            row,
            announced_on=service.announced_on,
            served_on=service.served_on,
            statement_by=service.statement_by,
        )
    if act is StrikingOffAct.STATE:
        return replace(row, stated_at=event.at)
    if act is StrikingOffAct.ANSWER:
        return replace(row, answered_at=event.at)
    if row.state in CLOSED_STATES:
        return replace(row, closed_at=event.at)
    return row
