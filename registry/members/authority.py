"""What an account's membership permits: the reads behind every check of who may act for an applicant."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import QuerySet

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
    """Everybody who acts for an applicant now, owners first."""
    return (
        Membership.objects.filter(applicant=applicant_id, revoked_at__isnull=True)
        .select_related("account")
        .order_by("-role", "created_at", "id")
    )


def membership_of(account_id: uuid.UUID | None, applicant_id: uuid.UUID) -> Membership | None:
    """The active membership of an account, if it has one."""
    return active_memberships(applicant_id).filter(account=account_id).first()


def facts_of(
    membership: Membership,
    *,
    today: date,
    target: Membership | None = None,
    keeps_ownership: bool = False,
) -> MemberFacts:
    """What the table of `registry.rules.members.permissions` looks at, for an act that may concern another member.

    `keeps_ownership` says that the member concerned is an owner afterwards too.
    """
    is_owner = target is not None and target.role == MemberRole.OWNER
    return MemberFacts(
        role=MemberRole(membership.role),
        scope=Scope(membership.scope) if membership.scope else None,
        letter_in_force=is_letter_in_force(membership.letter_valid_until, today=today),
        leaves_no_owner=target is not None
        and is_owner
        and not keeps_ownership
        and not active_memberships(target.applicant_id)
        .filter(role=MemberRole.OWNER.value)
        .exclude(pk=target.pk)
        .exists(),
        concerns_agent=target is not None and target.is_agent,
    )


def hand_in_refusal(membership: Membership | None, *, today: date) -> str | None:
    """Why this member may not hand anything in to the office now; None when it may, or when there is none."""
    if membership is None:
        return None
    return refusal_of(MemberAct.HAND_IN, facts_of(membership, today=today))
