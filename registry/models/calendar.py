"""Holiday notices loaded after the shipped days, one row per loading; the newest of a year counts."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class CalendarNotice(models.Model):
    """The State Council's notice for one year: days off with the holiday's code, and weekend days worked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    holidays = models.JSONField()
    make_up_days = models.JSONField()
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "version"), name="calendar_notice_version"),)

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"
