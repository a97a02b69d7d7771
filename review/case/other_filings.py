"""An applicant's other filings, and the other applications of a joint submission."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from registry.labels.ending_words import standing_words
from registry.models import Account, Application, Event, Filing
from registry.notices.subject import live_filings
from registry.rules.workflow.events import OUTCOME
from registry.rules.workflow.states import PUBLIC_STANDINGS, Act, Outcome, Standing
from review.access import cases_of

MOST_READ = 100


@dataclass(slots=True)
class OtherFiling:
    """One filing with its applications, newest first; `filing` is None for changes of the applicant.

    Applications that lie with the office of another province are not among them.
    """

    filing: Filing | None
    applications: list[Application] = field(default_factory=list)
    rejections: int = 0

    @property
    def service_name(self) -> str:
        return self.filing.service_name if self.filing is not None else ""

    @property
    def standing(self) -> Promise | None:
        if self.filing is None:
            return None
        return standing_words(Standing(self.filing.standing), self.filing.end_ground)


def other_filings_of(application: Application, officer: Account) -> list[OtherFiling]:
    """The applicant's other filings: those with applications that the officer may see first, latest first.

    An applicant may have filed while it was registered elsewhere: such a filing is named, but none of its cases.
    """
    applications = list(
        cases_of(officer)
        .filter(applicant=application.applicant_id)
        .exclude(pk=application.pk)
        .order_by("-submitted_at")[:MOST_READ]
    )
    rejections = _rejections(applications)
    found: dict[uuid.UUID | None, OtherFiling] = {}
    for other in applications:
        entry = found.setdefault(other.filing_id, OtherFiling(other.filing))
        entry.applications.append(other)
        entry.rejections += rejections[other.pk]
    seen = cases_of(officer).filter(applicant=application.applicant_id, filing__isnull=False).values("filing")
    elsewhere = _registered(application.applicant_id).exclude(pk__in=seen)
    return [
        *found.values(),
        *(OtherFiling(filing) for filing in elsewhere.order_by("-opened_at")[:MOST_READ]),
    ]


def _registered(applicant_id: uuid.UUID) -> QuerySet[Filing]:
    """The filings of an applicant that are in the register or may come into it."""
    ended = Filing.objects.filter(
        applicant=applicant_id, standing__in=[each.value for each in PUBLIC_STANDINGS]
    )
    return Filing.objects.filter(
        Q(pk__in=live_filings(applicant_id).values("pk")) | Q(pk__in=ended.values("pk"))
    )


def other_jointly_submitted(application: Application, officer: Account) -> list[Application]:
    """The other applications of its joint submission that the officer may see, by receipt number."""
    if application.together_id is None:
        return []
    return list(
        cases_of(officer)
        .filter(together_id=application.together_id)
        .exclude(pk=application.pk)
        .order_by("receipt_number")
    )


def _rejections(applications: Iterable[Application]) -> Counter[uuid.UUID]:
    """The number of rejections of each application, including earlier rounds; one query for all."""
    events = Event.objects.filter(
        application__in=[application.pk for application in applications],
        act__in=[Act.REJECT.value, Act.CONFIRM.value],
    ).values_list("application_id", "act", OUTCOME)
    return Counter(
        application_id
        for application_id, act, outcome in events
        if application_id and (act == Act.REJECT or outcome == Outcome.REJECTION)
    )
