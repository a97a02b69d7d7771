"""Records of background jobs: their runs, the work that failed, and the runs an administrator ordered."""

from __future__ import annotations

from django.conf import settings
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


class JobRun(models.Model):
    """How a job last went. A daily job has a row for each day it ran on, a sweep one row with an empty period.

    `attempts` counts the runs since the last success, the running one included. `started_at` later than both
    `succeeded_at` and `failed_at` means that it is running, or was killed.
    """

    job = models.CharField(max_length=64)
    period = models.CharField(max_length=10, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")
    done = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("job", "period"), name="job_run_once_per_period"),)

    def __str__(self) -> str:
        return f"{self.job} {self.period}".strip()


class JobOrder(models.Model):
    """An administrator's order to run a job at once."""

    job = models.CharField(max_length=64)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("job", "-ordered_at"), name="job_order_by_moment"),)

    def __str__(self) -> str:
        return f"{self.job} {self.ordered_at:%Y-%m-%d %H:%M}"
