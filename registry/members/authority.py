"""Who may act for an applicant: memberships, and the facts about them that the table of permissions checks."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import QuerySet

from registry.members.letters import letter_in_use
from registry.models import Membership
from registry.rules.members.permissions import (
    MemberAct,
    MemberFacts,
    MemberRole,
    Scope,
    is_letter_in_force,
    refusal_of,
)


def active_memberships(applicant_id: uuid.UUID) -> QuerySet[Membership]:
    """The active memberships of an applicant, owners first, with their accounts and letters."""
    return (
        Membership.objects.filter(applicant=applicant_id, revoked_at__isnull=True)
        .select_related("account", "letter")
        .order_by("-role", "created_at", "id")
    )


def membership_of(account_id: uuid.UUID | None, applicant_id: uuid.UUID) -> Membership | None:
    """The account's active membership in an applicant, or None."""
    return active_memberships(applicant_id).filter(account=account_id).first()


def owners(applicant_id: uuid.UUID) -> QuerySet[Membership]:
    """The active memberships of an applicant's owners."""
    return active_memberships(applicant_id).filter(role=MemberRole.OWNER.value)


def facts_of(
    membership: Membership,
    *,
    today: date,
    target: Membership | None = None,
    keeps_ownership: bool = False,
) -> MemberFacts:
    """The facts for `registry.rules.members.permissions` about an act of a member, on the member `target` if any.

    `keeps_ownership` says that `target` remains or becomes an owner.
    """
    is_owner = target is not None and target.role == MemberRole.OWNER
    letter = letter_in_use(membership)
    scope = letter.scope if letter is not None else Scope(membership.scope) if membership.scope else None
    return MemberFacts(
        role=MemberRole(membership.role),
        scope=scope,
        letter_in_force=is_letter_in_force(letter.valid_until if letter is not None else None, today=today),
        letter_read=letter is not None or not membership.is_agent,
        leaves_no_owner=target is not None
        and is_owner
        and not keeps_ownership
        and not owners(target.applicant_id).exclude(pk=target.pk).exists(),
        # Only an agent may be a member where nobody is an owner.
        has_owner=not membership.is_agent or owners(membership.applicant_id).exists(),
        concerns_agent=target is not None and target.is_agent,
    )


def hand_in_refusal(membership: Membership | None, *, today: date) -> str | None:
    """Why this member may not submit anything to the office today; None when it may, or without a membership."""
    if membership is None:
        return None
    return refusal_of(MemberAct.HAND_IN, facts_of(membership, today=today))
