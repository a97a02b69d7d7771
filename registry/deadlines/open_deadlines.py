"""The open deadlines, derived from the calendar at every question, so that a new holiday notice moves them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from registry import clock
from registry.deadlines.application_clock import RUNNING, desk_label, is_running
from registry.models import Application
from registry.notices.subject import title_of
from registry.rules.days.deadlines import Deadline, Period, deadline
from registry.rules.days.working_days import Calendar, latest_start
from registry.rules.workflow.states import State

_MAY_RESUBMIT = Q(state=State.REJECTED.value, decided_at__isnull=False)


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A deadline of an application that no event has closed yet."""

    application_id: uuid.UUID
    applicant_id: uuid.UUID
    receipt_number: str
    applicant_name: str
    subject: str
    province_code: str
    office: str
    period: Period
    event_on: date

    def under(self, calendar: Calendar) -> Deadline:
        """The deadline as computed with this calendar."""
        return deadline(self.period, self.event_on, calendar)


def open_deadlines() -> list[OpenDeadline]:
    """Every open deadline of every application, in the order of receipt."""
    applications = (
        Application.objects.filter(RUNNING | _MAY_RESUBMIT)
        .select_related("applicant")
        .order_by("received_on", "pk")
    )
    return [found for application in applications.iterator() for found in deadlines_of(application)]


def deadlines_of(application: Application) -> list[OpenDeadline]:
    """The open deadlines of one application: for the decision, and for resubmission after a rejection."""
    found = []
    if is_running(application):
        found.append(_open(application, Period.DECISION, application.received_on))
    if application.state == State.REJECTED and application.decided_at is not None:
        found.append(_open(application, Period.RESUBMISSION, clock.china_date(application.decided_at)))
    return found


def unannounced_years(calendar: Calendar) -> dict[int, int]:
    """By year without a holiday notice, how many open deadlines end in it or later."""
    found: dict[int, int] = {}
    latest = Application.objects.aggregate(
        received=Max("received_on", filter=RUNNING), decided=Max("decided_at", filter=_MAY_RESUBMIT)
    )
    ends = []
    if latest["received"] is not None:
        ends.append(deadline(Period.DECISION, latest["received"], calendar).due_on)
    if latest["decided"] is not None:
        ends.append(deadline(Period.RESUBMISSION, clock.china_date(latest["decided"]), calendar).due_on)
    last_announced = max(calendar.announced_years)
    for year in range(last_announced + 1, max(ends).year + 1 if ends else 0):
        before = date(year - 1, 12, 31)
        received_after = latest_start(before, Period.DECISION.working_days, calendar)
        decided_after = latest_start(before, Period.RESUBMISSION.working_days, calendar)
        counted = Application.objects.aggregate(
            decisions=Count("pk", filter=RUNNING & Q(received_on__gt=received_after)),
            resubmissions=Count("pk", filter=_MAY_RESUBMIT & Q(decided_at__gte=_end_of(decided_after))),
        )
        found[year] = counted["decisions"] + counted["resubmissions"]
    return found


def _end_of(day: date) -> datetime:
    return clock.start_of(date.fromordinal(day.toordinal() + 1))


def _open(application: Application, period: Period, event_on: date) -> OpenDeadline:
    return OpenDeadline(
        application_id=application.pk,
        applicant_id=application.applicant_id,
        receipt_number=application.receipt_number,
        applicant_name=application.applicant_called,
        subject=title_of(application),
        province_code=application.province_code,
        office=desk_label(application),
        period=period,
        event_on=event_on,
    )
