"""Proceedings to strike filings off; what the applicant states and the office answers stands apart, encrypted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.applicant import Applicant
from registry.models.evidence import EvidenceFile, SealedText
from registry.models.filing import Filing
from registry.models.objection import Objection
from registry.rules.end_grounds import EndGround
from registry.rules.endings.lifecycle import OPEN_STATES, StrikingOffState

_OPEN = sorted(state.value for state in OPEN_STATES)


class StrikingOffCounter(models.Model):
    """The last number given to a proceeding in a year, by the date in China."""

    year = models.PositiveIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class StrikingOff(models.Model):
    """One proceeding: a fold of its stream's events, which bear its id.

    Only `registry.endings.striking_off` makes and saves rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="strikings_off")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="strikings_off")
    number = models.CharField(max_length=24, unique=True)
    ground = models.CharField(max_length=20, choices=[(each.value, each.value) for each in EndGround])
    reason = models.TextField()
    basis = models.TextField()
    successor_number = models.CharField(max_length=26, null=True)
    objection = models.ForeignKey(
        Objection, on_delete=models.PROTECT, related_name="strikings_off", null=True
    )
    state = models.CharField(max_length=20, choices=[(each.value, each.value) for each in StrikingOffState])
    proposed_at = models.DateTimeField()
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    notified_at = models.DateTimeField(null=True)
    announced_on = models.DateField(null=True)
    served_on = models.DateField(null=True)
    statement_by = models.DateField(null=True)
    stated_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    last_event_sequence = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("striking off")
        indexes = (models.Index(fields=("state", "proposed_at"), name="striking_off_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("filing",),
                condition=models.Q(state__in=_OPEN),
                name="striking_off_one_open_per_filing",
            ),
        )

    def __str__(self) -> str:
        return self.number


class StrikingOffPart(SealedText):
    """A text of a proceeding."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("What the applicant states")
        ANSWER = "answer", _("What the office answers")

    proceeding = models.ForeignKey(StrikingOff, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("proceeding", "kind"), name="striking_off_part_of_a_kind"),
        )

    def __str__(self) -> str:
        return f"{self.proceeding_id} {self.kind}"


class StrikingOffFile(EvidenceFile):
    """A file that the office put to its proposal, or the applicant to its statement."""

    class Side(models.TextChoices):
        OFFICE = "office", _("The office")
        APPLICANT = "applicant", _("The applicant")

    proceeding = models.ForeignKey(StrikingOff, on_delete=models.PROTECT, related_name="files")
    side = models.CharField(max_length=12, choices=Side.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("proceeding", "side", "position"), name="striking_off_file_position"
            ),
        )

    def __str__(self) -> str:
        return f"{self.proceeding_id} {self.side} {self.position}"
