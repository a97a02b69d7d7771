"""The registered applicant that a draft names and its account may claim."""

from __future__ import annotations

from datetime import datetime

from applicants.drafts.matter import matter_of
from applicants.models import Draft
from registry.book.applicants import find_applicant
from registry.members.authority import membership_of
from registry.models import Account, Applicant


def claimable_applicant(draft: Draft, *, account: Account, at: datetime) -> Applicant | None:
    """The registered applicant that a complete draft names and the account does not act for.

    None for an incomplete draft: entering document numbers must not reveal which of them are registered.
    """
    if draft.applicant_id is not None:
        return None
    prepared = matter_of(draft).prepare(at=at)
    if prepared.gaps:
        return None
    applicant = find_applicant(prepared.materials["applicant"])
    if applicant is None or membership_of(account.pk, applicant.pk) is not None:
        return None
    return applicant
