"""Sample members: an agent with letters of authority, an open invitation and an open claim."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from registry import clock
from registry.members import claims, invitations
from registry.members.invitations import LetterGiven, Recipient
from registry.models import Account, Applicant, Invitation, MembershipClaim
from registry.rules.members.permissions import MemberRole, Scope
from registry.sample import walk
from registry.sample.logins import BEIJING

_LETTERS = ((Scope.ALL_ACTS, timedelta(days=200)), (Scope.PREPARE_ONLY, timedelta(days=20)))


def make_sample_members(accounts: Mapping[str, Account], *, now: datetime) -> None:
    """Makes the agent act for both applicants of the sample owner; one of the two letters ends soon."""
    owner, agent, individual = accounts["applicant"], accounts["agent"], accounts["individual"]
    owned = Applicant.objects.filter(memberships__account=owner, memberships__role="owner")
    for applicant, (scope, left) in zip(owned.order_by("created_at"), _LETTERS, strict=False):
        at = now - timedelta(days=9)
        letter = LetterGiven(_scan("letter"), scope, clock.china_date(now + left))
        invitation = invitations.invite(
            applicant.pk, _mailbox(agent), role=MemberRole.EDITOR, letter=letter, by=owner, at=at
        )
        invitations.accept(invitation.pk, account=agent, at=at + timedelta(hours=3))
    first = owned.order_by("created_at").first()
    if first is not None:
        at = now - timedelta(days=2)
        invitations.invite(first.pk, _mailbox(individual), role=MemberRole.EDITOR, by=owner, at=at)
    _claim(individual, among=accounts, at=now - timedelta(days=1, hours=4))


def _claim(account: Account, *, among: Mapping[str, Account], at: datetime) -> None:
    """Opens a claim at the Beijing office to an applicant that no sample login acts for."""
    organisations = Applicant.objects.filter(province_code=BEIJING, nature=Applicant.Nature.ORGANISATION)
    applicant = (
        organisations.exclude(memberships__account__in=among.values()).order_by("created_at", "pk").first()
    )
    if applicant is None:
        return
    slots = claims.proof_slots(applicant.nature, applicant.document_type)
    claims.open_claim(
        applicant,
        account=account,
        way=MembershipClaim.Way.OFFICE,
        stated_name=applicant.name,
        explanation="样例：本人是该公司新任备案负责人，原经办人已离职，无法联系。",
        draft_id=None,
        at=at,
        proof={slot: _scan(slot) for slot in slots},
    )


def _mailbox(account: Account) -> Recipient:
    return Recipient(Invitation.Channel.EMAIL, account.email or "")


def _scan(label: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"样例-{label}.png", walk.sample_scan(label), "image/png")
