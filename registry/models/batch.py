"""Batch lists: legal objects, kept as they were published."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.filing import Filing
from registry.rules.batches.corrections import CorrectedColumn, Correction
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import ListKind, ListOrder, ListState
from registry.rules.substance import LONGEST_REASON


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
    """One row of a list, as it was frozen; `province_code` is that of the number's abbreviation.

    `ended_on` and `end_ground` are of endings. The rest is of corrigenda: the entry that is corrected, which of its
    columns ("entry" is its withdrawal), what it said, what it says, and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch_list = models.ForeignKey(BatchList, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ListKind])
    position = models.PositiveIntegerField()
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="batch_entries")
    number = models.CharField(max_length=32)
    applicant_name = models.CharField(max_length=200)
    service_name = models.CharField(max_length=200)
    province_code = models.CharField(max_length=6)
    ended_on = models.DateField(null=True)
    end_ground = models.CharField(max_length=24, blank=True, default="", db_default="")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, related_name="corrections", null=True)
    column = models.CharField(max_length=16, blank=True, default="", db_default="")
    before = models.CharField(max_length=200, blank=True, default="", db_default="")
    after = models.CharField(max_length=200, blank=True, default="", db_default="")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("batch_list", "position"), name="batch_entry_position"),
            # An entry may be corrected again; a filing is announced once by each other kind of list.
            models.UniqueConstraint(
                fields=("filing", "kind"),
                name="batch_entry_in_one_list",
                condition=~models.Q(kind=ListKind.CORRIGENDA.value),
            ),
        )
        triggers = (
            pgtrigger.Protect(name="batch_entry_immutable", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.batch_list_id} {self.position}"

    @property
    def row(self) -> PublishedRow:
        """The row that it keeps; select `corrects__batch_list` with it."""
        return PublishedRow(
            position=self.position,
            applicant_name=self.applicant_name,
            service_name=self.service_name,
            number=self.number,
            province_code=self.province_code,
            ended_on=self.ended_on,
            end_ground=self.end_ground,
            correction=None if self.corrects is None else self._correction(self.corrects),
        )

    def _correction(self, corrected: BatchEntry) -> Correction:
        return Correction(
            entry=str(corrected.pk),
            list_kind=corrected.kind,
            list_number=corrected.batch_list.number or 0,
            position=corrected.position,
            column=CorrectedColumn(self.column),
            before=self.before,
            after=self.after,
            reason=self.reason,
        )


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
