"""Rounds of quality sampling: what was drawn from the decided cases of an office, and what second looks found."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from registry.models.event import Event
from registry.models.filing import Application
from registry.rules.quality.lifecycle import CaseState


class QualityRound(models.Model):
    """One round of an office: a fold of its stream's events, which bear its id.

    `first_on` and `last_on` are days of decision in China, both inclusive. `cases_decided` holds the receipt numbers
    that were drawn from, whose digest the event of the draw has. Only `registry.quality.rounds` makes and saves rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    office_code = models.CharField(max_length=8)
    first_on = models.DateField()
    last_on = models.DateField()
    percent = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=64)
    cases_decided = models.JSONField()
    population = models.PositiveIntegerField()
    population_sha256 = models.CharField(max_length=64)
    drawn = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    waiting = models.PositiveSmallIntegerField()
    found = models.PositiveSmallIntegerField(default=0)
    aside = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    last_event_sequence = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("office_code", "number"), name="quality_round_number"),
        )

    def __str__(self) -> str:
        return f"{self.office_code} {self.number}"


class QualityCase(models.Model):
    """A case that a round drew, with who looks at it again and what that look found: folded like its round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(QualityRound, on_delete=models.PROTECT, related_name="cases")
    position = models.PositiveSmallIntegerField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=6)
    decision = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    revision_number = models.PositiveIntegerField()
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in CaseState])
    text = models.TextField(blank=True, default="")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("round", "application"), name="quality_case_once"),
            models.UniqueConstraint(fields=("round", "position"), name="quality_case_position"),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.position} {self.state}"


class QualityPart(models.Model):
    """That an officer had a part in the decision of a drawn case: whom its finding is told. Only ever added."""

    case = models.ForeignKey(QualityCase, on_delete=models.PROTECT, related_name="parts")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "officer"), name="quality_part_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.officer_id}"
