"""The fold: a filing's row and its applications' rows, made from nothing but its events.

The register stores these rows so that they can be searched and locked; `check_register` folds every stream
again and compares all of them, not only the state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from registry.rules.errors import FilingError
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, Outcome, Standing, State

Payload = Mapping[str, Any]

# The public columns that describe the applicant; only a change of the applicant alters them.
APPLICANT_COLUMNS = ("applicant_name", "applicant_nature", "organisation_type", "division_code")


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event as the fold reads it. `at` is ISO 8601 in UTC; dates in payloads are ISO dates in China."""

    sequence: int
    act: Act
    at: str
    actor_id: str | None
    application_id: str | None
    payload: Payload


class _Named:
    """A row that takes its two names from its public columns."""

    __slots__ = ()

    columns: Mapping[str, Any]

    @property
    def applicant_name(self) -> str:
        return str(self.columns.get("applicant_name", ""))

    @property
    def service_name(self) -> str:
        return str(self.columns.get("service_name", ""))


@dataclass(frozen=True, slots=True)
class ApplicationRow(_Named):
    """Everything the register keeps in an application's row."""

    kind: Kind
    state: State
    applicant_id: str
    province_code: str
    receipt_number: str
    round_number: int
    first_received_on: str
    received_on: str
    submitted_at: str
    revision_number: int
    revision_hash: str
    columns: Mapping[str, Any]
    event_on: str | None
    late_by_working_days: int
    last_event_sequence: int
    opinion: Outcome | None = None
    opinion_officer_id: str | None = None
    opinion_revision_number: int | None = None
    escalated: bool = False
    proposal: Outcome | None = None
    proposer_id: str | None = None
    proposal_revision_number: int | None = None
    decision: Outcome | None = None
    decided_at: str | None = None
    closed_at: str | None = None
    clock_due_on: str | None = None
    clock_late_by_working_days: int | None = None
    clock_desk: str | None = None
    late_desk: str | None = None
    together_id: str | None = None


@dataclass(frozen=True, slots=True)
class FilingRow(_Named):
    """Everything the register keeps in a filing's row; `columns` are the public columns now in force."""

    applicant_id: str
    province_code: str
    standing: Standing
    columns: Mapping[str, Any]
    opened_at: str
    number: str | None = None
    division_code: str | None = None
    numbered_at: str | None = None
    in_force_application_id: str | None = None
    in_force_revision_number: int | None = None
    changed_at: str | None = None
    ends_on: str | None = None
    cancelled_on: str | None = None
    last_event_sequence: int = 0


@dataclass(frozen=True, slots=True)
class Projection:
    """The rows of one stream: at most one filing, and its applications by id."""

    filing: FilingRow | None = None
    applications: Mapping[str, ApplicationRow] = field(default_factory=dict)


def fold(events: Iterable[EventRecord]) -> Projection:
    """The rows that result from a stream's events, taken in sequence."""
    projection = Projection()
    for event in events:
        projection = apply(projection, event)
    return projection


def apply(projection: Projection, event: EventRecord) -> Projection:
    """The rows after one more event."""
    applications = dict(projection.applications)
    filing = projection.filing
    row: ApplicationRow | None = None
    if event.application_id is not None:
        step = _APPLICATION_STEPS.get(event.act)
        before = applications.get(event.application_id)
        row = _submitted(event) if before is None else before
        if before is not None and step is not None:
            row = step(before, event)
        if before is not None and "applicant" in event.payload:
            row = replace(row, columns={**row.columns, **event.payload["applicant"]["columns"]})
        row = _with_closed_clock(replace(row, last_event_sequence=event.sequence), event)
        applications[event.application_id] = row
    if event.act is Act.APPLICANT_CHANGED:
        applications = {key: _with_applicant(each, event) for key, each in applications.items()}
    if filing is not None or (row is not None and row.kind is Kind.INITIAL):
        filing = _filing_after(filing, row, event)
    return Projection(filing=filing, applications=applications)


# ---------------------------------------------------------------- applications


def _submitted(event: EventRecord) -> ApplicationRow:
    payload = event.payload
    return ApplicationRow(
        kind=Kind(payload["kind"]),
        state=State.PROVINCIAL_REVIEW,
        applicant_id=payload["applicant_id"],
        province_code=payload["province_code"],
        receipt_number=payload["receipt_number"],
        round_number=1,
        first_received_on=payload["received_on"],
        received_on=payload["received_on"],
        submitted_at=event.at,
        revision_number=payload["revision"]["number"],
        revision_hash=payload["revision"]["content_hash"],
        columns=payload["columns"],
        event_on=payload["event_on"],
        late_by_working_days=payload["late_by_working_days"],
        last_event_sequence=event.sequence,
        together_id=payload.get("together_id"),
    )


def _with_revision(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    payload = event.payload
    return replace(
        row,
        revision_number=payload["revision"]["number"],
        revision_hash=payload["revision"]["content_hash"],
        columns=payload["columns"],
        event_on=payload["event_on"],
        late_by_working_days=payload["late_by_working_days"],
    )


def _resubmitted(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(
        _with_revision(row, event),
        state=State.PROVINCIAL_REVIEW,
        round_number=row.round_number + 1,
        received_on=event.payload["received_on"],
        submitted_at=event.at,
        opinion=None,
        opinion_officer_id=None,
        opinion_revision_number=None,
        escalated=False,
        decision=None,
        decided_at=None,
        closed_at=None,
        clock_due_on=None,
        clock_late_by_working_days=None,
        clock_desk=None,
        late_desk=None,
    )


def _with_applicant(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    """An application that is not decided for good names the applicant as it is now; a closed one stays as it was."""
    if row.state not in (*OPEN_STATES, State.REJECTED):
        return row
    return replace(row, columns={**row.columns, **event.payload["columns"]})


def _with_closed_clock(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    clock = event.payload.get("clock")
    if clock is None:
        return row
    return replace(
        row,
        clock_due_on=clock["due_on"],
        clock_late_by_working_days=clock["late_by_working_days"],
        clock_desk=clock["desk"],
    )


def _forwarded(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(
        row,
        state=State.NATIONAL_REVIEW,
        opinion=Outcome(event.payload["recommends"]),
        opinion_officer_id=event.actor_id,
        opinion_revision_number=row.revision_number,
    )


def _without_opinion(row: ApplicationRow) -> ApplicationRow:
    return replace(row, opinion=None, opinion_officer_id=None, opinion_revision_number=None)


def _without_proposal(row: ApplicationRow) -> ApplicationRow:
    return replace(row, proposal=None, proposer_id=None, proposal_revision_number=None)


def _escalated(row: ApplicationRow, _event: EventRecord) -> ApplicationRow:
    row = _without_proposal(_without_opinion(row))
    return replace(row, state=State.NATIONAL_REVIEW, escalated=True)


def _returned(row: ApplicationRow, _event: EventRecord) -> ApplicationRow:
    return replace(_without_opinion(row), state=State.PROVINCIAL_REVIEW)


def _proposed(outcome: Outcome) -> Callable[[ApplicationRow, EventRecord], ApplicationRow]:
    def step(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
        confirmation = {
            State.PROVINCIAL_REVIEW: State.PROVINCIAL_CONFIRMATION,
            State.NATIONAL_REVIEW: State.NATIONAL_CONFIRMATION,
        }[row.state]
        return replace(
            row,
            state=confirmation,
            proposal=outcome,
            proposer_id=event.actor_id,
            proposal_revision_number=row.revision_number,
        )

    return step


def _decided(outcome: Outcome) -> Callable[[ApplicationRow, EventRecord], ApplicationRow]:
    state = State.APPROVED if outcome is Outcome.APPROVAL else State.REJECTED

    def step(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
        return replace(
            _without_proposal(row),
            state=state,
            decision=outcome,
            decided_at=event.at,
            closed_at=event.at,
        )

    return step


def _confirmed(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return _decided(Outcome(event.payload["outcome"]))(row, event)


def _sent_back(row: ApplicationRow, _event: EventRecord) -> ApplicationRow:
    review = {
        State.PROVINCIAL_CONFIRMATION: State.PROVINCIAL_REVIEW,
        State.NATIONAL_CONFIRMATION: State.NATIONAL_REVIEW,
    }[row.state]
    return replace(_without_proposal(row), state=review)


def _late(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(row, late_desk=event.payload["desk"])


def _ended(state: State) -> Callable[[ApplicationRow, EventRecord], ApplicationRow]:
    def step(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
        return replace(_without_proposal(row), state=state, closed_at=event.at)

    return step


_APPLICATION_STEPS: Mapping[Act, Callable[[ApplicationRow, EventRecord], ApplicationRow]] = {
    Act.SUPPLEMENT: _with_revision,
    Act.RESUBMIT: _resubmitted,
    Act.FORWARD: _forwarded,
    Act.ESCALATE: _escalated,
    Act.RETURN_TO_PROVINCE: _returned,
    Act.PROPOSE_APPROVAL: _proposed(Outcome.APPROVAL),
    Act.PROPOSE_REJECTION: _proposed(Outcome.REJECTION),
    Act.APPROVE: _decided(Outcome.APPROVAL),
    Act.REJECT: _decided(Outcome.REJECTION),
    Act.CONFIRM: _confirmed,
    Act.SEND_BACK: _sent_back,
    Act.WITHDRAW: _ended(State.WITHDRAWN),
    Act.WITHDRAW_CANCELLATION: _ended(State.WITHDRAWN),
    Act.CLOSE_BY_CANCELLATION: _ended(State.WITHDRAWN),
    Act.LAPSE: _ended(State.LAPSED),
    Act.RECORD_LATENESS: _late,
}


# ---------------------------------------------------------------- the filing


def _filing_after(filing: FilingRow | None, row: ApplicationRow | None, event: EventRecord) -> FilingRow:
    if filing is None:
        if row is None:
            raise FilingError("stream_without_submission", act=event.act.value)
        filing = FilingRow(
            applicant_id=row.applicant_id,
            province_code=row.province_code,
            standing=Standing.PENDING,
            columns=row.columns,
            opened_at=event.at,
        )
    if row is not None:
        filing = _filing_after_application(filing, row, event)
    payload = event.payload
    if event.act is Act.ISSUE_NUMBER:
        filing = replace(
            filing,
            standing=Standing.IN_FORCE,
            number=payload["number"],
            division_code=payload["division_code"],
            numbered_at=event.at,
        )
    elif event.act is Act.TAKE_EFFECT:
        filing = replace(filing, standing=Standing.CANCELLED, cancelled_on=payload["cancelled_on"])
    elif event.act is Act.APPLICANT_CHANGED:
        filing = replace(filing, columns={**filing.columns, **payload["columns"]})
        if filing.standing is not Standing.PENDING:
            filing = replace(filing, province_code=payload["province_code"], changed_at=event.at)
    return replace(filing, last_event_sequence=event.sequence)


def _filing_after_application(filing: FilingRow, row: ApplicationRow, event: EventRecord) -> FilingRow:
    if filing.standing is Standing.PENDING and row.kind is Kind.INITIAL:
        filing = replace(filing, columns=row.columns, province_code=row.province_code)
    if event.act not in (Act.APPROVE, Act.CONFIRM, Act.WITHDRAW_CANCELLATION):
        return filing
    if row.state is State.APPROVED:
        if row.kind is Kind.CANCELLATION:
            return replace(filing, ends_on=row.event_on)
        # A change of the service does not alter the columns about the applicant.
        kept = {} if row.kind is Kind.INITIAL else _applicant_columns(filing.columns)
        filing = replace(
            filing,
            columns={**row.columns, **kept},
            in_force_application_id=event.application_id,
            in_force_revision_number=row.revision_number,
        )
        if row.kind is Kind.INITIAL:
            province_code = event.payload.get("applicant", {}).get("province_code", filing.province_code)
            return replace(filing, standing=Standing.AWAITING_NUMBER, province_code=province_code)
        return replace(filing, changed_at=event.at)
    if event.act is Act.WITHDRAW_CANCELLATION:
        return replace(filing, ends_on=None)
    return filing


def _applicant_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: columns[name] for name in APPLICANT_COLUMNS if name in columns}
