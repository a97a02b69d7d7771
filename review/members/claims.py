"""A membership claim as its page shows it: the proof beside the registered applicant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise

from registry.book.head_claims import filings_under
from registry.book.revisions import get_revision, materials_of
from registry.labels import particulars as words
from registry.labels.masking import mask_document_number
from registry.members.authority import active_memberships
from registry.members.claims import open_claims_beside, proof_of, stated_in
from registry.members.words import role_text
from registry.models import Account, Applicant, Application, Attachment, Filing, Membership, MembershipClaim
from registry.presentation.file_rows import file_row
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
    """The scans of the proof that were read, each open at the page that the query names for its slot."""
    found = []
    for scan in proof_of(claim):
        if scan.state != Attachment.State.CLEAN:
            continue
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
        found.append(ClaimProof(scan.slot, words.proof_label(scan.slot), file, shown, pages))
    return found


def unread_scans(claim: MembershipClaim) -> list[dict[str, Any]]:
    """The scans that are still being read and those that could not be, as rows without their files."""
    return [
        file_row(scan, label=str(words.proof_label(scan.slot)))
        for scan in proof_of(claim)
        if scan.state != Attachment.State.CLEAN
    ]


def registered_applicant(claim: MembershipClaim, *, officer: Account) -> dict[str, Any]:
    """The registered applicant, its members and its latest case in the jurisdiction; personal values masked."""
    applicant = claim.applicant
    latest = cases_of(officer).filter(applicant=applicant).order_by("-submitted_at", "-id").first()
    return {
        "applicant": applicant,
        "number": applicant.credit_code or _masked(applicant.document_number),
        "place": division_text(applicant.division_code, on=applicant.created_at.date()),
        "members": [MemberLine(each, role_text(each)) for each in active_memberships(applicant.pk)],
        "latest": latest,
        "sections": _compared_sections(latest) if latest is not None else [],
    }


@dataclass(frozen=True, slots=True)
class StatedHead:
    """What a claim over imported filings states, and what the lists printed; personal values masked."""

    nature_label: Promise
    nature: Promise | str
    document_type: Promise | str
    nationality: Promise | str
    number: str
    person_label: Promise
    person: str
    filings: tuple[Filing, ...]
    others: int
    registered: Applicant | None


def stated_head(claim: MembershipClaim) -> StatedHead | None:
    """What is to be compared of a claim over imported filings; None for any other claim.

    `others` counts the further open claims over the same filings, `registered` is another applicant of the register
    that has the stated document: the claim cannot be granted then.
    """
    stated = stated_in(claim)
    if stated is None:
        return None
    is_organisation = stated.nature == Applicant.Nature.ORGANISATION
    number = stated.document_number
    known = Applicant.objects.filter(document_index=stated.document_index).exclude(pk=claim.applicant_id)
    return StatedHead(
        nature_label=words.label_of("applicant.nature"),
        nature=words.choice_label("applicant.nature", stated.nature),
        document_type=words.choice_label("applicant.document_type", stated.document_type),
        nationality=words.choice_label("applicant.nationality", stated.nationality or ""),
        number=number if is_organisation else mask_document_number(number),
        person_label=words.label_of("person_in_charge.name"),
        person=stated.person,
        filings=filings_under(claim.applicant),
        others=open_claims_beside(claim).count(),
        registered=known.first(),
    )


def _masked(document_number: str | None) -> str:
    return mask_document_number(document_number) if document_number else ""


def _compared_sections(application: Application) -> list[Section]:
    materials = materials_of(get_revision(application.pk, application.revision_number))
    return [section for section in sections_of(materials) if section.key in _COMPARED]
