"""Batch lists: legal objects, kept as they were published."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.filing import Filing
from registry.rules.batches.lifecycle import ListKind, ListOrder, ListState


class ListCounter(models.Model):
    """The last number given to a list of a kind; its lock lets one list of a kind be underway at a time."""

    kind = models.CharField(
        max_length=12, unique=True, choices=[(kind.value, kind.value) for kind in ListKind]
    )
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} {self.last}"


class BatchList(models.Model):
    """One list: a fold of its stream's events, which bear its id. Only `registry.batches` makes and saves rows.

    An imported one was published before the register began: it has no files, order or announcement here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ListKind])
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in ListState])
    number = models.PositiveIntegerField(null=True)
    cut_off_on = models.DateField()
    order = models.CharField(
        max_length=12, choices=[(order.value, order.value) for order in ListOrder], null=True
    )
    announcement = models.TextField()
    proposed_at = models.DateTimeField()
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    confirmer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    publish_at = models.DateTimeField(null=True)
    dated_on = models.DateField(null=True)
    count = models.PositiveIntegerField(null=True)
    rows_sha256 = models.CharField(max_length=64, blank=True, default="")
    published_at = models.DateTimeField(null=True)
    objections_until = models.DateField(null=True)
    final_at = models.DateTimeField(null=True)
    last_event_sequence = models.PositiveIntegerField()
    is_imported = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("batch list")
        constraints = (models.UniqueConstraint(fields=("kind", "number"), name="batch_list_number"),)
        indexes = (models.Index(fields=("state",), name="batch_list_by_state"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class BatchEntry(models.Model):
    """One row of a list, as it was frozen; `province_code` is that of the number's abbreviation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch_list = models.ForeignKey(BatchList, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ListKind])
    position = models.PositiveIntegerField()
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="batch_entries")
    number = models.CharField(max_length=32)
    applicant_name = models.CharField(max_length=200)
    service_name = models.CharField(max_length=200)
    province_code = models.CharField(max_length=6)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("batch_list", "position"), name="batch_entry_position"),
            models.UniqueConstraint(fields=("filing", "kind"), name="batch_entry_in_one_list"),
        )
        triggers = (
            pgtrigger.Protect(name="batch_entry_immutable", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.batch_list_id} {self.position}"


class BatchFile(models.Model):
    """One file of a list, made once: `sha256` and `size_bytes` are those of the bytes that are served."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        JSON = "json", "JSON"
        MANIFEST = "manifest", _("Manifest")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch_list = models.ForeignKey(BatchList, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=8, choices=Format.choices)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch_list", "format"), name="batch_file_once"),)
        triggers = (
            pgtrigger.Protect(name="batch_file_immutable", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.batch_list_id} {self.format}"
