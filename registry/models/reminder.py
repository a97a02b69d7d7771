"""Reminders sent to desks, the ends of services that applicants plan, and their calendar feeds."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from registry.models.filing import Application, Filing


class DeskReminder(models.Model):
    """One reminder day of one round: notified, or superseded by a later one that came due with it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="desk_reminders")
    round_number = models.PositiveIntegerField()
    day = models.PositiveSmallIntegerField()
    desk = models.CharField(max_length=20)
    at = models.DateTimeField()
    is_superseded = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("application", "round_number", "day"), name="desk_reminder_once_per_round"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} r{self.round_number} day {self.day}"


class PlannedEnd(models.Model):
    """The day on which an applicant plans to end a service, kept only to remind of the cancellation."""

    filing = models.OneToOneField(Filing, on_delete=models.CASCADE, related_name="planned_end")
    ends_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.filing_id} {self.ends_on}"


class CalendarFeed(models.Model):
    """The secret address of an account's deadlines; only a digest of it is kept, so it is shown once."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)
