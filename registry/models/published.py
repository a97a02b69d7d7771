"""The public record written ahead: the bytes that the API answers, and what they were made from."""

from __future__ import annotations

from django.db import models

from registry.models.filing import Filing


class PublishedRecord(models.Model):
    """One filing's public record as bytes; derived from the register, and served only while nothing has changed.

    `sequence` is that of the filing's last event, `listings` how many entries of published lists name it, `names` the
    digest of the administrator's lists, `edition` the code: those that the bytes were made from.
    """

    filing = models.OneToOneField(
        Filing, on_delete=models.CASCADE, primary_key=True, related_name="published_record"
    )
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    listings = models.PositiveIntegerField()
    names = models.CharField(max_length=64)
    edition = models.CharField(max_length=64)
    written_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("edition", "names"), name="record_by_edition"),)

    def __str__(self) -> str:
        return f"{self.filing_id} #{self.sequence}"


class NamesVersion(models.Model):
    """The digest of the names that the administrator's public lists give now; it has one row."""

    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest
