"""What members and those who would be are told: each act in its transaction, sent afterwards.

An invitation goes also to a mobile or mailbox that has no account yet, with the way to open one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from registry import clock
from registry.gateways.sms import send_sms
from registry.models import Account, Invitation, Membership, MembershipClaim, MembershipEvent
from registry.notices.notice import notify

_log = structlog.get_logger("portal.invitations")


def invited(invitation: Invitation, *, account: Account | None) -> None:
    """Tells whoever is invited, by the portal's notices or, without an account, directly after the commit."""
    path = reverse("applicants:invitation", args=[invitation.pk])
    if account is None:
        transaction.on_commit(lambda: _send_to_a_stranger(invitation, path))
        return
    notify(
        "member_invited",
        key=str(invitation.pk),
        accounts=[account],
        facts={
            "applicant_name": invitation.applicant.name,
            "inviter_name": invitation.invited_by.name,
            "expires_on": clock.china_date(invitation.expires_at).isoformat(),
        },
        link_path=path,
        at=invitation.created_at,
    )


def invitation_accepted(event: MembershipEvent, inviter: Account) -> None:
    """Tells the inviter."""
    _tell(
        "invitation_accepted",
        event,
        [inviter],
        {"applicant_name": event.applicant.name, "member_name": event.actor.name},
        path=_members_path(event),
    )


def revoked(event: MembershipEvent, account: Account) -> None:
    """Tells a member whose membership was ended by an owner."""
    facts = {"applicant_name": event.applicant.name}
    _tell(
        "membership_revoked", event, [account], facts, path=reverse("applicants:dashboard"), is_outside=True
    )


def claimed(event: MembershipEvent, owners: Iterable[Account]) -> None:
    """Tells the owners that they are asked, or that the office is."""
    name = event.applicant.name
    if event.facts["way"] == MembershipClaim.Way.OWNERS:
        facts = {"applicant_name": name, "claimant_name": event.actor.name}
        _tell("membership_asked", event, owners, facts, path=_members_path(event))
    else:
        facts = {"applicant_name": name, "province": event.province_code}
        _tell("claim_filed", event, owners, facts, path=_members_path(event))


def claim_answered(event: MembershipEvent, claim: MembershipClaim) -> None:
    """Tells the claimant, by the name that it gave the applicant itself."""
    is_granted = event.act == MembershipEvent.Act.CLAIM_GRANTED
    _tell(
        "claim_granted" if is_granted else "claim_declined",
        event,
        [claim.account],
        {"stated_name": claim.stated_name, "reason": claim.reason or "—"},
        path=reverse("applicants:claim_status", args=[claim.pk]),
        is_outside=True,
    )


def owners_told_of_decision(event: MembershipEvent, owners: Iterable[Account]) -> None:
    """Tells those who owned the applicant when the office decided."""
    facts = {"applicant_name": event.applicant.name}
    outcome = event.facts["outcome"]
    if outcome == MembershipClaim.Outcome.REPLACED:
        facts["reason"] = event.facts["reason"]
        _tell("claim_replaced", event, owners, facts, path=reverse("applicants:dashboard"), is_outside=True)
    elif outcome == MembershipClaim.Outcome.JOINED:
        facts["reason"] = event.facts["reason"]
        _tell("claim_joined", event, owners, facts, path=_members_path(event))
    else:
        _tell("claim_refused", event, owners, facts, path=_members_path(event))


def letter_expires(membership: Membership, accounts: Iterable[Account], *, at: datetime) -> int:
    """Tells agent and owners, once for each letter, that it ends soon; gives how many were new."""
    if membership.letter_valid_until is None:
        return 0
    until = membership.letter_valid_until.isoformat()
    return notify(
        "letter_expires",
        key=f"{membership.pk} {until}",
        accounts=accounts,
        facts={
            "applicant_name": membership.applicant.name,
            "member_name": membership.account.name,
            "valid_until": until,
        },
        applicant=membership.applicant,
        link_path=reverse("applicants:members", args=[membership.applicant_id]),
        at=at,
    )


def _tell(
    kind: str,
    event: MembershipEvent,
    accounts: Iterable[Account],
    facts: dict[str, str],
    *,
    path: str,
    is_outside: bool = False,
) -> None:
    """`is_outside` keeps the notice in the inbox of whoever is no member (any more)."""
    notify(
        kind,
        key=f"membership {event.pk}",
        accounts=accounts,
        facts=facts,
        applicant=None if is_outside else event.applicant,
        link_path=path,
        at=event.at,
    )


def _members_path(event: MembershipEvent) -> str:
    return reverse("applicants:members", args=[event.applicant_id])


def _send_to_a_stranger(invitation: Invitation, path: str) -> None:
    """One message with the way to open an account; what became of it is logged, the owner can invite anew."""
    sign_up = f"{settings.PORTAL_BASE_URL}{reverse('account_signup')}?{urlencode({'next': path})}"
    facts = {
        "applicant_name": invitation.applicant.name,
        "inviter_name": invitation.invited_by.name,
        "expires_on": clock.china_date(invitation.expires_at).isoformat(),
        "link": sign_up,
    }
    if invitation.channel == Invitation.Channel.SMS:
        send_sms(invitation.recipient, "invitation", facts)
        return
    subject = render_to_string("account/email/invitation_subject.txt", facts).strip()
    body = render_to_string("account/email/invitation_message.txt", facts)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.recipient])
    except OSError as error:
        _log.warning("invitation_mail", sent=False, detail=type(error).__name__)
