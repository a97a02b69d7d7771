"""The registered applicant that a draft names and its account may claim."""

from __future__ import annotations

from datetime import datetime

from applicants.drafts.matter import matter_of
from applicants.models import Draft
from registry.book.applicants import find_applicant, public_name_of
from registry.members.authority import membership_of
from registry.models import Account, Applicant


def claimable_applicant(draft: Draft, *, account: Account, at: datetime) -> Applicant | None:
    """The registered applicant that a draft names and the account does not act for.

    None for an incomplete draft, unless the public register lists the organisation: entering document numbers must not
    reveal which of them are registered.
    """
    if draft.applicant_id is not None:
        return None
    prepared = matter_of(draft).prepare(at=at)
    applicant = find_applicant(prepared.materials["applicant"])
    if applicant is None or membership_of(account.pk, applicant.pk) is not None:
        return None
    return None if prepared.gaps and not public_name_of(applicant) else applicant
