"""Whether a file is a certificate of filing information that the portal issued, and whether it is still current.

The file is known by its SHA-256 alone: one altered character makes it another file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q

from registry.clock import china_date
from registry.models import Event, IssuedDocument
from registry.rules.workflow.events import OUTCOME
from registry.rules.workflow.states import Act, Kind, Outcome, Standing

_APPROVED = Q(act=Act.APPROVE.value) | Q((OUTCOME, Outcome.APPROVAL.value), act=Act.CONFIRM.value)
# The acts that change what a certificate says.
CERTIFICATE_CHANGES = Q(act__in=[Act.ISSUE_NUMBER.value, Act.APPLICANT_CHANGED.value]) | (
    _APPROVED & Q(application__kind=Kind.CHANGE.value)
)


class Verdict(StrEnum):
    """What a certificate that the portal issued is worth today."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """A certificate that was issued: for which number, when, and what became of it.

    `since` is the day of the change that superseded it; None while it is current, and when the filing ended.
    """

    number: str
    issued_on: date
    verdict: Verdict
    since: date | None = None


def certificate_with(sha256: str) -> VerifiedCertificate | None:
    """The certificate whose bytes have this digest; None when the portal issued no such file."""
    found = IssuedDocument.objects.filter(sha256=sha256, kind=IssuedDocument.Kind.CERTIFICATE)
    document = found.select_related("filing", "event").first()
    if document is None or document.filing is None or document.filing.number is None:
        return None
    filing, issued_on = document.filing, china_date(document.created_at)
    number = str(filing.number)
    if filing.standing != Standing.IN_FORCE:
        return VerifiedCertificate(number, issued_on, Verdict.ENDED)
    changes = Event.objects.filter(CERTIFICATE_CHANGES, filing=filing, sequence__gt=document.event.sequence)
    first = changes.order_by("sequence").first()
    if first is not None:
        return VerifiedCertificate(number, issued_on, Verdict.SUPERSEDED, china_date(first.at))
    return VerifiedCertificate(number, issued_on, Verdict.CURRENT)
