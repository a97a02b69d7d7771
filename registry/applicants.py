"""Entering applicants in the book: one for each document, with its first owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.models import Account, Applicant, Membership
from registry.models.applicant import document_index


def find_applicant(given: Mapping[str, Any]) -> Applicant | None:
    """The applicant that the applicant section's document names, if the book has it."""
    index = document_index(given["document_type"], given["document_number"])
    return Applicant.objects.filter(document_index=index).first()


def enter_applicant(given: Mapping[str, Any], *, owner: Account, at: datetime) -> Applicant:
    """A new applicant from the applicant section of canonical materials, owned by this account.

    Raises IntegrityError when another account enters the same document at this moment.
    """
    is_organisation = given["nature"] == Applicant.Nature.ORGANISATION
    applicant = Applicant(
        nature=given["nature"],
        name=given["name"],
        document_type=given["document_type"],
        credit_code=given["document_number"] if is_organisation else "",
        document_number=None if is_organisation else given["document_number"],
        document_index=document_index(given["document_type"], given["document_number"]),
        division_code=given["division_code"],
        province_code=f"{given['division_code'][:2]}0000",
        created_at=at,
    )
    applicant.save(force_insert=True)
    Membership.objects.create(
        applicant=applicant, account=owner, role=Membership.MemberRole.OWNER, created_at=at
    )
    return applicant
