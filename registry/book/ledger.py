"""THE ONLY WRITER of filings, applications, revisions and events, with `endings` for what ends a filing in force.

Every act locks its rows, reads them again, asks the lifecycle table, appends an event, folds the stream into
the rows and saves all of it (`appending`) in one transaction: it happens whole or not at all. The rows are locked in
the order applicant (when a stream is opened, when an approval may set the applicant's facts, and for a number),
filing, application.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from registry import clock
from registry.book import examination
from registry.book.act_request import Actor, Request, Seen
from registry.book.appending import Entry, append, append_each, require, undecided
from registry.book.applicants import homes_by_decisions, is_established, set_facts
from registry.book.endings import close_open_changes, take_effect
from registry.book.in_force import (
    applicant_columns_in_force,
    base_of_applicant,
    base_of_filing,
    states_the_applicant,
)
from registry.book.locks import lock_row, lock_rows
from registry.book.receipt_numbers import next_receipt_number
from registry.book.revisions import get_revision, materials_of, prepare_revision
from registry.book.rows import bring_names_before
from registry.deadlines import application_clock
from registry.errors import IdempotencyConflict, MaterialsIncomplete, NotFound, OutOfDate, RegisterIncomplete
from registry.models import (
    Applicant,
    Application,
    Event,
    Filing,
    PersonalParticulars,
    Revision,
)
from registry.notices.notice import ANSWERED, Arrival
from registry.rules.codes.filing_number import FilingNumber
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.particulars import public_columns
from registry.rules.particulars.completeness import Gap
from registry.rules.particulars.public import APPLICANT_COLUMNS
from registry.rules.workflow import events
from registry.rules.workflow.events import ApplicantFacts, Base, HandedIn, Imported
from registry.rules.workflow.guards import MATERIALS_COMPLETE
from registry.rules.workflow.lifecycle import Facts, TransitionNotAllowed, decide
from registry.rules.workflow.states import (
    LIVE_STANDINGS,
    OFFICERS,
    Act,
    Kind,
    Outcome,
    Standing,
    State,
)
from registry.streams.applications import events_about, latest_sequence
from registry.streams.chain import events_of, text_of_id

MATERIAL_ACTS = frozenset({Act.SUBMIT, Act.SUPPLEMENT, Act.RESUBMIT})
_APPROVALS = frozenset({Act.APPROVE, Act.CONFIRM})


@transaction.atomic
def submit(
    kind: Kind,
    *,
    applicant_id: uuid.UUID,
    actor: Actor,
    request: Request,
    filing_id: uuid.UUID | None = None,
    together_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Event:
    """Opens an application, and with an initial one its filing; the clock of Art. 12 starts.

    The applications of a joint submission share `together_id` and are submitted in one transaction of the
    caller. The same idempotency key with the same content gives the event of the first call. Raises NotFound,
    MaterialsIncomplete with every gap, TransitionNotAllowed, IdempotencyConflict.
    """
    at = at or clock.now()
    applicant = lock_row(Applicant, applicant_id)
    earlier = _earlier_event(Act.SUBMIT, filing_id or applicant_id, request)
    if earlier is not None:
        return earlier
    filing = lock_row(Filing, filing_id) if filing_id is not None else None
    if filing is not None and filing.applicant_id != applicant.pk:
        raise NotFound("filing_unknown", filing=str(filing_id))
    received_on = clock.china_date(at)
    application = Application(
        filing=filing,
        applicant=applicant,
        province_code=_province_of(kind, applicant, request.materials or {}),
        kind=kind.value,
    )
    checked = examination.examine_submission(
        kind=kind, application=application, filing=filing, actor=actor, request=request, at=at
    )
    _permit(Act.SUBMIT, checked.facts, checked.gaps)
    base = _base(kind, applicant, filing)
    if kind is Kind.INITIAL:
        filing = Filing(applicant=applicant, province_code=application.province_code, opened_at=at)
        application.filing = filing
    if kind is Kind.CANCELLATION and filing is not None:
        close_open_changes(filing, at=at)
    revision, personal = _revision(application, 1, request, at)
    payload = events.submitted(
        _handed_in(application, revision, request, checked),
        kind=kind,
        receipt_number=next_receipt_number(application.province_code, received_on.year),
        received_on=received_on,
        base=base,
        together_id=text_of_id(together_id),
    )
    return append(
        Entry(
            Act.SUBMIT,
            at=at,
            application=application,
            filing=filing,
            actor=actor,
            request=request,
            payload=payload,
            new=(revision, personal),
        )
    )


@transaction.atomic
def record(
    act: Act,
    application_id: uuid.UUID,
    *,
    actor: Actor,
    request: Request | None = None,
    at: datetime | None = None,
) -> Event:
    """Records one act on an application that is in the book.

    The same idempotency key gives the event of the first call. Raises NotFound, OutOfDate (the case changed after
    the officer's screen was rendered), TransitionNotAllowed, MaterialsIncomplete, IdempotencyConflict, and
    RegisterIncomplete("details_unknown") for a detail that the act's event would not store.
    """
    request = request or Request()
    at = at or clock.now()
    found = Application.objects.filter(pk=application_id).values("filing_id", "applicant_id").first()
    if found is None:
        raise NotFound("application_unknown", application=str(application_id))
    if act in _APPROVALS:
        lock_row(Applicant, found["applicant_id"])
    filing = lock_row(Filing, found["filing_id"]) if found["filing_id"] else None
    application = lock_row(Application, application_id)
    application.filing = filing
    earlier = _earlier_event(act, application_id, request)
    if earlier is not None:
        return earlier
    checked = examination.examine_act(act, application, filing, actor=actor, request=request, at=at)
    if not checked.facts.in_jurisdiction:
        raise TransitionNotAllowed("not_your_case", act=act.value)
    if actor.role in OFFICERS:
        _refuse_stale(application, request.seen)
    _permit(act, checked.facts, checked.gaps)
    payload = examination.payload_of(act, request)
    new: tuple[Revision, PersonalParticulars] | None = None
    number = application.revision_number
    if act in MATERIAL_ACTS:
        number += 1
        new = _revision(application, number, request, at)
        handed_in = _handed_in(application, new[0], request, checked)
        if act is Act.RESUBMIT:
            payload |= events.resubmitted(handed_in, received_on=clock.china_date(at))
        else:
            payload |= handed_in.as_payload()
    if act is Act.CONFIRM:
        payload |= events.confirmed(Outcome(require(application.proposal)))
    states_applicant = states_the_applicant(Kind(application.kind), filing)
    if states_applicant and events.outcome_of(act, payload) is Outcome.APPROVAL:
        payload |= events.approved_with(_facts_of(application))
    if act is Act.RESUBMIT and application.kind == Kind.CANCELLATION and filing is not None:
        close_open_changes(filing, at=at)
    if act is Act.RESUBMIT and application_clock.is_running(application):
        # An applicant who answers the reasons has received them: this closes the clock of the previous round.
        arrival = application_clock.rejection_arrival(application) or Arrival(at, ANSWERED)
        delivered = Entry(
            Act.NOTICE_DELIVERED,
            at=at,
            application=application,
            filing=filing,
            payload=arrival.as_details(),
        )
        append(delivered)
    event = append(
        Entry(
            act,
            at=at,
            application=application,
            filing=filing,
            actor=actor,
            request=request,
            payload=payload,
            new=new,
        )
    )
    _follow_up(application, at=at, states_applicant=states_applicant)
    return event


@transaction.atomic(savepoint=False)
def record_numbers(issued: Sequence[tuple[Filing, FilingNumber]], *, at: datetime) -> list[Event]:
    """Records the numbers issued to filings; the decision clocks of Art. 12 stop.

    Only `registry.book.numbering` calls this, in its own transaction: the filings are locked and await a number.
    """
    bring_names_before([filing for filing, _number in issued])
    applications = lock_rows(Application, [filing.in_force_application_id for filing, _number in issued])
    entries = []
    for filing, number in issued:
        application = applications[require(filing.in_force_application_id)]
        application.filing = filing
        payload = events.number_issued(number=str(number), division_code=number.division_code)
        entries.append(
            Entry(Act.ISSUE_NUMBER, at=at, application=application, filing=filing, payload=payload)
        )
    return append_each(entries)


@transaction.atomic
def enter_in_list(
    filing_id: uuid.UUID,
    *,
    list_kind: str,
    list_number: int,
    position: int,
    listed_on: date,
    at: datetime | None = None,
) -> Event | None:
    """Notes in a filing's stream that a published batch list names it; None when that is noted already.

    Only `registry.batches` calls this, for an entry that it froze.
    """
    filing = lock_row(Filing, filing_id)
    payload = events.entered_in_list(
        list_kind=list_kind, list_number=list_number, position=position, listed_on=listed_on
    )
    noted = events_of(filing_id).filter(act=Act.ENTER_IN_LIST.value)
    if any(each.payload == payload for each in noted):
        return None
    return append(Entry(Act.ENTER_IN_LIST, at=at or clock.now(), filing=filing, payload=payload))


@transaction.atomic(savepoint=False)
def import_filings(brought: Iterable[Imported], *, at: datetime) -> list[Event]:
    """Takes over filings as an earlier list names them, in this order: each has one event, of which nobody is told.

    Only `registry.batches` calls this, in the transaction of the list and with its rows checked.
    """
    entries = []
    for each in brought:
        filing = Filing(applicant_id=uuid.UUID(each.applicant_id), province_code=each.province_code)
        entries.append(Entry(Act.IMPORT, at=at, filing=filing, payload=each.as_payload()))
    return append_each(entries)


@transaction.atomic
def mend_facts(applicant_id: uuid.UUID, *, at: datetime | None = None) -> list[Event]:
    """Brings what was last decided about an applicant into its row and into its live filings that say otherwise.

    For registers whose filings were approved before there was one home of the facts. It decides nothing: it carries
    out the decision that is in force. Gives one event for each filing mended. Raises RegisterIncomplete
    ("facts_undecided") when no decision, or more than one of the same moment, makes the facts.
    """
    at = at or clock.now()
    applicant = lock_row(Applicant, applicant_id)
    homes = homes_by_decisions(applicant)
    stated = (applicant.facts_application_id, applicant.facts_revision_number)
    home, _number = stated if stated in homes else homes[0] if len(homes) == 1 else (None, None)
    if home is None:
        raise RegisterIncomplete("facts_undecided", applicant=str(applicant_id))
    source = Application.objects.get(pk=home)
    live = _live_filings(source, but=None)
    set_facts(source, materials_of(get_revision(source.pk, source.revision_number))["applicant"])
    return _spread_facts(source, live, at=at, is_told_to_all=False)


def _province_of(kind: Kind, applicant: Applicant, materials: Mapping[str, Any]) -> str:
    """The province whose office is asked: where a registered applicant is, or where it moves or says to be."""
    if kind is Kind.APPLICANT_CHANGE or not is_established(applicant):
        return examination.province_code_in(materials)
    return applicant.province_code


def _permit(act: Act, facts: Facts, gaps: tuple[Gap, ...]) -> None:
    try:
        decide(act, facts)
    except TransitionNotAllowed as refusal:
        if refusal.code == MATERIALS_COMPLETE.name:
            raise MaterialsIncomplete("materials_incomplete", gaps=gaps) from refusal
        raise


def _refuse_stale(application: Application, seen: Seen | None) -> None:
    """Raises OutOfDate unless the officer's screen showed the latest revision and event."""
    if seen == Seen(application.revision_number, latest_sequence(application)):
        return
    latest = events_about(application)[-1]
    raise OutOfDate(
        "moved_on",
        revision_number=application.revision_number,
        act=latest.act,
        at=latest.at,
        by=latest.actor.name if latest.actor else "",
    )


def _earlier_event(act: Act, subject: uuid.UUID, request: Request) -> Event | None:
    if request.idempotency_key is None:
        return None
    event = Event.objects.filter(idempotency_key=request.idempotency_key).first()
    if event is None:
        return None
    if event.act != act or events.digest_of(event.payload) != request.digest(act, subject):
        raise IdempotencyConflict("idempotency_key_reused", act=event.act)
    return event


def _revision(
    application: Application, number: int, request: Request, at: datetime
) -> tuple[Revision, PersonalParticulars]:
    return prepare_revision(application, number=number, materials=request.materials or {}, at=at)


def _handed_in(
    application: Application,
    revision: Revision,
    request: Request,
    checked: examination.Checked,
) -> HandedIn:
    columns = public_columns(request.materials or {})
    if application.kind != Kind.APPLICANT_CHANGE:
        columns |= applicant_columns_in_force(application.applicant)
    return HandedIn(
        revision_number=revision.number,
        revision_hash=revision.content_hash,
        columns=columns,
        applicant_id=str(application.applicant_id),
        province_code=application.province_code,
        event_on=checked.event_on,
        late_by_working_days=checked.late_by_working_days,
        details=request.details,
    )


def _base(kind: Kind, applicant: Applicant, filing: Filing | None) -> Base | None:
    """A reference to what an application starts from; None for a first filing."""
    if kind is Kind.APPLICANT_CHANGE:
        return base_of_applicant(applicant)
    return base_of_filing(filing) if filing is not None else None


def _follow_up(application: Application, *, at: datetime, states_applicant: bool) -> None:
    """Records the consequences of an approval: a cancellation that is due, or the applicant's facts."""
    if application.state != State.APPROVED:
        return
    kind = Kind(application.kind)
    if kind is Kind.CANCELLATION:
        take_effect(require(application.filing_id), at=at)
    is_first = states_applicant and application.applicant.facts_application_id is None
    if kind is Kind.APPLICANT_CHANGE or is_first:
        materials = materials_of(get_revision(application.pk, application.revision_number))
        # Locked before the applicant's row is written: a new document takes a lock that waits for every event's.
        live = _live_filings(application, but=application.filing_id)
        set_facts(application, materials["applicant"])
        # What else waits beside a first approval hears of it only if it names the applicant differently.
        _spread_facts(application, live, at=at, is_told_to_all=kind is Kind.APPLICANT_CHANGE)


def _live_filings(source: Application, *, but: uuid.UUID | None) -> list[Filing]:
    """The filings that name the applicant now or may come to, with their open applications; all locked.

    `but` is the filing whose own approval brings the facts.
    """
    found = Filing.objects.filter(
        applicant=source.applicant_id, standing__in=[each.value for each in LIVE_STANDINGS]
    )
    live = []
    for key in found.order_by("pk").values_list("pk", flat=True):
        if key == but:
            continue
        filing = lock_row(Filing, key)
        waiting = list(undecided(filing))
        if filing.standing in LIVE_STANDINGS and (waiting or filing.standing != Standing.PENDING):
            live.append(filing)
    return live


def _spread_facts(
    source: Application, live: Iterable[Filing], *, at: datetime, is_told_to_all: bool
) -> list[Event]:
    """Brings the approved facts of the applicant into its locked live filings, or into those that differ."""
    facts = _facts_of(source)
    payload = events.applicant_changed(facts, application_id=str(source.pk))
    told = []
    for filing in live:
        differs = any(filing.columns.get(name) != value for name, value in facts.columns.items())
        # A pending filing keeps the office that it was handed in to.
        is_elsewhere = filing.standing != Standing.PENDING and filing.province_code != facts.province_code
        if is_told_to_all or differs or is_elsewhere:
            told.append(append(Entry(Act.APPLICANT_CHANGED, at=at, filing=filing, payload=payload)))
    return told


def _facts_of(application: Application) -> ApplicantFacts:
    """What an event says of the applicant's facts: those in force, else those that this approval puts in force."""
    applicant = Applicant.objects.get(pk=application.applicant_id)
    columns = applicant_columns_in_force(applicant)
    if not columns:
        columns = {
            name: application.columns[name] for name in APPLICANT_COLUMNS if name in application.columns
        }
    return ApplicantFacts(columns, province_code_of(columns["division_code"]))
