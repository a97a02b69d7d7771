"""The queue of an office: the cases at its desk in the order of receipt, with filters and counts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from registry import clock
from registry.book.decision_period import SOON_WORKING_DAYS, DecisionPeriod, period_of
from registry.calendar.current import current_calendar
from registry.cursors import DAY, ID, Key, Keyset
from registry.models import Account, Application
from registry.notices.subject import Subject, subjects_of
from registry.presentation.timeline import JointSubmission, joint_submissions
from registry.publication import record
from registry.rules.days.deadlines import last_receipt_due_by
from registry.rules.days.working_days import Calendar, add_working_days
from registry.rules.search_form import SEPARATOR, form_of
from registry.rules.workflow.states import Kind
from review.access import office_of, open_cases
from review.desk.claims import claims_on, live_claims
from review.desk.consulted import Waiting, waiting_for
from review.desk.openings import open_elsewhere
from review.desk.returns import Return, returns_of
from review.models import Assignment

PAGE_SIZE = 30
_ORDER = Keyset("queue", (Key("received_on", DAY), Key("id", ID)))
_TEXT_LENGTH = 100


class Claimed(StrEnum):
    """Whose cases the queue shows."""

    ALL = ""
    MINE = "mine"
    UNCLAIMED = "unclaimed"


class Left(StrEnum):
    """The filter by working days left."""

    ANY = ""
    LATE = "late"
    SOON = "soon"
    TEN = "ten"


_LEFT_WORKING_DAYS = {Left.SOON: SOON_WORKING_DAYS, Left.TEN: 10}


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the queue, read from the query string; unknown values are ignored."""

    claimed: Claimed = Claimed.ALL
    kind: Kind | None = None
    left: Left = Left.ANY
    text: str = ""

    @classmethod
    def from_query(cls, query: dict[str, str]) -> Filters:
        claimed, kind, left = query.get("claimed", ""), query.get("kind", ""), query.get("left", "")
        return cls(
            claimed=Claimed(claimed) if claimed in list(Claimed) else Claimed.ALL,
            kind=Kind(kind) if kind in list(Kind) else None,
            left=Left(left) if left in list(Left) else Left.ANY,
            text=query.get("q", "").replace("\x00", "").strip()[:_TEXT_LENGTH],
        )

    def query(self, **extra: str) -> str:
        """The filters as a query string with a leading ?; a bare ? when none is set."""
        return "?" + urlencode(
            {**dict(self.named), **{name: value for name, value in extra.items() if value}}
        )

    @property
    def named(self) -> list[tuple[str, str]]:
        """The filters that are set, by their names in the query string."""
        named = {
            "claimed": self.claimed.value,
            "kind": self.kind.value if self.kind else "",
            "left": self.left.value,
            "q": self.text,
        }
        return [(name, value) for name, value in named.items() if value]

    def with_claimed(self, claimed: Claimed) -> Filters:
        return replace(self, claimed=claimed)

    def with_left(self, left: Left) -> Filters:
        return replace(self, left=left)

    @property
    def is_narrowing(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue; `together` is the case's joint submission, `returned` how it came back, if it did.

    `consulted` is what it waits for of other bodies.
    """

    application: Application
    clock: DecisionPeriod
    claim: Assignment | None
    open_elsewhere: list[str]
    together: JointSubmission | None
    subject: Subject
    returned: Return | None
    consulted: Waiting | None


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of cases that each list has with the other filters in use; `soon` are those that are not late."""

    all: int
    mine: int
    unclaimed: int
    soon: int
    late: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue; `next_cursor` is empty on the last page, `total` counts all matching cases.

    `is_start_instead` says that the cursor asked for was refused, and that this is the first page.
    """

    rows: list[QueueRow]
    total: int
    next_cursor: str
    is_start_instead: bool = False


def queue_page(officer: Account, filters: Filters, *, cursor: str = "", at: datetime) -> QueuePage:
    """One page of the cases at the officer's office, in the order of receipt.

    Every case has the same period, so the order of receipt is the order of the due days (Art. 12).
    """
    calendar, today = current_calendar(), clock.china_date(at)
    cases = cases_within(officer, filters, calendar=calendar, at=at)
    total = cases.count()
    page = _ORDER.page_or_start(cases, cursor, size=PAGE_SIZE)
    shown = page.rows
    claims = claims_on(shown, office_of(officer), at=at, calendar=calendar)
    opened = open_elsewhere(shown, officer, at=at)
    together = joint_submissions(shown)
    subjects = subjects_of(shown)
    returns = returns_of(shown)
    consulted = waiting_for(shown, today=today)
    rows = [
        QueueRow(
            application,
            period_of(application, today=today, calendar=calendar),
            claims.get(application.pk),
            opened.get(application.pk, []),
            together.get(application.pk),
            subjects[application.pk],
            returns.get(application.pk),
            consulted.get(application.pk),
        )
        for application in shown
    ]
    return QueuePage(rows, total, page.next_cursor, page.is_start_instead)


def counts(officer: Account, filters: Filters, *, at: datetime) -> Counts:
    """Counts the cases at the desk for the tabs, each as the list behind it has them: with all other filters."""
    calendar, today = current_calendar(), clock.china_date(at)
    claims = live_claims(office_of(officer), at=at, calendar=calendar).filter(application=OuterRef("pk"))
    late, soon = (_received_by(left, today, calendar) for left in (Left.LATE, Left.SOON))
    elsewise = cases_within(
        officer, filters.with_claimed(Claimed.ALL).with_left(Left.ANY), calendar=calendar, at=at
    )
    of_days = (
        Q() if filters.left is Left.ANY else Q(received_on__lte=_received_by(filters.left, today, calendar))
    )
    of_claims = {
        Claimed.ALL: Q(),
        Claimed.MINE: Q(is_mine=True),
        Claimed.UNCLAIMED: Q(is_claimed=False),
    }
    chosen = of_claims[filters.claimed]
    found = elsewise.annotate(
        is_claimed=Exists(claims), is_mine=Exists(claims.filter(officer=officer))
    ).aggregate(
        all=Count("pk", filter=of_days),
        mine=Count("pk", filter=of_days & of_claims[Claimed.MINE]),
        unclaimed=Count("pk", filter=of_days & of_claims[Claimed.UNCLAIMED]),
        late=Count("pk", filter=chosen & Q(received_on__lte=late)),
        soon=Count("pk", filter=chosen & Q(received_on__gt=late, received_on__lte=soon)),
    )
    return Counts(**found)


def cases_within(
    officer: Account, filters: Filters, *, calendar: Calendar, at: datetime
) -> QuerySet[Application]:
    """The cases at the officer's office that match the filters, unordered."""
    cases = open_cases(officer)
    if filters.claimed is not Claimed.ALL:
        claims = live_claims(office_of(officer), at=at, calendar=calendar)
        if filters.claimed is Claimed.MINE:
            cases = cases.filter(pk__in=claims.filter(officer=officer).values("application"))
        else:
            cases = cases.exclude(pk__in=claims.values("application"))
    if filters.kind is not None:
        cases = cases.filter(kind=filters.kind.value)
    if filters.left is not Left.ANY:
        today = clock.china_date(at)
        cases = cases.filter(received_on__lte=_received_by(filters.left, today, calendar))
    if filters.text.strip():
        cases = cases.filter(pk__in=_with_text(cases, filters.text))
    return cases


def _with_text(cases: QuerySet[Application], text: str) -> list[uuid.UUID]:
    """The cases whose receipt, filing number or names have all words of the text, however it is typed.

    What lies at an office is few enough to be compared one by one.
    """
    terms = record.terms_of(text)
    columns = ("receipt_number", "filing__number", "applicant_name", "service_name")
    found = []
    for key, *texts in cases.values_list("pk", *columns):
        form = SEPARATOR.join(form_of(each or "") for each in texts)
        if terms and all(term in form for term in terms):
            found.append(key)
    return found


def _received_by(left: Left, today: date, calendar: Calendar) -> date:
    """The last day of receipt whose cases have that few working days left today."""
    if left is Left.LATE:
        due_on = today - timedelta(days=1)
    else:
        due_on = add_working_days(today, _LEFT_WORKING_DAYS[left], calendar)
    return last_receipt_due_by(due_on, calendar)
