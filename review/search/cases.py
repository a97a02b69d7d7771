"""The search of cases: its criteria, its orders, and the rows that it finds within the officer's jurisdiction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.db.models import F, Q, QuerySet

from registry.calendar.current import current_calendar
from registry.clock import now, start_of
from registry.cursors import DAY, ID, MOMENT, Key, Keyset, Page, Spelling
from registry.deadlines.application_clock import (
    AWAITS_DELIVERY,
    RUNNING,
    RoleThatRejected,
    desk_of,
    lies_at,
)
from registry.models import Account, Application
from registry.publication.search import condition_of_text, receipt_number_meant
from registry.rules.days.deadlines import decision_due, last_receipt_due_by
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.decision_clock import UNDELIVERED, Place, awaits_delivery, is_running
from registry.rules.workflow.states import Kind, Outcome, Role, State, proposes_name
from review.access import OFFICE_STATES, cases_of, office_of
from review.desk.claims import NOBODY, live_claims
from review.desk.work import NamesOfWorkers
from review.models import CaseWork

PAGE_SIZE = 30
# Beyond this the cases found are not counted, so that a search does not read the whole register.
COUNTED_UP_TO = 10_000
_EXPORTED_AT_ONCE = 1_000
# Never written: a cursor of this order says the id.
_TEXT = Spelling(str, str)
_ID = Key("id", ID)
_FETCHED = (
    "id",
    "receipt_number",
    "filing_number",
    "applicant_name",
    "applicant__name",
    "service_name",
    "province_code",
    "kind",
    "state",
    "round_number",
    "received_on",
    "decision",
    "decided_at",
    "clock_due_on",
    "clock_desk",
)


class Order(StrEnum):
    """The orders of the cases found. DECIDED has decided cases only, WORKED those that the officer worked on."""

    RECEIVED = "received"
    OLDEST = "oldest"
    DECIDED = "decided"
    APPLICANT = "applicant"
    WORKED = "worked"


_ORDERS: Mapping[Order, Keyset] = {
    Order.RECEIVED: Keyset("cases", (Key("received_on", DAY, falls=True), Key("id", ID, falls=True))),
    Order.OLDEST: Keyset("oldest", (Key("received_on", DAY), _ID)),
    Order.DECIDED: Keyset("decided", (Key("decided_at", MOMENT, falls=True), Key("id", ID, falls=True))),
    Order.APPLICANT: Keyset("applicant", (Key("applicant_name", _TEXT), _ID), mark=_ID),
    Order.WORKED: Keyset("worked", (Key("worked_at", MOMENT, falls=True), Key("id", ID, falls=True))),
}


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the cases are narrowed by; an empty criterion is ignored, days are days in China and inclusive.

    `stage` is a state, or UNDELIVERED for what is rejected and has reached nobody yet; the state "rejected" is that of
    the others. `worked_on_by` are officers of whom one worked on the case. `is_mine` leaves those that the
    searching officer worked on. `place` is a Place; with it, or with `due_from` and `due_to`, which bound the last day
    to decide, only cases are found whose clock runs. `holder` is the account that works on the case now, or NOBODY:
    only what lies at the searching officer's office has one.
    """

    text: str = ""
    worked_on_by: tuple[uuid.UUID, ...] = ()
    is_mine: bool = False
    stage: str = ""
    province: str = ""
    kind: str = ""
    outcome: str = ""
    received_from: date | None = None
    received_to: date | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    place: str = ""
    holder: str = ""
    due_from: date | None = None
    due_to: date | None = None


@dataclass(frozen=True, slots=True)
class FoundCase:
    """One case as the search shows it. `decided_by` is the desk that decided, None for a case without a decision.

    `officers` are the names of those who worked on it, as far as the searching officer sees them. `due_on` is the last
    day of the decision period, None where the round has none. `holder` is the name of who works on the case now: said
    of what lies at the searching officer's office, and in files alone.
    """

    id: uuid.UUID
    receipt_number: str
    filing_number: str | None
    applicant_name: str
    service_name: str
    province_code: str
    kind: Kind
    state: State
    awaits_delivery: bool
    round_number: int
    received_on: date
    decision: Outcome | None
    decided_at: datetime | None
    decided_by: Role | None
    officers: tuple[str, ...]
    due_on: date | None
    holder: str = ""


def search(officer: Account, criteria: Criteria, *, order: Order, cursor: str = "") -> Page[FoundCase]:
    """One page of the officer's cases that meet all criteria; a cursor that is refused gives the first."""
    page = _ORDERS[order].page_or_start(_found(officer, criteria, order), cursor, size=PAGE_SIZE)
    return Page(_cases(page.rows), page.next_cursor, page.previous_cursor, page.is_start_instead)


def count_found(officer: Account, criteria: Criteria, *, order: Order) -> int:
    """How many cases the search has; COUNTED_UP_TO where it has as many or more."""
    return _matching(officer, criteria, order).order_by()[:COUNTED_UP_TO].count()


def all_found(officer: Account, criteria: Criteria, *, order: Order) -> Iterator[FoundCase]:
    """Every case of the search in its order, read a thousand at a time; one more query for each thousand's holders."""
    keyset, cursor = _ORDERS[order], ""
    while True:
        page = keyset.page(_found(officer, criteria, order), cursor, size=_EXPORTED_AT_ONCE)
        holders = _holders(officer, [row["id"] for row in page.rows])
        yield from _cases(page.rows, holders)
        cursor = page.next_cursor
        if not cursor:
            return


def _found(officer: Account, criteria: Criteria, order: Order) -> QuerySet[Application, dict[str, Any]]:
    """The cases found, with the columns that are shown of them and the one they are ordered by."""
    also = ("worked_at",) if order is Order.WORKED else ()
    return _matching(officer, criteria, order).values(
        *_FETCHED, *also, officers=NamesOfWorkers(officer), rejected_by=RoleThatRejected()
    )


def _matching(officer: Account, criteria: Criteria, order: Order) -> QuerySet[Application]:
    """The officer's cases that meet all criteria, as far as the order has a place for them."""
    cases = cases_of(officer).select_related(None)
    of_text = _met_by_text(criteria.text)
    if of_text is None:
        return cases.none()
    cases = cases.filter(of_text, *_met_by_columns(criteria), *_met_by_clock(criteria))
    if criteria.holder:
        cases = cases.filter(_met_by_holder(officer, criteria.holder))
    if criteria.worked_on_by:
        work = CaseWork.objects.filter(officer__in=criteria.worked_on_by)
        cases = cases.filter(pk__in=work.values("application"))
    if criteria.is_mine or order is Order.WORKED:
        # One row at most for each case: the pair is unique.
        cases = cases.filter(worked_on__officer=officer).annotate(worked_at=F("worked_on__last_at"))
    return cases.filter(decided_at__isnull=False) if order is Order.DECIDED else cases


def _met_by_text(text: str) -> Q | None:
    """What the text asks of a case: numbers as a whole by their columns, else words in its form; None for nothing."""
    receipt_number = receipt_number_meant(text)
    if receipt_number:
        return Q(receipt_number=receipt_number)
    return condition_of_text(text, number_column="filing__number")


def _met_by_columns(criteria: Criteria) -> Iterator[Q]:
    for column, value in (
        ("province_code", criteria.province),
        ("kind", criteria.kind),
        ("decision", criteria.outcome),
        ("received_on__gte", criteria.received_from),
        ("received_on__lte", criteria.received_to),
    ):
        if value:
            yield Q(**{column: value})
    if criteria.stage == UNDELIVERED:
        yield AWAITS_DELIVERY
    elif criteria.stage:
        yield Q(state=criteria.stage) & ~AWAITS_DELIVERY
    if criteria.decided_from:
        yield Q(decided_at__gte=start_of(criteria.decided_from))
    if criteria.decided_to:
        yield Q(decided_at__lt=start_of(criteria.decided_to + timedelta(days=1)))


def _met_by_clock(criteria: Criteria) -> Iterator[Q]:
    """Where a running clock lies, and when it ends: every case has the same period from its day of receipt."""
    if criteria.place:
        yield lies_at(Place(criteria.place))
    if criteria.due_from or criteria.due_to:
        calendar = current_calendar()
        yield RUNNING
        if criteria.due_from:
            yield Q(received_on__gt=last_receipt_due_by(criteria.due_from - timedelta(days=1), calendar))
        if criteria.due_to:
            yield Q(received_on__lte=last_receipt_due_by(criteria.due_to, calendar))


def _met_by_holder(officer: Account, holder: str) -> Q:
    """The cases at the officer's office that this account works on now, or that nobody does."""
    office = office_of(officer)
    claims = live_claims(office, at=now())
    at_desk = Q(state__in=[state.value for state in OFFICE_STATES[office]])
    if holder == NOBODY:
        return at_desk & ~Q(pk__in=claims.values("application"))
    return at_desk & Q(pk__in=claims.filter(officer=uuid.UUID(holder)).values("application"))


def _holders(officer: Account, case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The name of who works now on each of these cases that lie at the officer's office; one query for all."""
    office = office_of(officer)
    states = [state.value for state in OFFICE_STATES[office]]
    claims = live_claims(office, at=now()).filter(application__in=case_ids, application__state__in=states)
    return dict(claims.values_list("application", "officer__name"))


def _cases(
    rows: list[dict[str, Any]], holders: Mapping[uuid.UUID, str] = MappingProxyType({})
) -> list[FoundCase]:
    """The rows as cases, with the names of those who work on them, by their id."""
    calendar = current_calendar()
    return [
        FoundCase(
            id=row["id"],
            receipt_number=row["receipt_number"],
            filing_number=row["filing_number"],
            applicant_name=_name_of(row),
            service_name=row["service_name"],
            province_code=row["province_code"],
            kind=Kind(row["kind"]),
            state=State(row["state"]),
            awaits_delivery=awaits_delivery(
                state=State(row["state"]), is_closed=row["clock_due_on"] is not None
            ),
            round_number=row["round_number"],
            received_on=row["received_on"],
            decision=Outcome(row["decision"]) if row["decision"] else None,
            decided_at=row["decided_at"],
            decided_by=_desk_of(row),
            officers=tuple(row["officers"] or ()),
            due_on=_due_on(row, calendar),
            holder=holders.get(row["id"], ""),
        )
        for row in rows
    ]


def _due_on(row: Mapping[str, Any], calendar: Calendar) -> date | None:
    """The last day of a case's decision period, of a clock that is closed as it was then; None where none runs."""
    closed: date | None = row["clock_due_on"]
    if closed is not None:
        return closed
    runs = is_running(state=State(row["state"]), kind=Kind(row["kind"]), is_closed=False)
    return decision_due(row["received_on"], calendar).due_on if runs else None


def _name_of(row: Mapping[str, Any]) -> str:
    """What the applicant is called now."""
    is_proposed = proposes_name(kind=row["kind"], state=row["state"])
    return str(row["applicant__name" if is_proposed else "applicant_name"])


def _desk_of(row: Mapping[str, Any]) -> Role | None:
    """The desk that decided a case: the nation approves, a rejection that has arrived names its desk."""
    if row["rejected_by"]:
        return desk_of(row["rejected_by"])
    if row["decision"] == Outcome.APPROVAL:
        return Role.NATIONAL_REVIEWER
    return Role(row["clock_desk"]) if row["decision"] and row["clock_desk"] else None
