"""How accounts come to act for an applicant: invitations and claims."""

from __future__ import annotations

import uuid
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.applicant import Applicant, AuthorityScope, Membership, agents_have_letters
from registry.models.attachment import Attachment
from registry.models.encrypted import EncryptedTextField
from registry.rules.members.permissions import invitation_expires_at


class Invitation(models.Model):
    """An offer of membership to the owner of a mobile or mailbox; whether it has expired is derived.

    `recipient_index` equals the blind index of the account with this mobile or e-mail address.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="invitations")
    province_code = models.CharField(max_length=6)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    recipient = EncryptedTextField()
    recipient_index = models.CharField(max_length=64, db_index=True, editable=False)
    role = models.CharField(max_length=8, choices=Membership.MemberRole.choices)
    is_agent = models.BooleanField(default=False)
    scope = models.CharField(max_length=12, choices=AuthorityScope.choices, blank=True, default="")
    letter = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    letter_valid_until = models.DateField(null=True)
    created_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=agents_have_letters(), name="invitation_letter_exactly_for_agents"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", answered_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(answered_at__isnull=False)),
                name="invitation_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.pk}"

    @property
    def expires_at(self) -> datetime:
        return invitation_expires_at(self.created_at)

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be answered."""
        return not self.outcome and at < self.expires_at


class MembershipClaim(models.Model):
    """An account's request, to the owners or the office, to act for an applicant already registered.

    The explanation and `stated_name`, the applicant's name as typed, are encrypted. The proof is the
    attachments whose `draft_id` is the claim's id; only the claimant and the office can read them.
    """

    class Way(models.TextChoices):
        OWNERS = "owners", _("Asked of the owners")
        OFFICE = "office", _("Claimed at the office")

    class Outcome(models.TextChoices):
        JOINED = "joined", _("Taken in")
        REPLACED = "replaced", _("Taken in, in place of the members before")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="claims")
    province_code = models.CharField(max_length=6)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    draft_id = models.UUIDField(null=True)
    way = models.CharField(max_length=6, choices=Way.choices)
    stated_name = EncryptedTextField()
    explanation = EncryptedTextField()
    created_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("applicant", "account", "way"),
                condition=models.Q(outcome=""),
                name="one_open_claim_each_way",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", decided_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(decided_at__isnull=False)),
                name="claim_decided_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(way="office", outcome__in=["joined", "replaced", "declined"])
                | ~models.Q(reason=""),
                name="office_decides_claims_with_a_reason",
            ),
        )
        indexes = (models.Index(fields=("province_code", "created_at"), name="claim_by_province"),)

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.account_id} {self.way}"


class HeadClaim(models.Model):
    """What a claim states of an imported applicant, of which the register knows the head of its numbers alone.

    `document_index` is that of an applicant with this document. `person` is the legal representative or principal of
    an organisation, empty for an individual.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.OneToOneField(MembershipClaim, on_delete=models.PROTECT, related_name="of_head")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=6)
    nature = models.CharField(max_length=16, choices=Applicant.Nature.choices)
    document_type = models.CharField(max_length=40)
    document_number = EncryptedTextField()
    nationality = EncryptedTextField(null=True)
    document_index = models.CharField(max_length=64, db_index=True, editable=False)
    person = EncryptedTextField()

    def __str__(self) -> str:
        return str(self.claim_id)


class MembershipEvent(models.Model):
    """An act about members as the version before kept it; kept for going back to that version, and goes with the next.

    Each row stands in the stream of its applicant's members, in the table of events.
    """

    class Act(models.TextChoices):
        FOUNDED = "founded", _("Entered the applicant, as its first owner")
        INVITED = "invited", _("Invited")
        INVITATION_ACCEPTED = "invitation_accepted", _("Accepted the invitation")
        INVITATION_DECLINED = "invitation_declined", _("Declined the invitation")
        INVITATION_WITHDRAWN = "invitation_withdrawn", _("Withdrew the invitation")
        ROLE_CHANGED = "role_changed", _("Changed the role")
        LETTER_RENEWED = "letter_renewed", _("Renewed the letter of authority")
        REVOKED = "revoked", _("Revoked the membership")
        LEFT = "left", _("Left")
        CLAIMED = "claimed", _("Asked to act for the applicant")
        CLAIM_WITHDRAWN = "claim_withdrawn", _("Withdrew the request")
        CLAIM_GRANTED = "claim_granted", _("Granted the request")
        CLAIM_DECLINED = "claim_declined", _("Declined the request")

    id = models.BigAutoField(primary_key=True)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="membership_events")
    province_code = models.CharField(max_length=6)
    act = models.CharField(max_length=20, choices=Act.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, null=True, related_name="+")
    claim = models.ForeignKey(MembershipClaim, on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("applicant", "-id"), name="membership_event_by_applicant"),)
        triggers = (
            pgtrigger.Protect(
                name="membership_event_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.applicant_id} {self.act}"
