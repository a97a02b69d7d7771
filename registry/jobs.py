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
        defaults={"attempts": 1, "last_error": _reason(error), "last_attempt_at": clock.now()},
    )
    if not created:
        JobFailure.objects.filter(pk=failure.pk).update(
            attempts=models.F("attempts") + 1,
            last_error=_reason(error),
            last_attempt_at=clock.now(),
        )


def clear_failure(job: str, subject_id: uuid.UUID) -> None:
    """Forgets earlier failures of work that has now succeeded."""
    JobFailure.objects.filter(job=job, subject_id=subject_id).delete()


def _reason(error: Exception) -> str:
    code = getattr(error, "code", "")
    return f"{type(error).__name__} {code}".strip()[:200]
