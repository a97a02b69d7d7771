"""Memberships of an applicant: created, changed and ended, each act recorded in the history.

Every act locks the applicant's row first and reads the memberships again: when two owners revoke each other at the
same moment, the second is no owner any more when its turn comes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from registry import clock
from registry.errors import NotFound
from registry.members import notices as member_notices
from registry.members.authority import facts_of, membership_of, owners
from registry.members.history import record
from registry.members.letters import LETTER_SLOT
from registry.models import (
    Account,
    Applicant,
    Attachment,
    Invitation,
    Membership,
)
from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.rules.members.permissions import (
    MemberAct,
    MemberActRefused,
    MemberRole,
    Scope,
    is_letter_in_force,
    permit,
)
from registry.storage import attachments


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a membership: owner, editor, or agent under a letter of authority."""

    role: MemberRole
    is_agent: bool = False
    scope: Scope | None = None
    letter: Attachment | None = None
    letter_valid_until: date | None = None

    def as_columns(self) -> dict[str, Any]:
        """The terms as values of the columns that memberships and invitations share."""
        return {
            "role": self.role.value,
            "is_agent": self.is_agent,
            "scope": self.scope.value if self.scope is not None else "",
            "letter": self.letter,
            "letter_valid_until": self.letter_valid_until,
        }

    def as_facts(self) -> MembershipFacts:
        """The terms as facts of an act in the history."""
        if not self.is_agent or self.scope is None or self.letter is None:
            return MembershipFacts(role=self.role.value)
        return MembershipFacts(
            role=self.role.value,
            scope=self.scope.value,
            letter=str(self.letter.pk),
            valid_until=self.letter_valid_until.isoformat() if self.letter_valid_until else "",
        )

    @classmethod
    def of(cls, row: Membership | Invitation) -> Terms:
        """The terms of a membership or an invitation."""
        return cls(
            role=MemberRole(row.role),
            is_agent=row.is_agent,
            scope=Scope(row.scope) if row.scope else None,
            letter=row.letter,
            letter_valid_until=row.letter_valid_until,
        )


def lock_applicant(applicant_id: uuid.UUID) -> Applicant:
    """The applicant, locked until the transaction ends. Raises NotFound."""
    found = Applicant.objects.select_for_update(no_key=True).filter(pk=applicant_id).first()
    if found is None:
        raise NotFound("applicant_unknown")
    return found


def lock_as_member(applicant_id: uuid.UUID, *, by: Account) -> tuple[Applicant, Membership]:
    """The applicant, locked, and the active membership of `by`. Raises NotFound for a non-member."""
    applicant = lock_applicant(applicant_id)
    own = membership_of(by.pk, applicant.pk)
    if own is None:
        raise NotFound("not_a_member")
    return applicant, own


def take_in(applicant: Applicant, account: Account, terms: Terms, *, at: datetime) -> Membership:
    """Creates a membership; call with the applicant locked. Raises MemberActRefused("already_member")."""
    if membership_of(account.pk, applicant.pk) is not None:
        raise MemberActRefused("already_member")
    return Membership.objects.create(
        applicant=applicant, account=account, created_at=at, **terms.as_columns()
    )


@transaction.atomic
def revoke(membership_id: uuid.UUID, *, by: Account, at: datetime) -> None:
    """Ends a membership at once, with its unanswered invitations; ending one's own counts as leaving.

    An agent that leaves where nobody is an owner leaves the offer of ownership behind, for somebody to take it.

    Raises NotFound, MemberActRefused ("owner_remains" for the last owner).
    """
    target = _find(membership_id)
    applicant, own = lock_as_member(target.applicant_id, by=by)
    target = _find(membership_id)
    leaves = target.pk == own.pk
    act = MemberAct.LEAVE if leaves else MemberAct.REVOKE
    permit(act, facts_of(own, today=clock.china_date(at), target=target))
    end_membership(target, at=at)
    if owners(applicant.pk).exists():
        _withdraw_invitations_of(target, by=by, at=at)
    recorded_act = MembershipAct.LEFT if leaves else MembershipAct.REVOKED
    event = record(applicant, recorded_act, actor=by, at=at, account=target.account)
    if not leaves:
        member_notices.notify_revoked(event, target.account)


@transaction.atomic
def change_role(membership_id: uuid.UUID, role: MemberRole, *, by: Account, at: datetime) -> Membership:
    """Makes a member owner or editor; does nothing when it has that role. Raises NotFound, MemberActRefused."""
    target = _find(membership_id)
    applicant, own = lock_as_member(target.applicant_id, by=by)
    target = _find(membership_id)
    permit(
        MemberAct.CHANGE_ROLE,
        facts_of(
            own,
            today=clock.china_date(at),
            target=target,
            keeps_ownership=role is MemberRole.OWNER,
        ),
    )
    if target.role == role:
        return target
    before, target.role = target.role, role.value
    target.save(update_fields=["role"])
    if role is not MemberRole.OWNER:
        _withdraw_invitations_of(target, by=by, at=at)
    facts = MembershipFacts(role=role.value, before=before)
    record(
        applicant,
        MembershipAct.ROLE_CHANGED,
        actor=by,
        at=at,
        account=target.account,
        facts=facts,
    )
    return target


def renew_letter(
    membership_id: uuid.UUID,
    *,
    file: attachments.Upload,
    scope: Scope,
    valid_until: date,
    by: Account,
    at: datetime,
    sender: str = "",
) -> Membership:
    """Replaces an agent's letter of authority; `valid_until` is the new letter's last day.

    An owner does so, and the agent itself where nobody is an owner. The new letter is on file at once and waits to be
    read; see `registry.members.letters` for what the agent may do meanwhile. `sender` is the address that it came
    from. Raises NotFound, MemberActRefused, AttachmentRefused.
    """
    refuse_expired_letter(valid_until, at=at)
    with transaction.atomic():
        target = _find(membership_id)
        applicant, own = lock_as_member(target.applicant_id, by=by)
        permit(renewal_of(target, by=own), facts_of(own, today=clock.china_date(at), target=target))
    with (
        received_letter(file, applicant=applicant, by=by, sender=sender, at=at) as letter,
        transaction.atomic(),
    ):
        applicant, own = lock_as_member(target.applicant_id, by=by)
        target = _find(membership_id)
        permit(renewal_of(target, by=own), facts_of(own, today=clock.china_date(at), target=target))
        if target.letter is not None:
            attachments.drop_refused(target.letter)
        target.letter, target.scope, target.letter_valid_until = letter, scope.value, valid_until
        target.save(update_fields=["letter", "scope", "letter_valid_until"])
        record(
            applicant,
            MembershipAct.LETTER_RENEWED,
            actor=by,
            at=at,
            account=target.account,
            facts=Terms.of(target).as_facts(),
        )
    return target


@transaction.atomic
def read_letter_again(letter_id: uuid.UUID, *, by: Account, sender: str, at: datetime) -> Attachment:
    """Has a letter read once more whose reading broke off; an owner may, and whoever handed it in.

    Raises NotFound for a letter that no member or open invitation has now, and AttachmentRefused.
    """
    letter = Attachment.objects.filter(pk=letter_id, slot=LETTER_SLOT, applicant__isnull=False).first()
    if letter is None or letter.applicant_id is None:
        raise NotFound("file_unknown")
    _applicant, own = lock_as_member(letter.applicant_id, by=by)
    if own.role != MemberRole.OWNER and letter.uploaded_by_id != by.pk:
        raise NotFound("file_unknown")
    is_of_a_member = Membership.objects.filter(letter=letter, revoked_at__isnull=True).exists()
    if not is_of_a_member and not Invitation.objects.filter(letter=letter, outcome="").exists():
        raise NotFound("file_unknown")
    return attachments.try_again(letter, in_place_of=(), sender=sender, at=at)


def renewal_of(target: Membership, *, by: Membership) -> MemberAct:
    """The act by which a member renews the letter of `target`."""
    return MemberAct.RENEW_OWN_LETTER if target.pk == by.pk else MemberAct.RENEW_LETTER


def refuse_expired_letter(valid_until: date, *, at: datetime) -> None:
    """Raises MemberActRefused("letter_already_expired") when the letter's last day has passed."""
    if not is_letter_in_force(valid_until, today=clock.china_date(at)):
        raise MemberActRefused("letter_already_expired")


@contextmanager
def received_letter(
    file: attachments.Upload, *, applicant: Applicant, by: Account, sender: str, at: datetime
) -> Iterator[Attachment]:
    """Takes the scan of a letter of authority, which waits to be read, and discards it when the block raises.

    The applicant's members may read it once it was read.
    """
    letter = attachments.quarantine(
        draft_id=uuid.uuid4(),
        slot=LETTER_SLOT,
        uploaded_by=by,
        file=file,
        applicant=applicant,
        sender=sender,
        at=at,
    )
    try:
        yield letter
    except BaseException:
        attachments.discard(letter)
        raise


def end_membership(membership: Membership, *, at: datetime) -> None:
    """Ends a membership at the moment `at`; call with the applicant locked."""
    membership.revoked_at = at
    membership.save(update_fields=["revoked_at"])


def owners_of(applicant: Applicant) -> list[Account]:
    """The accounts of the applicant's active owners."""
    return [membership.account for membership in owners(applicant.pk)]


def _withdraw_invitations_of(member: Membership, *, by: Account, at: datetime) -> None:
    sent = Invitation.objects.filter(applicant=member.applicant_id, invited_by=member.account, outcome="")
    withdraw_all(sent, by=by, at=at)


def withdraw_all(invitations: Any, *, by: Account, at: datetime) -> None:
    """Withdraws unanswered invitations and records each in the history; call with the applicant locked."""
    for invitation in invitations.select_related("applicant"):
        invitation.outcome = Invitation.Outcome.WITHDRAWN.value
        invitation.answered_by, invitation.answered_at = by, at
        invitation.save(update_fields=["outcome", "answered_by", "answered_at"])
        record(
            invitation.applicant,
            MembershipAct.INVITATION_WITHDRAWN,
            actor=by,
            at=at,
            invitation=invitation,
        )


def _find(membership_id: uuid.UUID) -> Membership:
    found = (
        Membership.objects.filter(pk=membership_id, revoked_at__isnull=True)
        .select_related("account", "letter")
        .first()
    )
    if found is None:
        raise NotFound("membership_unknown")
    return found
