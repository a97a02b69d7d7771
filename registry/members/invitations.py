"""Invitations: an owner offers membership to a mobile number or e-mail address, whose holder accepts or declines.

Where an agent entered the applicant, an invitation offers ownership to the person in charge.

A recipient without an account is invited too and opens one; the inviting page does not reveal which case it was.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from registry import clock
from registry.accounts.limits import Limit, consume
from registry.errors import NotFound
from registry.members import notices as member_notices
from registry.members.authority import facts_of, owners
from registry.members.claims import close_claims_of
from registry.members.history import record
from registry.members.memberships import (
    Terms,
    lock_applicant,
    lock_as_member,
    received_letter,
    refuse_expired_letter,
    take_in,
    withdraw_all,
)
from registry.models import Account, Applicant, Invitation, Membership
from registry.models.account import email_index, mobile_index
from registry.rules.members.events import MembershipAct
from registry.rules.members.permissions import MemberAct, MemberActRefused, MemberRole, Scope, permit
from registry.storage import attachments

_DAY = timedelta(days=1)
PER_RECIPIENT_PER_DAY = 3
PER_APPLICANT_PER_DAY = 20


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of an invitation: a mobile number in E.164 or an e-mail address in lower case."""

    channel: Invitation.Channel
    address: str

    @property
    def index(self) -> str:
        """The blind index under which an account with this number or address is found."""
        if self.channel is Invitation.Channel.SMS:
            return mobile_index(self.address)
        return email_index(self.address)


@dataclass(frozen=True, slots=True)
class LetterGiven:
    """A letter of authority as an owner uploads it; `valid_until` is its last day."""

    file: attachments.Upload
    scope: Scope
    valid_until: date


def invite(
    applicant_id: uuid.UUID,
    recipient: Recipient,
    *,
    role: MemberRole,
    by: Account,
    at: datetime,
    letter: LetterGiven | None = None,
    sender: str = "",
) -> Invitation:
    """Invites an owner or editor, or with a letter an agent; an agent is always an editor, whatever `role` says.

    The letter waits to be read; until it was, an agent that has accepted hands nothing in. `sender` is the address that
    the letter came from. Raises NotFound, MemberActRefused("already_invited"), LimitReached, AttachmentRefused.
    """
    terms = Terms(role)
    if letter is None:
        return _invite(applicant_id, recipient, terms, by=by, at=at)
    refuse_expired_letter(letter.valid_until, at=at)
    with transaction.atomic():
        applicant, own = lock_as_member(applicant_id, by=by)
        permit(MemberAct.INVITE, facts_of(own, today=clock.china_date(at)))
    with received_letter(letter.file, applicant=applicant, by=by, sender=sender, at=at) as scan:
        terms = Terms(MemberRole.EDITOR, True, letter.scope, scan, letter.valid_until)
        return _invite(applicant_id, recipient, terms, by=by, at=at)


@transaction.atomic
def _invite(
    applicant_id: uuid.UUID, recipient: Recipient, terms: Terms, *, by: Account, at: datetime
) -> Invitation:
    applicant, own = lock_as_member(applicant_id, by=by)
    permit(MemberAct.INVITE, facts_of(own, today=clock.china_date(at)))
    return _send(applicant, recipient, terms, by=by, at=at)


@transaction.atomic
def offer_ownership(applicant_id: uuid.UUID, mobile: str, *, by: Account, at: datetime) -> Invitation:
    """Offers ownership to the person in charge, by a text message to the mobile; for an applicant without an owner.

    An offer that still waits is withdrawn, so that one person at most can take it. The agent who makes it cannot.
    Raises NotFound, MemberActRefused, LimitReached.
    """
    applicant, own = lock_as_member(applicant_id, by=by)
    permit(MemberAct.OFFER_OWNERSHIP, facts_of(own, today=clock.china_date(at)))
    recipient = Recipient(Invitation.Channel.SMS, mobile)
    if by.mobile_index == recipient.index:
        raise MemberActRefused("offered_to_the_agent")
    withdraw_all(ownership_offers(applicant.pk).filter(outcome=""), by=by, at=at)
    return _send(applicant, recipient, Terms(MemberRole.OWNER), by=by, at=at, is_offer=True)


def ownership_offers(applicant_id: uuid.UUID) -> QuerySet[Invitation]:
    """The invitations to be an owner, newest first; of an applicant that has none they are offers of ownership."""
    found = Invitation.objects.filter(applicant=applicant_id, role=MemberRole.OWNER.value)
    return found.order_by("-created_at")


def is_offer_of_ownership(invitation: Invitation) -> bool:
    """Whether an invitation offers the applicant that an agent entered to its first owner."""
    return invitation.role == MemberRole.OWNER and not owners(invitation.applicant_id).exists()


def _send(
    applicant: Applicant,
    recipient: Recipient,
    terms: Terms,
    *,
    by: Account,
    at: datetime,
    is_offer: bool = False,
) -> Invitation:
    """Makes the invitation and sends it, in the words of an offer of ownership if it is one; locked by the caller."""
    waiting = Invitation.objects.filter(
        applicant=applicant, recipient_index=recipient.index, outcome=""
    ).order_by("created_at")
    if any(each.is_open(at) for each in waiting):
        raise MemberActRefused("already_invited")
    consume(
        [
            Limit("invitation.recipient", recipient.index, PER_RECIPIENT_PER_DAY, _DAY),
            Limit("invitation.applicant", str(applicant.pk), PER_APPLICANT_PER_DAY, _DAY),
        ],
        at=at,
    )
    invitation = Invitation(
        applicant=applicant,
        province_code=applicant.province_code,
        invited_by=by,
        channel=recipient.channel.value,
        recipient_index=recipient.index,
        created_at=at,
        **terms.as_columns(),
    )
    invitation.recipient = recipient.address
    invitation.save(force_insert=True)
    record(
        applicant,
        MembershipAct.INVITED,
        actor=by,
        at=at,
        invitation=invitation,
        facts=terms.as_facts(),
    )
    member_notices.notify_invited(invitation, account=_account_at(recipient), is_offer=is_offer)
    return invitation


def _account_at(recipient: Recipient) -> Account | None:
    """The account that has verified this number or address, or None."""
    if recipient.channel is Invitation.Channel.SMS:
        found = Account.objects.by_mobile(recipient.address)
        return found if found is not None and found.mobile_verified_at else None
    found = Account.objects.by_email(recipient.address)
    return found if found is not None and found.email_verified_at else None


def invitations_to(account: Account) -> QuerySet[Invitation]:
    """The invitations to the account's verified mobile and e-mail address, answered and expired ones included."""
    verified = [
        index
        for index, at in (
            (account.mobile_index, account.mobile_verified_at),
            (account.email_index, account.email_verified_at),
        )
        if index and at
    ]
    return Invitation.objects.filter(recipient_index__in=verified).select_related("applicant", "invited_by")


def open_invitations_to(account: Account, *, at: datetime) -> list[Invitation]:
    """The open invitations to an account, newest first."""
    waiting = invitations_to(account).filter(outcome="").order_by("-created_at")
    return [each for each in waiting if each.is_open(at)]


@transaction.atomic
def accept(invitation_id: uuid.UUID, *, account: Account, at: datetime) -> Membership:
    """Accepts an invitation and gives the new membership, on the invitation's terms.

    Raises NotFound for an invitation to another account, MemberActRefused("invitation_closed",
    "letter_already_expired", "already_member"), and ("offered_to_the_agent") for one that the account itself sent.
    """
    applicant, invitation = _lock_open(invitation_id, account=account, at=at)
    if invitation.invited_by_id == account.pk:
        raise MemberActRefused("offered_to_the_agent")
    terms = Terms.of(invitation)
    if terms.letter_valid_until is not None:
        refuse_expired_letter(terms.letter_valid_until, at=at)
    membership = take_in(applicant, account, terms, at=at)
    _answer(invitation, Invitation.Outcome.ACCEPTED, by=account, at=at)
    event = record(
        applicant,
        MembershipAct.INVITATION_ACCEPTED,
        actor=account,
        at=at,
        account=account,
        invitation=invitation,
        facts=terms.as_facts(),
    )
    close_claims_of(account, applicant, at=at)
    member_notices.notify_invitation_accepted(event, invitation.invited_by)
    return membership


@transaction.atomic
def decline(invitation_id: uuid.UUID, *, account: Account, at: datetime) -> None:
    """Declines an invitation. Raises NotFound, MemberActRefused("invitation_closed")."""
    applicant, invitation = _lock_open(invitation_id, account=account, at=at)
    _answer(invitation, Invitation.Outcome.DECLINED, by=account, at=at)
    record(
        applicant,
        MembershipAct.INVITATION_DECLINED,
        actor=account,
        at=at,
        account=account,
        invitation=invitation,
    )


@transaction.atomic
def withdraw(invitation_id: uuid.UUID, *, by: Account, at: datetime) -> None:
    """Withdraws an unanswered invitation, as an owner. Raises NotFound, MemberActRefused."""
    found = Invitation.objects.filter(pk=invitation_id).first()
    if found is None:
        raise NotFound("invitation_unknown")
    _applicant, own = lock_as_member(found.applicant_id, by=by)
    permit(MemberAct.INVITE, facts_of(own, today=clock.china_date(at)))
    waiting = Invitation.objects.filter(pk=invitation_id, outcome="")
    if not waiting.exists():
        raise MemberActRefused("invitation_closed")
    withdraw_all(waiting, by=by, at=at)


def _lock_open(invitation_id: uuid.UUID, *, account: Account, at: datetime) -> tuple[Applicant, Invitation]:
    found = invitations_to(account).filter(pk=invitation_id).first()
    if found is None:
        raise NotFound("invitation_unknown")
    applicant = lock_applicant(found.applicant_id)
    invitation = invitations_to(account).select_related("letter").get(pk=invitation_id)
    if not invitation.is_open(at):
        raise MemberActRefused("invitation_closed")
    return applicant, invitation


def _answer(invitation: Invitation, outcome: Invitation.Outcome, *, by: Account, at: datetime) -> None:
    invitation.outcome = outcome.value
    invitation.answered_by, invitation.answered_at = by, at
    invitation.save(update_fields=["outcome", "answered_by", "answered_at"])
