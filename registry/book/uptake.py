"""Whether an office has taken up an application; which officer did is known to the desks only."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from registry.models import Application, Uptake


def note_uptake(application: Application, *, at: datetime) -> None:
    """Records that an officer has claimed the application or acted on it; only the first time counts."""
    Uptake.objects.get_or_create(application=application, defaults={"claimed_at": at})


def with_uptake(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Adds `is_claimed`: whether an officer has ever claimed the application (未审核 while none has)."""
    return applications.annotate(is_claimed=Exists(Uptake.objects.filter(application=OuterRef("pk"))))


def is_taken_up(application: Application) -> bool:
    """Whether an officer has claimed the application or acted on it; fetch the row by `with_uptake`.

    Without that annotation the application counts as taken up. What the applicant itself does takes up nothing.
    """
    return getattr(application, "is_claimed", True)
