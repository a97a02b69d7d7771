"""What a background job could not do yet: attempts and the last reason, kept in the database."""

from __future__ import annotations

from django.db import models


class JobFailure(models.Model):
    """A piece of work that failed at least once and has not succeeded since."""

    job = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200)
    last_attempt_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("job", "subject_id"), name="job_failure_once"),)

    def __str__(self) -> str:
        return f"{self.job} {self.subject_id} ×{self.attempts}"
