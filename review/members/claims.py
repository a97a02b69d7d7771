"""A membership claim as its page shows it: the proof beside the registered applicant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise

from registry.book.revisions import get_revision, materials_of
from registry.labels import particulars as words
from registry.labels.masking import mask_document_number
from registry.members.authority import active_memberships
from registry.members.claims import proof_of
from registry.members.words import role_text
from registry.models import Account, Application, Membership, MembershipClaim
from registry.presentation.materials import PresentedFile, Section, division_text, present_file, sections_of
from registry.storage import attachments
from review.access import cases_of

# The sections that the licence and the letter of the proof are compared with.
_COMPARED = frozenset({"applicant", "person_in_charge"})


@dataclass(frozen=True, slots=True)
class ProofPage:
    """One page of a scan: its picture, and the claim page that shows it."""

    number: int
    url: str
    picture_url: str


@dataclass(frozen=True, slots=True)
class ClaimProof:
    """One scan of the proof, open at a page."""

    slot: str
    label: Promise
    file: PresentedFile
    page: ProofPage
    pages: list[ProofPage]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A present member of the applicant."""

    membership: Membership
    role: str


def proofs(claim: MembershipClaim, query: Mapping[str, str]) -> list[ClaimProof]:
    """The scans of the proof, each open at the page that the query names for its slot."""
    found = []
    for scan in proof_of(claim):
        file = present_file(attachments.entry_of(scan))
        pages = [
            ProofPage(
                each["number"],
                f"?{urlencode({scan.slot: each['number']})}#proof-{scan.slot}",
                each["picture_url"],
            )
            for each in file.pages
        ]
        wanted = query.get(scan.slot, "")
        shown = next((page for page in pages if str(page.number) == wanted), pages[0])
        found.append(ClaimProof(scan.slot, words.label_of(f"attachments.{scan.slot}"), file, shown, pages))
    return found


def registered_applicant(claim: MembershipClaim, *, officer: Account) -> dict[str, Any]:
    """The registered applicant, its members and its latest case in the jurisdiction; personal values masked."""
    applicant = claim.applicant
    latest = cases_of(officer).filter(applicant=applicant).order_by("-submitted_at", "-id").first()
    return {
        "applicant": applicant,
        "number": applicant.credit_code or mask_document_number(applicant.document_number or ""),
        "place": division_text(applicant.division_code, on=applicant.created_at.date()),
        "members": [MemberLine(each, role_text(each)) for each in active_memberships(applicant.pk)],
        "latest": latest,
        "sections": _compared_sections(latest) if latest is not None else [],
    }


def _compared_sections(application: Application) -> list[Section]:
    materials = materials_of(get_revision(application.pk, application.revision_number))
    return [section for section in sections_of(materials) if section.key in _COMPARED]
