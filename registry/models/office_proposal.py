"""Changes that an office makes by two people, from the proposal on."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from registry.models.encrypted import EncryptedTextField
from registry.rules.office.events import OfficeSubject
from registry.rules.office.proposals import OPEN_STATES, ProposalState
from registry.rules.substance import LONGEST_REASON


class OfficeProposal(models.Model):
    """A proposed change: of a notice's text, of the calendar, or of who acts for an applicant.

    All but `content` and `objection` is the fold of its own stream.

    `key` says what of the subject is to change, `content` what it is to become, as JSON; the event of the proposal has
    the digest of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=24, choices=[(each.value, each.value) for each in OfficeSubject])
    key = models.CharField(max_length=120)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in ProposalState])
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    last_event_sequence = models.PositiveIntegerField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision_reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    # Of a takeover: the last day for its owners to object, and what they said.
    answer_by = models.DateField(null=True)
    objection = EncryptedTextField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "key"),
                condition=models.Q(state=ProposalState.PROPOSED.value),
                name="office_proposal_one_open",
            ),
            models.UniqueConstraint(
                fields=("subject", "key"),
                condition=models.Q(state__in=[state.value for state in OPEN_STATES]),
                name="office_proposal_one_undecided",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | models.Q(state=ProposalState.WITHDRAWN.value),
                name="office_proposal_by_two",
            ),
        )
        indexes = (
            models.Index(fields=("subject", "key", "-proposed_at"), name="office_proposal_by_subject"),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.key} {self.state}"
