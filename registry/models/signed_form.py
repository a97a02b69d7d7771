"""The review form (审批表) that a leader signed, as it was filed with its case."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models

from registry.models.attachment import Attachment
from registry.models.event import Event
from registry.models.filing import Application

LONGEST_SIGNER = 60


class SignedForm(models.Model):
    """Who of an office signed the review form of a case and when, and its scan. Rows are only ever added.

    It stands for the materials of its revision: what is handed in afterwards the leader has not seen. `event` is the
    act in the auditor's trail, with who filed it and when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="signed_forms")
    office_code = models.CharField(max_length=8)
    revision_number = models.PositiveIntegerField()
    signer_name = models.CharField(max_length=LONGEST_SIGNER)
    signer_title = models.CharField(max_length=LONGEST_SIGNER)
    signed_on = models.DateField()
    scan = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="signed_form")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="signed_form")

    class Meta:
        indexes = (
            models.Index(
                fields=("application", "office_code", "revision_number"), name="signed_form_of_case"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="signed_form_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.signed_on}"

    @property
    def signer(self) -> str:
        """Who signed, as the form has it: office title and name."""
        return f"{self.signer_title} {self.signer_name}"
