"""Members, invitations and claims of the access matrix: the objects that its rows name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from applicants.models import Draft
from registry import clock
from registry.members import claims, invitations
from registry.members.invitations import LetterGiven, Recipient
from registry.members.memberships import Terms, take_in
from registry.models import Account, Applicant, Attachment, Invitation, Membership, MembershipClaim
from registry.rules.members.permissions import MemberRole, Scope
from registry.rules.workflow.states import Role
from registry.sample import walk
from tests.builders.materials import with_required_files
from tests.builders.odd_documents import document, doubling_forms


@dataclass(slots=True)
class MemberScene:
    """Members of a Beijing applicant, and what the stranger was offered and asks."""

    applicant: Applicant
    editor: Membership
    agent: Membership
    offered: Invitation
    sent: Invitation
    asked: MembershipClaim
    claimed: MembershipClaim
    proof: Attachment
    unreadable: MembershipClaim
    unreadable_scan: Attachment
    unreadable_letter: Attachment
    claiming_draft: Draft


def build_members(
    owner: Account, stranger: Account, *, applicant: Applicant, other: Applicant, draft: Draft
) -> MemberScene:
    """Members of `applicant`; the stranger asks for `other`, and `draft` names `applicant`."""
    at = clock.now()
    stranger.email, stranger.email_verified_at = "sample.stranger@example.com", at
    stranger.save()
    first, second = (walk.sample_account(name, Role.APPLICANT) for name in ("样例第二成员", "样例代办人"))
    second.email, second.email_verified_at = "sample.agent.two@example.com", at
    second.save()
    letter = LetterGiven(scan(), Scope.ALL_ACTS, date(2026, 12, 31))
    to_agent = invitations.invite(
        applicant.pk, _mail(second), role=MemberRole.EDITOR, letter=letter, by=owner, at=at
    )
    draft.materials = with_required_files(draft.materials)
    draft.save()
    claimed = claim_to(other, stranger, MembershipClaim.Way.OFFICE)
    unreadable = claim_to(
        applicant, stranger, MembershipClaim.Way.OFFICE, letter_of_authority=too_much_to_read()
    )
    unread = invitations.invite(
        applicant.pk,
        Recipient(Invitation.Channel.EMAIL, "sample.agent.three@example.com"),
        role=MemberRole.EDITOR,
        letter=LetterGiven(too_much_to_read(), Scope.ALL_ACTS, date(2026, 12, 31)),
        by=owner,
        at=at,
    )
    assert unread.letter is not None
    return MemberScene(
        applicant=applicant,
        editor=take_in(applicant, first, Terms(MemberRole.EDITOR), at=at),
        agent=invitations.accept(to_agent.pk, account=second, at=at),
        offered=invitations.invite(applicant.pk, _mail(stranger), role=MemberRole.EDITOR, by=owner, at=at),
        sent=invitations.invite(
            applicant.pk,
            Recipient(Invitation.Channel.EMAIL, "sample.nobody@example.com"),
            role=MemberRole.EDITOR,
            by=owner,
            at=at,
        ),
        asked=claim_to(other, stranger, MembershipClaim.Way.OWNERS),
        claimed=claimed,
        proof=claims.proof_of(claimed)[0],
        unreadable=unreadable,
        unreadable_scan=claims.proof_of(unreadable)[-1],
        unreadable_letter=unread.letter,
        claiming_draft=draft,
    )


def claim_to(
    applicant: Applicant, account: Account, way: MembershipClaim.Way, **scans: SimpleUploadedFile
) -> MembershipClaim:
    """An open claim to an applicant, with its proof where it is made at the office; `scans` stand in their slots."""
    is_office = way is MembershipClaim.Way.OFFICE
    return claims.open_claim(
        applicant,
        account=account,
        way=way,
        stated_name=applicant.name,
        explanation="样例：写明理由",
        draft_id=None,
        at=clock.now(),
        proof={slot: scan() for slot in claims.proof_slots(applicant.nature, applicant.document_type)} | scans
        if is_office
        else None,
    )


def _mail(account: Account) -> Recipient:
    return Recipient(Invitation.Channel.EMAIL, account.email or "")


def too_much_to_read() -> SimpleUploadedFile:
    """A file that is refused when it is read, and can be read once more."""
    return SimpleUploadedFile("sample.pdf", document(doubling_forms))


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("sample.png", walk.sample_scan("letter"), "image/png")
