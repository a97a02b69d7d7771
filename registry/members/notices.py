"""Notices about memberships: created in the transaction of the act, sent afterwards.

An invitation to a mobile number or e-mail address without an account is sent directly, with a link to open one.
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
from registry.calendar.current import current_calendar
from registry.gateways.sms import send_sms
from registry.members.history import HistoryEntry
from registry.models import (
    Account,
    Applicant,
    Attachment,
    HeadClaim,
    Invitation,
    Membership,
    MembershipClaim,
    OfficeProposal,
)
from registry.notices.fact_words import due_fact
from registry.notices.notice import notify
from registry.rules.days.working_days import is_provisional_day
from registry.rules.members.events import MembershipAct
from registry.rules.names import name_in_message

# Told once for each file that was refused.
PROOF_REFUSED = "proof_refused"
LETTER_REFUSED = "letter_refused"

_log = structlog.get_logger("portal.invitations")


def notify_invited(invitation: Invitation, *, account: Account | None, is_offer: bool) -> None:
    """Notifies the invited account; without an account, sends the invitation directly after the commit.

    With `is_offer` it offers ownership of an applicant that an agent entered.
    """
    path = reverse("applicants:invitation", args=[invitation.pk])
    if account is None:
        transaction.on_commit(lambda: _send_to_non_account(invitation, path, is_offer=is_offer))
        return
    notify(
        "ownership_offered" if is_offer else "member_invited",
        key=str(invitation.pk),
        accounts=[account],
        facts={
            "applicant_name": name_in_message(invitation.applicant.name),
            "inviter_name": name_in_message(invitation.invited_by.name),
            "expires_on": clock.china_date(invitation.expires_at).isoformat(),
        },
        link_path=path,
        at=invitation.created_at,
    )


def notify_invitation_accepted(entry: HistoryEntry, inviter: Account) -> None:
    """Notifies the inviter."""
    _notify(
        "invitation_accepted",
        entry,
        [inviter],
        {"applicant_name": entry.applicant.name, "member_name": entry.actor.name},
        path=_members_path(entry),
    )


def notify_revoked(entry: HistoryEntry, account: Account) -> None:
    """Notifies the account whose membership was ended by an owner or by the office."""
    facts = {"applicant_name": entry.applicant.name}
    _notify(
        "membership_revoked", entry, [account], facts, path=reverse("applicants:dashboard"), is_outside=True
    )


def notify_claimed(entry: HistoryEntry, owners: Iterable[Account]) -> None:
    """Notifies the owners of a claim towards themselves or towards the office."""
    name = entry.applicant.name
    if entry.facts.way == MembershipClaim.Way.OWNERS:
        facts = {"applicant_name": name, "claimant_name": entry.actor.name}
        _notify("membership_asked", entry, owners, facts, path=_members_path(entry))
    else:
        facts = {"applicant_name": name, "province": entry.event.province_code}
        _notify("claim_filed", entry, owners, facts, path=_members_path(entry))


def notify_claim_answered(entry: HistoryEntry, claim: MembershipClaim) -> None:
    """Notifies the claimant of the answer; the applicant is named as the claimant typed it."""
    answer = "granted" if entry.act == MembershipAct.CLAIM_GRANTED else "declined"
    is_of_head = HeadClaim.objects.filter(claim=claim).exists()
    _notify(
        f"head_claim_{answer}" if is_of_head else f"claim_{answer}",
        entry,
        [claim.account],
        {"stated_name": claim.stated_name, "reason": claim.reason or "—"},
        path=reverse("applicants:claim_status", args=[claim.pk]),
        is_outside=True,
    )


def notify_owners_of_decision(entry: HistoryEntry, owners: Iterable[Account]) -> None:
    """Notifies the owners, as they were before it, of the office's decision on a claim."""
    facts = {"applicant_name": entry.applicant.name}
    outcome = entry.facts.outcome
    if outcome == MembershipClaim.Outcome.REPLACED:
        facts["reason"] = entry.facts.reason
        _notify("claim_replaced", entry, owners, facts, path=reverse("applicants:dashboard"), is_outside=True)
    elif outcome == MembershipClaim.Outcome.JOINED:
        facts["reason"] = entry.facts.reason
        _notify("claim_joined", entry, owners, facts, path=_members_path(entry))
    else:
        _notify("claim_refused", entry, owners, facts, path=_members_path(entry))


def notify_takeover_planned(
    proposal: OfficeProposal, claim: MembershipClaim, owners: Iterable[Account], *, at: datetime
) -> None:
    """Notifies the owners of a takeover that takes effect unless they object by the last day."""
    if proposal.answer_by is None:
        return
    notify(
        "takeover_planned",
        key=f"takeover {proposal.pk}",
        accounts=owners,
        facts={
            "applicant_name": claim.applicant.name,
            "claimant_name": claim.account.name,
            "province": claim.province_code,
            "answer_by": due_fact(
                proposal.answer_by,
                provisional=is_provisional_day(proposal.answer_by, current_calendar()),
            ),
        },
        applicant=claim.applicant,
        link_path=reverse("applicants:takeover", args=[proposal.pk]),
        at=at,
    )


def notify_takeover_dropped(
    proposal: OfficeProposal, claim: MembershipClaim, owners: Iterable[Account], *, at: datetime
) -> None:
    """Notifies the owners who were told of a takeover that it is not carried out."""
    notify(
        "takeover_dropped",
        key=f"takeover {proposal.pk}",
        accounts=owners,
        facts={"applicant_name": claim.applicant.name},
        applicant=claim.applicant,
        link_path=reverse("applicants:members", args=[claim.applicant_id]),
        at=at,
    )


def notify_letter_expires(membership: Membership, accounts: Iterable[Account], *, at: datetime) -> int:
    """Notifies these accounts, once per letter, that a letter of authority expires soon; gives how many were new."""
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


def notify_proof_refused(claim: MembershipClaim, scan: Attachment, *, at: datetime) -> int:
    """Notifies the claimant, once per file, that a scan of the proof could not be read; gives how many were new."""
    return notify(
        PROOF_REFUSED,
        key=str(scan.pk),
        accounts=[claim.account],
        facts={"stated_name": claim.stated_name},
        link_path=reverse("applicants:claim_status", args=[claim.pk]),
        at=at,
    )


def notify_letter_refused(letter: Attachment, applicant: Applicant, *, at: datetime) -> int:
    """Notifies whoever handed a letter of authority in, once, that it could not be read; gives how many were new."""
    return notify(
        LETTER_REFUSED,
        key=str(letter.pk),
        accounts=[letter.uploaded_by] if letter.uploaded_by is not None else [],
        facts={"applicant_name": applicant.name},
        applicant=applicant,
        link_path=reverse("applicants:members", args=[applicant.pk]),
        at=at,
    )


def _notify(
    kind: str,
    entry: HistoryEntry,
    accounts: Iterable[Account],
    facts: dict[str, str],
    *,
    path: str,
    is_outside: bool = False,
) -> None:
    """Notifies accounts of an event; with `is_outside` the notice can be read without a membership."""
    notify(
        kind,
        key=f"membership {entry.event.pk}",
        accounts=accounts,
        facts=facts,
        applicant=None if is_outside else entry.applicant,
        link_path=path,
        at=entry.at,
    )


def _members_path(entry: HistoryEntry) -> str:
    return reverse("applicants:members", args=[entry.applicant.pk])


def _send_to_non_account(invitation: Invitation, path: str, *, is_offer: bool) -> None:
    """Sends one message with the link to open an account; a failure is logged, and it can be sent again."""
    sign_up = f"{settings.PORTAL_BASE_URL}{reverse('account_signup')}?{urlencode({'next': path})}"
    facts = {
        "applicant_name": invitation.applicant.name,
        "inviter_name": invitation.invited_by.name,
        "expires_on": clock.china_date(invitation.expires_at).isoformat(),
        "link": sign_up,
    }
    if invitation.channel == Invitation.Channel.SMS:
        send_sms(invitation.recipient, "ownership" if is_offer else "invitation", facts)
        return
    subject = render_to_string("account/email/invitation_subject.txt", facts).strip()
    body = render_to_string("account/email/invitation_message.txt", facts)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.recipient])
    except OSError as error:
        _log.warning("invitation_mail", sent=False, detail=type(error).__name__)
