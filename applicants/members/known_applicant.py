"""The registered applicant that a draft names and its account may claim."""

from __future__ import annotations

from datetime import datetime

from applicants.models import Draft
from registry import clock
from registry.book.applicants import find_applicant
from registry.lists import current_lists
from registry.members.authority import membership_of
from registry.models import Account, Applicant
from registry.rules.particulars import clear_irrelevant
from registry.rules.particulars.completeness import canonical_materials, find_gaps


def claimable_applicant(draft: Draft, *, account: Account, at: datetime) -> Applicant | None:
    """The registered applicant that a complete draft names and the account does not act for.

    None for an incomplete draft: entering document numbers must not reveal which of them are registered.
    """
    if draft.applicant_id is not None or draft.is_amendment:
        return None
    lists, today = current_lists(), clock.china_date(at)
    materials = canonical_materials(clear_irrelevant(draft.materials), today=today, lists=lists)
    if find_gaps(materials, lists=lists, today=today):
        return None
    applicant = find_applicant(materials["applicant"])
    if applicant is None or membership_of(account.pk, applicant.pk) is not None:
        return None
    return applicant
