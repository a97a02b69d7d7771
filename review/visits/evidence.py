"""What a case shows of the looks at its web addresses: of each address the newest, and those before it folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from registry.labels import particulars as words
from registry.labels.date_format import moment
from registry.models import Application
from registry.rules.particulars.materials import Materials
from registry.rules.workflow.states import Kind
from review.models import SiteVisit
from review.visits import waiting
from review.visits.addresses import FiledAddress, filed_addresses
from review.visits.seen import Seen, from_json
from review.visits.words import outcome_of, statements_of, step_text

# Of the looks of a case, so many are read, and of an address so many are shown.
_MOST_READ = 300
_MOST_SHOWN = 10
_MOST_IN_PAPERS = 5
_LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """An address on the way, with what it did and in how many milliseconds."""

    url: str
    text: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Look:
    """One look as the page tells it: `by` is empty where nobody asked for it."""

    at: datetime
    by: str
    outcome: str
    is_open: bool
    statements: tuple[str, ...]
    steps: tuple[ShownStep, ...]
    seen: Seen

    @property
    def went_elsewhere(self) -> bool:
        """Whether there is more of the way to show than its one address."""
        return len(self.steps) > 1

    @property
    def milliseconds(self) -> int:
        """How long the whole way took."""
        return sum(step.milliseconds for step in self.steps)


@dataclass(frozen=True, slots=True)
class SiteEvidence:
    """A filed address with the looks at it, the newest first; `waits_since` while it is being looked at."""

    label: Promise | str
    url: str
    looks: tuple[Look, ...]
    waits_since: datetime | None

    @property
    def newest(self) -> Look | None:
        """The newest look; None before the first."""
        return self.looks[0] if self.looks else None

    @property
    def earlier(self) -> tuple[Look, ...]:
        """Those before it, as many as are shown."""
        return self.looks[1 : 1 + _MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class Sites:
    """The web addresses of a case; `beside` is the section of the forms that they stand by."""

    addresses: tuple[SiteEvidence, ...]
    is_on: bool
    is_late: bool
    page_url: str
    beside: str

    @property
    def is_waiting(self) -> bool:
        """Whether one of them is being looked at."""
        return any(each.waits_since for each in self.addresses)

    @property
    def goes_on(self) -> bool:
        """Whether the page asks by itself whether there is something new."""
        return self.is_waiting and not self.is_late


def sites_of(application: Application, materials: Materials, *, at: datetime) -> Sites:
    """The web addresses of the revision under review with what was seen at them; three queries."""
    kind = Kind(application.kind)
    filed = filed_addresses(kind, materials)
    looks = _looks_by_address(application) if filed else {}
    waits = dict(waiting.waiting_on(application.pk).values_list("address", "asked_at")) if filed else {}
    number = (application.filing.number or "") if application.filing is not None else ""
    shown = tuple(_evidence(each, looks, waits, number=number) for each in filed)
    return Sites(
        shown,
        is_on=settings.SITE_VISITS,
        is_late=any(since < at - _LATE_AFTER for since in waits.values()),
        page_url=reverse("review:sites", args=[application.pk]),
        beside="applicant" if kind is Kind.APPLICANT_CHANGE else "service",
    )


def newest_looks(application: Application, materials: Materials) -> Iterable[str]:
    """One line for each address that was looked at: what the newest look saw, for papers."""
    for each in sites_of(application, materials, at=application.submitted_at).addresses[:_MOST_IN_PAPERS]:
        if (newest := each.newest) is not None:
            yield _line(each.url, newest)


def _line(url: str, look: Look) -> str:
    said = "".join(look.statements)
    return f"{url} {look.outcome}（{moment(look.at)}）{said}"


def _looks_by_address(application: Application) -> dict[str, list[SiteVisit]]:
    found: dict[str, list[SiteVisit]] = defaultdict(list)
    visits = SiteVisit.objects.filter(application=application).select_related("asked_by")
    for visit in visits.order_by("-looked_at", "-pk")[:_MOST_READ]:
        found[visit.address].append(visit)
    return found


def _evidence(
    filed: FiledAddress, looks: dict[str, list[SiteVisit]], waits: dict[str, datetime], *, number: str
) -> SiteEvidence:
    address = waiting.digest_of(filed.url)
    visits = looks.get(address, [])[: 1 + _MOST_SHOWN]
    return SiteEvidence(
        words.label_of(filed.key),
        filed.url,
        tuple(_look(filed, each, number=number) for each in visits),
        waits.get(address),
    )


def _look(filed: FiledAddress, visit: SiteVisit, *, number: str) -> Look:
    seen = from_json(visit.seen)
    return Look(
        visit.looked_at,
        visit.asked_by.name if visit.asked_by is not None else "",
        outcome_of(seen),
        not seen.failure and seen.status < 400,
        tuple(statements_of(filed, seen, number=number)),
        tuple(ShownStep(step.url, step_text(step), step.milliseconds) for step in seen.steps),
        seen,
    )
