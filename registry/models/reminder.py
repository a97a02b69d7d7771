"""Which desks were reminded of which day of the decision period."""

from __future__ import annotations

from django.db import models

from registry.models.filing import Application


class DeskReminder(models.Model):
    """One reminder day of one round: told, or passed over because a later one came due with it."""

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
