"""Claims over the heads of imported numbers: one claim covers every filing under a head."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registry.book.applicants import identify_imported
from registry.book.imported_heads import heads_of
from registry.errors import NotFound
from registry.members import claims
from registry.members.memberships import lock_applicant
from registry.models import Account, Applicant, Filing, MembershipClaim
from registry.rules.codes import filing_number


@dataclass(frozen=True, slots=True)
class Head:
    """What an earlier list names of one applicant: the applicant, and its filings in the order of their numbers."""

    applicant: Applicant
    filings: tuple[Filing, ...]

    @property
    def is_claimed(self) -> bool:
        """Whether a claim over it was granted, and the register knows whose it is."""
        return bool(self.applicant.nature)


def head_of_number(text: str) -> Head:
    """The imported head of a number as people write it.

    Raises NotAFilingNumber, and NotFound("head_unknown") for a number whose head no imported list names.
    """
    number = filing_number.stated_in(text)
    head = heads_of([number]).get(number.head)
    if head is None or not head.is_imported:
        raise NotFound("head_unknown", number=str(number))
    applicant = Applicant.objects.get(pk=head.applicant_id)
    return Head(applicant, filings_under(applicant))


def filings_under(applicant: Applicant) -> tuple[Filing, ...]:
    """What was imported of an applicant, in the order of the numbers."""
    return tuple(Filing.objects.filter(applicant=applicant, is_imported=True).order_by("number"))


@transaction.atomic
def decide_claim(
    claim_id: uuid.UUID,
    outcome: MembershipClaim.Outcome,
    *,
    reason: str,
    officer: Account,
    at: datetime,
    is_by_two: bool = False,
) -> MembershipClaim:
    """Decides a claim for the office, as `registry.members.claims.decide_claim` does.

    A granted one over the head of imported numbers gives their applicant the stated document as well. Raises what that
    function and `identify_imported` raise.
    """
    found = claims.claims_at_offices(officer, is_by_two=is_by_two).filter(pk=claim_id).first()
    stated = claims.stated_in(found) if found is not None else None
    if stated is not None and found is not None and outcome is not claims.Outcome.DECLINED:
        applicant = lock_applicant(stated.applicant_id)
        found.refresh_from_db(fields=["outcome"])
        if not found.outcome:
            identify_imported(applicant, stated)
    return claims.decide_claim(claim_id, outcome, reason=reason, officer=officer, at=at, is_by_two=is_by_two)
