"""Uploaded files: encrypted on disk outside the web root, known here by digest and state."""

from __future__ import annotations

import json
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.errors import AttachmentRefused
from registry.models.applicant import Applicant
from registry.models.encrypted import EncryptedTextField


class Attachment(models.Model):
    """One file. `sha256` and `size_bytes` describe the rebuilt bytes, and while it waits those that were received.

    A file that waits lies in quarantine, and so does one that was refused and can be tried again. `refusal_facts` are
    those of its refusal, as JSON. `received_sha256` is the digest of what was sent. A signed PDF is kept as it was
    sent, too: then `signatures` is what its signatures say, as JSON, and the two columns of the original describe those
    bytes. `carried` names, as JSON, the other files within a PDF, which its rebuilt copy lacks. `drawn_at` is when
    every page had its picture, or was found to be one that cannot be drawn. `uploaded_by` is null for the evidence of
    somebody without an account.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being read")
        CLEAN = "clean", _("Checked")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.CharField(max_length=64)
    draft_id = models.UUIDField(db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, null=True, related_name="+")
    province_code = models.CharField(max_length=6, blank=True, default="")
    name = EncryptedTextField()
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    page_count = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    refusal_code = models.CharField(max_length=40, blank=True, default="")
    signatures = EncryptedTextField(null=True)
    carried = EncryptedTextField(null=True)
    original_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    original_size_bytes = models.PositiveIntegerField(default=0, db_default=0)
    refusal_facts = EncryptedTextField(null=True)
    received_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    uploaded_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("uploaded_at",),
                condition=models.Q(drawn_at__isnull=True, state="clean"),
                name="attachment_undrawn",
            ),
            models.Index(
                fields=("uploaded_at",), condition=models.Q(state="refused"), name="attachment_refused"
            ),
        )

    def __str__(self) -> str:
        return f"{self.slot} {self.pk}"

    @property
    def is_kept_as_sent(self) -> bool:
        """Whether the bytes as they were sent are kept beside the normalised ones."""
        return bool(self.original_sha256)

    @property
    def refusal(self) -> AttachmentRefused:
        """Why the file was refused."""
        return AttachmentRefused(self.refusal_code, **json.loads(self.refusal_facts or "{}"))

    @property
    def storage_name(self) -> str:
        """Path below the attachment root; random, and tells nothing of the content."""
        return f"{self.pk.hex[:2]}/{self.pk.hex}"


class WaitingFile(models.Model):
    """A file that waits for the decoder: the work list of that process. The row goes when the work is done.

    Of those that are as urgent the one with the earliest `asked_at` comes first: when it was asked for, or when another
    of the same sender was taken before it. While a decoder is at work, `taken_by` names it and `taken_at` is when it
    last said so; a row whose decoder has said nothing for long is free again. `attempts` counts how often the work was
    begun. `sender` is a keyed digest of the address that an uploaded file came from.
    """

    class Urgency(models.IntegerChoices):
        SENT = 0
        VIEWED = 1
        SWEPT = 2

    attachment = models.OneToOneField(
        Attachment, on_delete=models.CASCADE, primary_key=True, related_name="waiting"
    )
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices)
    asked_at = models.DateTimeField()
    sender = models.CharField(max_length=64, blank=True, default="", db_default="")
    taken_by = models.CharField(max_length=64, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("urgency", "asked_at"), name="waiting_file_in_turn"),)

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.urgency}"


class RevisionFile(models.Model):
    """A file's place in a revision; who may read the case of the revision may read the file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey("registry.Revision", on_delete=models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="uses")
    slot = models.CharField(max_length=64)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("revision", "slot", "position"), name="revision_file_position"),
        )

    def __str__(self) -> str:
        return f"{self.revision_id} {self.slot} {self.position}"
