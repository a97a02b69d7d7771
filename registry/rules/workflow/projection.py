"""The fold: a filing's row and its applications' rows, made from nothing but its events.

The register stores these rows so that they can be searched and locked; `check_register` folds every stream
again and compares all of them, not only the state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Protocol

from registry.rules.facets import Classified, marks_of
from registry.rules.particulars.applicant import INDIVIDUAL
from registry.rules.particulars.public import APPLICANT_COLUMNS
from registry.rules.search_form import form_of_filing
from registry.rules.workflow.events import (
    ApplicantFacts,
    ClosedClock,
    HandedIn,
    Imported,
    Payload,
    StruckOff,
    answer_by_of,
    cancelled_on_of,
    desk_of,
    division_code_of,
    filings_list_number_of,
    kind_of,
    number_of,
    outcome_of,
    receipt_number_of,
    received_on_of,
    recommendation_of,
    together_id_of,
)
from registry.rules.workflow.lifecycle import standing_after, state_after
from registry.rules.workflow.states import (
    OPEN_STATES,
    PROPOSALS,
    PUBLIC_STANDINGS,
    Act,
    Kind,
    Outcome,
    Standing,
    State,
)


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

    # What is stored beside the fields, and made from them.
    DERIVED: ClassVar[tuple[str, ...]] = ("applicant_name", "service_name")

    columns: Mapping[str, Any]

    @property
    def applicant_name(self) -> str:
        return str(self.columns.get("applicant_name", ""))

    @property
    def service_name(self) -> str:
        return str(self.columns.get("service_name", ""))


@dataclass(frozen=True, slots=True)
class ApplicationRow(_Named):
    """Everything the register keeps in an application's row.

    `filing_number` is the number of the filing it is about, from the first act after its issue on.
    """

    DERIVED: ClassVar[tuple[str, ...]] = (*_Named.DERIVED, "search_form")

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
    asked_until: str | None = None
    together_id: str | None = None
    filing_number: str | None = None

    @property
    def search_form(self) -> str:
        """What the offices' search of cases looks in: both numbers, the names and the hosts."""
        return form_of_filing(
            number=self.filing_number,
            names=(
                self.receipt_number,
                self.applicant_name,
                self.service_name,
                *(self.columns.get("app_names") or ()),
            ),
            addresses=self.columns.get("website_urls") or (),
        )


@dataclass(frozen=True, slots=True)
class FilingRow(_Named):
    """Everything the register keeps in a filing's row; `columns` are the public columns now in force.

    The former names, one a line, are those that a change replaced while they were public; its applicant's from before
    it had its number are told by the applicant's other filings (`with_names_before`). So are the predecessors,
    filings struck off whose service went on under this one. What the search stands on
    is empty until the public may see the filing. What was imported from an earlier list has numbered_at at the start of
    that list's day: when the number was issued is not known.
    """

    DERIVED: ClassVar[tuple[str, ...]] = (*_Named.DERIVED, "search_form", "facets", "upstream_numbers")

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
    former_applicant_names: str = ""
    former_service_names: str = ""
    list_number: int | None = None
    is_imported: bool = False
    struck_off_on: str | None = None
    end_ground: str = ""
    end_basis: str = ""
    successor_number: str | None = None
    predecessor_numbers: str = ""

    @property
    def search_form(self) -> str:
        if self.standing not in PUBLIC_STANDINGS:
            return ""
        former = f"{self.former_applicant_names}\n{self.former_service_names}".split("\n")
        return form_of_filing(
            number=self.number,
            names=(self.applicant_name, self.service_name, *former, *(self.columns.get("app_names") or ())),
            addresses=self.columns.get("website_urls") or (),
        )

    @property
    def upstream_numbers(self) -> str:
        return "\n".join(self.columns.get("upstream_numbers") or ())

    @property
    def facets(self) -> str:
        if self.standing not in PUBLIC_STANDINGS:
            return ""
        return marks_of(
            Classified(
                province_code=self.province_code,
                standing=self.standing.value,
                end_ground=self.end_ground,
                numbered_at=self.numbered_at,
                list_number=self.list_number,
                columns=self.columns,
            )
        )


class Bearer(Protocol):
    """A filing as the names of its applicant are read from it: a folded row, or the one in the table."""

    @property
    def columns(self) -> Mapping[str, Any]: ...
    @property
    def applicant_name(self) -> str: ...
    @property
    def former_applicant_names(self) -> str: ...


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
    """The rows after one more event; states and standings are those of the lifecycle's two tables."""
    applications = dict(projection.applications)
    filing = projection.filing
    row: ApplicationRow | None = None
    if event.application_id is not None:
        before = applications.get(event.application_id)
        row = _with_closed_clock(_submitted(event) if before is None else _after_act(before, event), event)
        applications[event.application_id] = row
    if event.act is Act.APPLICANT_CHANGED:
        applications = {key: _with_applicant(each, event) for key, each in applications.items()}
    if filing is not None:
        filing = _with_former_names(filing, _filing_after(filing, row, event))
    elif row is not None and row.kind is Kind.INITIAL:
        filing = _opened(row, event)
    elif event.act is Act.IMPORT:
        filing = _imported(event)
    if row is not None and filing is not None and filing.number != row.filing_number:
        applications[str(event.application_id)] = replace(row, filing_number=filing.number)
    return Projection(filing=filing, applications=applications)


# ---------------------------------------------------------------- applications


def _submitted(event: EventRecord) -> ApplicationRow:
    payload = event.payload
    handed_in = HandedIn.of(payload)
    received_on = received_on_of(payload).isoformat()
    return ApplicationRow(
        kind=kind_of(payload),
        state=state_after(None, event.act),
        applicant_id=handed_in.applicant_id,
        province_code=handed_in.province_code,
        receipt_number=receipt_number_of(payload),
        round_number=1,
        first_received_on=received_on,
        received_on=received_on,
        submitted_at=event.at,
        revision_number=handed_in.revision_number,
        revision_hash=handed_in.revision_hash,
        columns=handed_in.columns,
        event_on=_text_of_day(handed_in.event_on),
        late_by_working_days=handed_in.late_by_working_days,
        last_event_sequence=event.sequence,
        together_id=together_id_of(payload),
    )


def _after_act(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    step = _APPLICATION_STEPS.get(event.act)
    after = row if step is None else step(row, event)
    facts = ApplicantFacts.of(event.payload)
    if facts is not None:
        after = replace(after, columns={**after.columns, **facts.columns})
    state = state_after(row.state, event.act, outcome=outcome_of(event.act, event.payload))
    return replace(after, state=state, last_event_sequence=event.sequence)


def _asked(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(row, asked_until=answer_by_of(event.payload).isoformat())


def _supplemented(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    """What is supplemented while the office waits for an answer is the answer."""
    return replace(_with_revision(row, event), asked_until=None)


def _with_revision(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    handed_in = HandedIn.of(event.payload)
    return replace(
        row,
        revision_number=handed_in.revision_number,
        revision_hash=handed_in.revision_hash,
        columns=handed_in.columns,
        event_on=_text_of_day(handed_in.event_on),
        late_by_working_days=handed_in.late_by_working_days,
    )


def _resubmitted(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(
        _with_revision(_without_opinion(row), event),
        round_number=row.round_number + 1,
        received_on=received_on_of(event.payload).isoformat(),
        submitted_at=event.at,
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
    return replace(row, columns={**row.columns, **ApplicantFacts.of_change(event.payload).columns})


def _with_closed_clock(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    clock = ClosedClock.of(event.payload)
    if clock is None:
        return row
    return replace(
        row,
        clock_due_on=clock.due_on.isoformat(),
        clock_late_by_working_days=clock.late_by_working_days,
        clock_desk=clock.desk.value,
    )


def _forwarded(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(
        row,
        opinion=recommendation_of(event.payload),
        opinion_officer_id=event.actor_id,
        opinion_revision_number=row.revision_number,
    )


def _without_opinion(row: ApplicationRow, _event: EventRecord | None = None) -> ApplicationRow:
    return replace(row, opinion=None, opinion_officer_id=None, opinion_revision_number=None)


def _without_proposal(row: ApplicationRow, _event: EventRecord | None = None) -> ApplicationRow:
    return replace(row, proposal=None, proposer_id=None, proposal_revision_number=None)


def _escalated(row: ApplicationRow, _event: EventRecord) -> ApplicationRow:
    return replace(_without_proposal(_without_opinion(row)), escalated=True)


def _proposed(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(
        row,
        proposal=PROPOSALS[event.act],
        proposer_id=event.actor_id,
        proposal_revision_number=row.revision_number,
    )


def _decided(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    decision = outcome_of(event.act, event.payload)
    return replace(_ended(row, event), decision=decision, decided_at=event.at)


def _late(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(row, late_desk=desk_of(event.payload).value)


def _ended(row: ApplicationRow, event: EventRecord) -> ApplicationRow:
    return replace(_without_proposal(row), closed_at=event.at, asked_until=None)


_APPLICATION_STEPS: Mapping[Act, Callable[[ApplicationRow, EventRecord], ApplicationRow]] = {
    Act.SUPPLEMENT: _supplemented,
    Act.ASK: _asked,
    Act.RESUBMIT: _resubmitted,
    Act.FORWARD: _forwarded,
    Act.ESCALATE: _escalated,
    Act.RETURN_TO_PROVINCE: _without_opinion,
    Act.PROPOSE_APPROVAL: _proposed,
    Act.PROPOSE_REJECTION: _proposed,
    Act.APPROVE: _decided,
    Act.REJECT: _decided,
    Act.CONFIRM: _decided,
    Act.SEND_BACK: _without_proposal,
    Act.WITHDRAW: _ended,
    Act.WITHDRAW_CANCELLATION: _ended,
    Act.CLOSE_BY_CANCELLATION: _ended,
    Act.CLOSE_BY_STRIKING_OFF: _ended,
    Act.LAPSE: _ended,
    Act.RECORD_LATENESS: _late,
}


# ---------------------------------------------------------------- the filing


def _opened(row: ApplicationRow, event: EventRecord) -> FilingRow:
    return FilingRow(
        applicant_id=row.applicant_id,
        province_code=row.province_code,
        standing=standing_after(None, event.act, kind=row.kind),
        columns=row.columns,
        opened_at=event.at,
        last_event_sequence=event.sequence,
    )


def _imported(event: EventRecord) -> FilingRow:
    """The filing as an earlier list names it: in force, with its number and names, and no application behind it."""
    brought = Imported.of(event.payload)
    return FilingRow(
        applicant_id=brought.applicant_id,
        province_code=brought.province_code,
        standing=standing_after(None, event.act),
        columns=brought.columns,
        opened_at=event.at,
        number=brought.number,
        division_code=brought.division_code,
        numbered_at=brought.known_since,
        last_event_sequence=event.sequence,
        list_number=brought.list_number,
        is_imported=True,
    )


def _filing_after(filing: FilingRow, row: ApplicationRow | None, event: EventRecord) -> FilingRow:
    payload = event.payload
    kind = row.kind if row is not None else None
    standing = standing_after(filing.standing, event.act, kind=kind, outcome=outcome_of(event.act, payload))
    if row is not None:
        filing = _filing_after_application(filing, row, event)
    if event.act is Act.ISSUE_NUMBER:
        filing = replace(
            filing,
            number=number_of(payload),
            division_code=division_code_of(payload),
            numbered_at=event.at,
        )
    elif event.act is Act.TAKE_EFFECT:
        filing = replace(filing, cancelled_on=cancelled_on_of(payload).isoformat())
    elif event.act is Act.STRIKE_OFF:
        filing = _struck_off(filing, event)
    elif event.act is Act.NOTE_PREDECESSOR:
        known = filing.predecessor_numbers
        filing = replace(filing, predecessor_numbers=_with_line(known, number_of(payload)))
    elif event.act is Act.ENTER_IN_LIST:
        filing = replace(filing, list_number=filings_list_number_of(payload) or filing.list_number)
    elif event.act is Act.APPLICANT_CHANGED:
        facts = ApplicantFacts.of_change(payload)
        filing = replace(filing, columns={**filing.columns, **facts.columns})
        if filing.standing is not Standing.PENDING:
            filing = replace(filing, province_code=facts.province_code, changed_at=event.at)
    return replace(filing, standing=standing, last_event_sequence=event.sequence)


def _struck_off(filing: FilingRow, event: EventRecord) -> FilingRow:
    struck = StruckOff.of(event.payload)
    return replace(
        filing,
        struck_off_on=struck.struck_off_on.isoformat(),
        end_ground=struck.ground.value,
        end_basis=struck.basis,
        successor_number=struck.successor_number,
    )


def names_borne(filings: Iterable[Bearer], *, called: str) -> str:
    """The names, one a line, by which the public knew an applicant in these filings and that it no longer bears.

    A person's former names are not kept.
    """
    names = ""
    for each in filings:
        for name in each.former_applicant_names.split("\n"):
            names = _with_line(names, name)
        if each.columns.get("applicant_nature") != INDIVIDUAL and each.applicant_name != called:
            names = _with_line(names, each.applicant_name)
    return names


def with_names_before(row: FilingRow, names: str) -> FilingRow:
    """The row with the names that its applicant had borne in public before this filing got its number."""
    for name in row.former_applicant_names.split("\n"):
        names = _with_line(names, name)
    return row if names == row.former_applicant_names else replace(row, former_applicant_names=names)


def _with_former_names(before: FilingRow, after: FilingRow) -> FilingRow:
    """The row after a change with the names it replaced; before it had its number the filing had no public name.

    A person's former name is not kept: the law makes public who files, not what a person was called before.
    """
    if before.standing not in PUBLIC_STANDINGS:
        return after
    applicants, services = before.former_applicant_names, before.former_service_names
    if before.columns.get("applicant_nature") != INDIVIDUAL:
        applicants = _with_name(applicants, before.applicant_name, after.applicant_name)
    services = _with_name(services, before.service_name, after.service_name)
    if (applicants, services) == (after.former_applicant_names, after.former_service_names):
        return after
    return replace(after, former_applicant_names=applicants, former_service_names=services)


def _with_name(former: str, before: str, after: str) -> str:
    """The former names with one more, if a change replaced it and it is not among them already."""
    return former if before == after else _with_line(former, before)


def _with_line(lines: str, line: str) -> str:
    known = lines.split("\n") if lines else []
    return lines if line in ("", *known) else "\n".join([*known, line])


def _filing_after_application(filing: FilingRow, row: ApplicationRow, event: EventRecord) -> FilingRow:
    stated = (row.columns, row.province_code)
    is_pending = filing.standing is Standing.PENDING and row.kind is Kind.INITIAL
    if is_pending and (filing.columns, filing.province_code) != stated:
        filing = replace(filing, columns=row.columns, province_code=row.province_code)
    if event.act not in (Act.APPROVE, Act.CONFIRM, Act.WITHDRAW_CANCELLATION):
        return filing
    if row.state is State.APPROVED:
        if row.kind is Kind.CANCELLATION:
            return replace(filing, ends_on=row.event_on)
        supplies = filing.is_imported and filing.in_force_application_id is None
        # A change of the service does not alter the columns about the applicant, unless it is the first to state them.
        kept = {} if row.kind is Kind.INITIAL or supplies else _applicant_columns(filing.columns)
        filing = replace(
            filing,
            columns={**row.columns, **kept},
            in_force_application_id=event.application_id,
            in_force_revision_number=row.revision_number,
        )
        facts = ApplicantFacts.of(event.payload)
        if facts is not None:
            filing = replace(filing, province_code=facts.province_code)
        return filing if row.kind is Kind.INITIAL else replace(filing, changed_at=event.at)
    if event.act is Act.WITHDRAW_CANCELLATION:
        return replace(filing, ends_on=None)
    return filing


def _applicant_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: columns[name] for name in APPLICANT_COLUMNS if name in columns}


def _text_of_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
