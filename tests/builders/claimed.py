"""Filings of an earlier list that somebody claims: stated, decided and supplied through the functions of the pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from registry import clock
from registry.book import head_claims
from registry.members import claims
from registry.members.claims import StatedIdentity
from registry.models import Account, Applicant, Filing, MembershipClaim
from registry.rules.workflow.states import Role
from registry.sample import walk
from registry.sample.materials import organisation_materials
from tests.builders import published
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast

# Of the first applicant, in Beijing, the list names two services.
LINES = published.rows(12)
NUMBER = LINES[0][3]


def imported(folder: Path) -> Filing:
    """The first filing of the list, taken over."""
    published.imported(folder, LINES)
    return Filing.objects.get(number=NUMBER)


def stated(seed: int = 1) -> StatedIdentity:
    """The document of a sample organisation, and its principal."""
    given = organisation_materials(seed=seed, today=MORNING.date(), division_code=BEIJING_DIVISION)
    applicant = given["applicant"]
    return StatedIdentity(
        nature=applicant["nature"],
        document_type=applicant["document_type"],
        document_number=applicant["document_number"],
        person=given["person_in_charge"]["name"],
    )


def scans(
    nature: str = "organisation", document_type: str = "unified_social_credit_code"
) -> dict[str, SimpleUploadedFile]:
    """A scan for each slot of the proof."""
    return {
        slot: SimpleUploadedFile(f"{slot}.png", walk.sample_scan(slot), "image/png")
        for slot in claims.proof_slots(nature, document_type)
    }


def claim(
    applicant: Applicant,
    account: Account,
    *,
    identity: StatedIdentity | None = None,
    at: datetime | None = None,
) -> MembershipClaim:
    """An open claim over the filings of an imported applicant."""
    identity = identity or stated()
    return claims.open_claim(
        applicant,
        account=account,
        way=MembershipClaim.Way.OFFICE,
        stated_name=applicant.name,
        explanation="样例：写明理由",
        draft_id=None,
        proof=scans(identity.nature, identity.document_type),
        identity=identity,
        at=at or clock.now(),
    )


def decide(
    made: MembershipClaim, officer: Account, *, outcome: str = "joined", at: datetime | None = None
) -> MembershipClaim:
    """The provincial office's decision, as two officers have made it."""
    return head_claims.decide_claim(
        made.pk,
        MembershipClaim.Outcome(outcome),
        reason="样例：写明理由",
        officer=officer,
        at=at or clock.now(),
        is_by_two=True,
    )


def decline(made: MembershipClaim, officer: Account) -> MembershipClaim:
    """One officer of the provincial office declines."""
    return head_claims.decide_claim(
        made.pk,
        MembershipClaim.Outcome.DECLINED,
        reason="样例：写明理由",
        officer=officer,
        at=clock.now(),
    )


def granted(folder: Path, cast: Cast, *, at: datetime = MORNING) -> Filing:
    """An imported filing whose head the cast's member has claimed."""
    filing = imported(folder)
    decide(claim(filing.applicant, cast.member, at=at), cast.provincial, at=at)
    filing.refresh_from_db()
    return Filing.objects.select_related("applicant").get(pk=filing.pk)


def officer_of(cast: Cast, province_code: str) -> Account:
    """A reviewer of a province."""
    return cast.get(f"样例初审{province_code}", Role.PROVINCIAL_REVIEWER, province_code)
