"""What objections and proceedings keep apart from their events: texts that can be erased, and files."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from registry.models.attachment import Attachment
from registry.models.encrypted import EncryptedTextField
from registry.rules.workflow.sealed import MOST_READINGS_AGAIN, MOST_REPLACEMENTS


class SealedText(models.Model):
    """A text, erasable: JSON, beside the random key of the commitment that its event holds.

    Each table says which kinds of texts there are of its subject.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12)
    content = EncryptedTextField()
    commitment_key = EncryptedTextField()

    class Meta:
        abstract = True


class EvidenceFile(models.Model):
    """A file of evidence, which the decoder reads; `attachment` is what became of it.

    The other columns describe the bytes as they were sent, as the act that brought them states them, and there are no
    pages. A file from before, which was read in the request, has no `attachment`, and they describe what is kept of it.
    `position` counts from 1 among those of one act; `times_replaced` and `times_read_again` are counted for this place:
    the file that takes it counts on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    name = EncryptedTextField()
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    page_count = models.PositiveIntegerField()
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    times_replaced = models.PositiveSmallIntegerField(default=0, db_default=0)
    times_read_again = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        """Whether it is still being read."""
        return self.attachment is not None and self.attachment.state == Attachment.State.WAITING

    @property
    def is_refused(self) -> bool:
        """Whether it could not be read."""
        return not self.is_waiting and not self.is_readable

    @property
    def is_readable(self) -> bool:
        """Whether it can be opened."""
        return self.attachment is None or self.attachment.state == Attachment.State.CLEAN

    @property
    def readable_sha256(self) -> str:
        """The digest of the bytes that are opened; empty for a file that cannot be."""
        if not self.is_readable:
            return ""
        return self.sha256 if self.attachment is None else self.attachment.sha256

    @property
    def is_as_received(self) -> bool:
        """Whether what the decoder was given are the bytes that this row states; so for a file from before."""
        return self.attachment is None or self.attachment.received_sha256 == self.sha256

    @property
    def has_replacements_left(self) -> bool:
        """Whether its place may still take another file."""
        return self.times_replaced < MOST_REPLACEMENTS

    @property
    def has_readings_left(self) -> bool:
        """Whether the file in its place may still be read once more."""
        return self.times_read_again < MOST_READINGS_AGAIN


# The files of evidence that are read for the first time: as they came with the act, and never tried again.
READ_FOR_THE_FIRST_TIME = Q(attachment__state=Attachment.State.WAITING, times_replaced=0, times_read_again=0)
