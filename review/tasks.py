"""Background jobs of the desk. They find their work in the database and may run twice, late, or be killed."""

from __future__ import annotations

from celery import shared_task

from review.likeness import refresh_traits


@shared_task(name="review.tasks.sweep_likeness")
def sweep_likeness() -> int:
    """Makes the traits by which likely duplicates are found, where they are missing. Gives how many."""
    return refresh_traits()
