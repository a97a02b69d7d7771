"""An applicant's other filings, and the other applications of a joint submission."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from registry.labels.states import label_of
from registry.models import Account, Application, Event, Filing
from registry.rules.workflow.states import Act, Outcome, Standing
from review.access import cases_of

MOST_READ = 100


@dataclass(slots=True)
class OtherFiling:
    """One filing with its applications, newest first; `filing` is None for changes of the applicant."""

    filing: Filing | None
    applications: list[Application] = field(default_factory=list)
    rejections: int = 0

    @property
    def service_name(self) -> str:
        return self.filing.service_name if self.filing is not None else ""

    @property
    def standing(self) -> Promise | None:
        return label_of(Standing(self.filing.standing)) if self.filing is not None else None


def other_filings_of(application: Application, officer: Account) -> list[OtherFiling]:
    """The applicant's other applications that the officer may see, grouped by filing, latest first."""
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
    return list(found.values())


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
    ).values_list("application_id", "act", "payload__outcome")
    return Counter(
        application_id
        for application_id, act, outcome in events
        if application_id and (act == Act.REJECT or outcome == Outcome.REJECTION)
    )
