"""Whether an office has taken up an application; which officer did is known to the desks only."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from registry import clock
from registry.calendar.current import current_calendar
from registry.models import Application, Event, Uptake
from registry.rules.days.working_days import Calendar, latest_start
from registry.rules.workflow.lifecycle import TRANSITIONS
from registry.rules.workflow.states import DESKS, OFFICERS

# The acts that bring an application to a desk it did not lie at.
_ARRIVALS = frozenset(
    row.act.value
    for row in TRANSITIONS
    if row.target in DESKS and (row.source is None or DESKS.get(row.source) is not DESKS[row.target])
)


def idle_limit(at: datetime, calendar: Calendar | None = None) -> datetime:
    """Claims last active before this moment have expired; `calendar` for who has read it already.

    A claim ends when the last of its idle working days (`CLAIM_IDLE_WORKING_DAYS`) has ended; the day of the last
    activity is not counted.
    """
    yesterday = clock.china_date(at) - timedelta(days=1)
    last_expired_day = latest_start(
        yesterday, settings.CLAIM_IDLE_WORKING_DAYS, calendar or current_calendar()
    )
    return datetime.combine(last_expired_day + timedelta(days=1), time.min, tzinfo=clock.CHINA)


def note_uptake(*applications: Application, at: datetime) -> None:
    """Records that the claims of the office that holds these applications are active, in one statement."""
    Uptake.objects.bulk_create(
        [Uptake(application=each, claimed_at=at) for each in applications],
        update_conflicts=True,
        unique_fields=["application"],
        update_fields=["claimed_at"],
    )


def end_uptake(*applications: Application) -> None:
    """Records that the claims of the office that holds these applications have ended."""
    Uptake.objects.filter(application__in=applications).delete()


def with_uptake(applications: QuerySet[Application], *, at: datetime) -> QuerySet[Application]:
    """Adds `is_claimed`: whether the office that holds the application has taken it up (未审核 while it has not).

    It has while an officer's claim is live, and once an officer of it has acted since the application came to it.
    """
    events = Event.objects.filter(application=OuterRef("pk"))
    arrival = events.filter(act__in=_ARRIVALS).order_by("-sequence")
    acted = events.filter(
        actor_role__in=[role.value for role in OFFICERS], sequence__gt=OuterRef("arrival_sequence")
    )
    claimed = Uptake.objects.filter(
        application=OuterRef("pk"), claimed_at__gte=OuterRef("arrived_at")
    ).filter(claimed_at__gte=idle_limit(at))
    return applications.annotate(
        arrival_sequence=Subquery(arrival.values("sequence")[:1]),
        arrived_at=Subquery(arrival.values("at")[:1]),
    ).annotate(is_claimed=Exists(acted) | Exists(claimed))


def is_taken_up(application: Application) -> bool:
    """Whether the office that holds the application has taken it up; fetch the row by `with_uptake`.

    Without that annotation the application counts as taken up. What the applicant itself does takes up nothing.
    """
    return getattr(application, "is_claimed", True)
