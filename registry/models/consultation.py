"""Consultations of other bodies about a case; what was asked and answered stands apart, encrypted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from registry.models.applicant import Applicant
from registry.models.evidence import EvidenceFile, SealedText
from registry.models.filing import Application
from registry.rules.consultations.lifecycle import Body, ConsultationState
from registry.rules.office.papers import LONGEST_NAME


class Consultation(models.Model):
    """One question to another body: a fold of its stream's events, which bear its id.

    `office_code` is the office that asked, `asked_code` the one asked inside the portal (empty for a body outside);
    `answers` counts those entered, the last of which holds. Only `registry.consultations.consultations` makes and saves
    rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="consultations")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=6)
    office_code = models.CharField(max_length=8)
    body = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Body])
    body_name = models.CharField(max_length=LONGEST_NAME)
    asked_code = models.CharField(max_length=8, blank=True, default="")
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in ConsultationState])
    sent_at = models.DateTimeField()
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    answers = models.PositiveSmallIntegerField(default=0)
    answered_on = models.DateField(null=True)
    answered_late = models.BooleanField(default=False)
    overdue_noted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    last_event_sequence = models.PositiveIntegerField()

    class Meta:
        indexes = (
            models.Index(
                fields=("due_on",),
                name="consultation_awaited",
                condition=models.Q(state=ConsultationState.AWAITED.value),
            ),
            models.Index(fields=("office_code", "-sent_at", "-id"), name="consultation_by_office"),
            models.Index(
                fields=("asked_code", "-sent_at", "-id"),
                name="consultation_by_asked",
                condition=~models.Q(asked_code=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.body} {self.state}"


class ConsultationPart(SealedText):
    """The question with the particulars that went along, or one of the answers (`answer:1`) with who gave it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("consultation", "kind"), name="consultation_part_of_a_kind"),
        )

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.kind}"


class ConsultationFile(EvidenceFile):
    """A file that came with an answer; `answer` is its number."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="files")
    answer = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("consultation", "answer", "position"), name="consultation_file_position"
            ),
        )

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.answer} {self.position}"
