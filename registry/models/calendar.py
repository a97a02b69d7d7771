"""Holiday notices loaded in addition to the shipped days, and the open deadlines that each one moved."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from registry.models.filing import Application


class CalendarNotice(models.Model):
    """The State Council's notice for one year: days off with the holiday's code, and weekend days worked.

    Rows are only ever added; the newest version of a year counts. `text` is what was pasted, `digest` what
    its preview showed, `calendar_version` the calendar from then on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    holidays = models.JSONField()
    make_up_days = models.JSONField()
    source = models.CharField(max_length=200)
    text = models.TextField(default="")
    digest = models.CharField(max_length=64, default="")
    calendar_version = models.CharField(max_length=200, default="")
    moved_count = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "version"), name="calendar_notice_version"),)
        triggers = (
            pgtrigger.Protect(
                name="calendar_notice_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"


class DeadlineMove(models.Model):
    """An open deadline that a notice moved. While `told_at` is empty, both sides are still to be notified."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(CalendarNotice, on_delete=models.PROTECT, related_name="moves")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="deadline_moves")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    period = models.CharField(max_length=16)
    event_on = models.DateField()
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    was_provisional = models.BooleanField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("notice", "application", "period"), name="deadline_move_once_per_notice"
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), condition=models.Q(told_at__isnull=True), name="deadline_move_to_tell"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.period} {self.old_due_on} → {self.new_due_on}"
