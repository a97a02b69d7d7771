"""What background work could not do, and why: kept until it succeeds."""

from __future__ import annotations

import uuid

from django.db import models

from registry import clock
from registry.models import JobFailure


def record_failure(job: str, subject_id: uuid.UUID, error: Exception) -> None:
    """Counts one more failed attempt, with its reason; no personal data belongs into an error's text."""
    failure, created = JobFailure.objects.get_or_create(
        job=job,
        subject_id=subject_id,
        defaults={"attempts": 1, "last_error": reason_of(error), "last_attempt_at": clock.now()},
    )
    if not created:
        JobFailure.objects.filter(pk=failure.pk).update(
            attempts=models.F("attempts") + 1,
            last_error=reason_of(error),
            last_attempt_at=clock.now(),
        )


def clear_failure(job: str, subject_id: uuid.UUID) -> None:
    """Forgets earlier failures of work that has now succeeded."""
    JobFailure.objects.filter(job=job, subject_id=subject_id).delete()


def reason_of(error: Exception) -> str:
    """The kind of error and its code: what a log or a page may show, with nothing of anybody in it."""
    code = getattr(error, "code", "")
    return f"{type(error).__name__} {code}".strip()[:200]
