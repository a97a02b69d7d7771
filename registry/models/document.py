"""Documents that the portal issued: legal objects, kept as they were issued."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.applicant import Applicant
from registry.models.event import Event
from registry.models.filing import Application, Filing


class IssuedDocument(models.Model):
    """One document, made from an event; its bytes are encrypted on disk, `sha256` is that of the plain bytes.

    `edition` tells apart documents of one event that print more than events, such as a review form with the
    marks of its day. It is empty for a document that follows from the event alone.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Acceptance receipt")
        REQUEST = "request", _("Request to correct the materials")
        DECISION = "decision", _("Decision notice")
        CERTIFICATE = "certificate", _("Certificate of filing information")
        OWN_CASE = "own_case", _("Whole application")
        OFFICE_CASE = "office_case", _("Whole case")
        REVIEW_FORM = "review_form", _("Review form")
        CONSULTATION = "consultation", _("Letter to another body")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="documents")
    edition = models.CharField(max_length=64, blank=True, default="")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="documents", null=True
    )
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="documents", null=True)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="documents")
    province_code = models.CharField(max_length=6)
    language = models.CharField(max_length=10, default="zh-hans")
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "event", "edition"), name="document_once_per_event"),
        )
        indexes = (
            models.Index(
                fields=("sha256",), name="certificate_by_digest", condition=models.Q(kind="certificate")
            ),
        )
        triggers = (
            pgtrigger.Protect(name="document_immutable", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
