"""Which officers have a case open: a hint for colleagues of the same office, not a lock.

A page says when it is left, and while it is in view that it still is. Without scripts the list that is opened next says
it, and what says nothing is forgotten after a while.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from registry.models import Account, Application
from review.access import colleagues_of
from review.models import CaseOpening

SHOWN_FOR = timedelta(minutes=15)


def note_opening(application: Application, officer: Account, *, at: datetime) -> None:
    """Records that the officer has opened the case now, in one statement."""
    opening = CaseOpening(
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        officer=officer,
        at=at,
    )
    CaseOpening.objects.bulk_create(
        [opening], update_conflicts=True, unique_fields=["application", "officer"], update_fields=["at"]
    )


def end_opening(application: Application, officer: Account, *, opened_at: datetime) -> None:
    """Records that the officer has left the page that was opened at this moment; one opened since is still open."""
    CaseOpening.objects.filter(application=application, officer=officer, at__lte=opened_at).delete()


def end_openings(officer: Account) -> None:
    """Records that the officer has no case open: back at the list, no page of a case is in view."""
    CaseOpening.objects.filter(officer=officer).delete()


def open_elsewhere(
    applications: Iterable[Application], officer: Account, *, at: datetime
) -> dict[uuid.UUID, list[str]]:
    """The names of colleagues of the same office who opened each case lately; one query for all."""
    found: dict[uuid.UUID, list[str]] = {}
    openings = (
        CaseOpening.objects.filter(
            application__in=[application.pk for application in applications],
            officer__in=colleagues_of(officer),
            at__gt=at - SHOWN_FOR,
        )
        .exclude(officer=officer)
        .select_related("officer")
        .order_by("officer__name")
    )
    for opening in openings:
        found.setdefault(opening.application_id, []).append(opening.officer.name)
    return found
