"""Objections to entries of batch lists; what the objector and the applicant wrote stands apart, encrypted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.applicant import Applicant
from registry.models.batch import BatchEntry
from registry.models.evidence import EvidenceFile, SealedText
from registry.models.filing import Filing
from registry.rules.objections.lifecycle import HOLDING_STATES, ObjectionState, ObjectionWay

DEFAULT_LANGUAGE = "zh-hans"
_HOLDING = sorted(state.value for state in HOLDING_STATES)


class ObjectionCounter(models.Model):
    """The last receipt number given to an objection in a year, by the date in China."""

    year = models.PositiveIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class Objection(models.Model):
    """One objection: a fold of its stream's events, which bear its id, but for `link_digest` and `language`.

    `link_digest` is the SHA-256 of the secret in the address where the objector follows it; null for one by post.
    `language` is the one in which the form was shown, and in which the objector is told. Only
    `registry.batches.objections` makes and saves rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(BatchEntry, on_delete=models.PROTECT, related_name="objections")
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="objections")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="objections")
    receipt_number = models.CharField(max_length=24, unique=True)
    way = models.CharField(max_length=8, choices=[(way.value, way.value) for way in ObjectionWay])
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in ObjectionState])
    received_at = models.DateTimeField()
    received_on = models.DateField()
    posted_on = models.DateField(null=True)
    in_time = models.BooleanField()
    objections_until = models.DateField()
    sent_at = models.DateTimeField(null=True)
    answer_by = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    closed_at = models.DateTimeField(null=True)
    extended_by_working_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_event_sequence = models.PositiveIntegerField()
    language = models.CharField(max_length=10, default=DEFAULT_LANGUAGE, db_default=DEFAULT_LANGUAGE)
    link_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)

    class Meta:
        verbose_name = _("objection")
        indexes = (
            models.Index(fields=("state", "received_on"), name="objection_by_state"),
            models.Index(fields=("entry",), name="objection_holding", condition=models.Q(state__in=_HOLDING)),
        )

    def __str__(self) -> str:
        return self.receipt_number


class ObjectionPart(SealedText):
    """A text of an objection."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("What the objector states")
        QUESTION = "question", _("What the applicant was sent")
        ANSWER = "answer", _("What the applicant states")

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("objection", "kind"), name="objection_part_of_a_kind"),
        )

    def __str__(self) -> str:
        return f"{self.objection_id} {self.kind}"


class ObjectionFile(EvidenceFile):
    """A file that came with an objection."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="files")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("objection", "position"), name="objection_file_position"),
        )

    def __str__(self) -> str:
        return f"{self.objection_id} {self.position}"
