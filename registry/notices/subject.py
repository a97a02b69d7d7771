"""What an application is about, as pages, papers and notices call it: a service, or the applicant itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import Application, Event, Filing
from registry.rules.workflow.states import LIVE_STANDINGS, UNDECIDED_STATES, Act, Kind, Standing, State


@dataclass(frozen=True, slots=True)
class Subject:
    """What an application is about. A change of the applicant is about no single service.

    `filing_count` is the number of filings that a change of the applicant touches: when it was approved, else now.
    It is None for a withdrawn or lapsed one, which touches none, and for an application about a service.
    """

    title: str
    applicant_name: str
    is_applicant: bool = False
    filing_count: int | None = None

    @property
    def detail(self) -> str:
        """What stands below or beside the title: whose service it is, or how many filings are touched."""
        if not self.is_applicant:
            return self.applicant_name
        if self.filing_count is None:
            return _("The applicant itself")
        return ngettext(
            "The applicant itself: %(count)s filing",
            "The applicant itself: %(count)s filings",
            self.filing_count,
        ) % {"count": self.filing_count}

    def as_fact(self) -> str | dict[str, object]:
        """The subject as a fact of the manner `service`: no language is chosen yet."""
        if not self.is_applicant:
            return self.title
        return {"applicant": self.applicant_name, "filings": self.filing_count}


def live_filings(applicant_id: uuid.UUID) -> QuerySet[Filing]:
    """The filings that name the applicant now or may come to: what an approved change of the applicant touches."""
    return Filing.objects.filter(_LIVE, applicant=applicant_id).distinct()


def filings_touched(application: Application) -> QuerySet[Filing]:
    """The filings that a change of the applicant touched when it was approved, or would touch now.

    Those with a number come first, in the order of their numbers' issue. None for any other application.
    """
    touched = Filing.objects.none()
    if application.kind == Kind.APPLICANT_CHANGE and State(application.state) in UNDECIDED_STATES:
        touched = live_filings(application.applicant_id)
    elif application.kind == Kind.APPLICANT_CHANGE and application.decided_at is not None:
        # The filings hear of an approval at its own moment, and of no other decision.
        told = Event.objects.filter(
            act=Act.APPLICANT_CHANGED.value, applicant=application.applicant_id, at=application.decided_at
        )
        touched = Filing.objects.filter(pk__in=told.values("filing"))
    return in_order_of_numbers(touched)


def in_order_of_numbers(filings: QuerySet[Filing]) -> QuerySet[Filing]:
    """The filings in the order in which they were numbered, then those without a number as they were opened."""
    return filings.order_by(F("numbered_at").asc(nulls_last=True), "opened_at")


def title_of(application: Application) -> str:
    """The name of the service, for a change of the applicant that of the applicant.

    It asks no query where the applicant was fetched with the application.
    """
    is_of_applicant = application.kind == Kind.APPLICANT_CHANGE
    return application.applicant_called if is_of_applicant else application.service_name


def subject_of(application: Application) -> Subject:
    """What one application is about."""
    return subjects_of([application])[application.pk]


def subjects_of(applications: Iterable[Application]) -> dict[uuid.UUID, Subject]:
    """What each of these applications is about, by its id; at most three queries for all of them."""
    asked = list(applications)
    changes = [each for each in asked if each.kind == Kind.APPLICANT_CHANGE]
    prefetch_related_objects(changes, "applicant")
    found = {
        each.pk: Subject(title_of(each), each.applicant_called, each.kind == Kind.APPLICANT_CHANGE)
        for each in asked
    }
    for pk, count in _touched(changes).items():
        found[pk] = replace(found[pk], filing_count=count)
    return found


_LIVE = Q(standing__in=[each.value for each in LIVE_STANDINGS if each is not Standing.PENDING]) | Q(
    standing=Standing.PENDING.value, applications__state__in=[each.value for each in UNDECIDED_STATES]
)


def _touched(changes: list[Application]) -> dict[uuid.UUID, int]:
    """The number of filings that each of these changes of the applicant touched, or would touch now."""
    approved = [each for each in changes if each.state == State.APPROVED]
    undecided = [each for each in changes if State(each.state) in UNDECIDED_STATES]
    found: dict[uuid.UUID, int] = {}
    if approved:
        # The filings hear of an approval at its own moment, in its own transaction.
        events = Event.objects.filter(
            act=Act.APPLICANT_CHANGED.value,
            applicant__in={each.applicant_id for each in approved},
            at__in={each.decided_at for each in approved},
        )
        counted = {(row["applicant"], row["at"]): row["count"] for row in _counted(events, "applicant", "at")}
        found |= {each.pk: counted.get((each.applicant_id, each.decided_at), 0) for each in approved}
    if undecided:
        filings = Filing.objects.filter(_LIVE, applicant__in={each.applicant_id for each in undecided})
        live = {row["applicant"]: row["count"] for row in _counted(filings, "applicant")}
        found |= {each.pk: live.get(each.applicant_id, 0) for each in undecided}
    return found


def _counted(rows: QuerySet[Event] | QuerySet[Filing], *by: str) -> Iterable[dict[str, Any]]:
    return rows.order_by().values(*by).annotate(count=Count("pk", distinct=True))
