"""The decision period of an application as every page shows it: day n of 20 and the days left, or how it closed.

One reading for the applicant, the desk and the lists (Art. 12). An open clock is derived from the calendar; a closed
one is as its closing event stored it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from registry.deadlines.application_clock import awaits_delivery, closing_days, is_running
from registry.labels import clock_words
from registry.models import Application
from registry.presentation.materials import deadline_context
from registry.rules.days.deadlines import (
    Deadline,
    day_number,
    decision_due,
    escalation_on,
    working_days_left,
)
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.states import Kind, State

# With at most this many working days left, a case is shown as due soon.
SOON_WORKING_DAYS = 5
_AT_PROVINCE = frozenset({State.PROVINCIAL_REVIEW.value, State.PROVINCIAL_CONFIRMATION.value})


@dataclass(frozen=True, slots=True)
class DecisionPeriod:
    """The clock of one round: the number of today, or of the day it closed; `days_left` is negative once late.

    `closed_on` is None while the clock runs, `was_stopped` says that it closed without a decision. `goes_on` says why
    a decided application's clock still runs, `awaits_delivery` that only its notice has to arrive. `service_end` is the
    day a cancellation asks for. `passes_on` is day 15 of what lies at a province: when it has ended, the case goes
    to the nation by itself.
    """

    deadline: Deadline
    due_on: date
    is_running: bool
    day_number: int
    days_left: int
    late_by: int
    closed_on: date | None = None
    was_stopped: bool = False
    goes_on: str = ""
    awaits_delivery: bool = False
    service_end: date | None = None
    passes_on: date | None = None

    @property
    def working_days(self) -> int:
        return self.deadline.working_days

    @property
    def provisional(self) -> bool:
        return self.is_running and self.deadline.provisional

    @property
    def urgency(self) -> str:
        """One of late, soon and calm."""
        if self.late_by:
            return "late"
        return "soon" if self.is_running and self.days_left <= SOON_WORKING_DAYS else "calm"

    @property
    def closed_words(self) -> str:
        """On which working day the clock closed; empty while it runs."""
        if self.closed_on is None:
            return ""
        return clock_words.closed_on_day(self.day_number, was_stopped=self.was_stopped)

    @property
    def ends_before_decision(self) -> str:
        """That the service ends before the decision on its cancellation is due; empty when it does not."""
        if not self.is_running or self.service_end is None or self.service_end >= self.due_on:
            return ""
        return clock_words.service_ends_first(self.service_end, self.due_on)


def period_of(
    application: Application,
    *,
    today: date,
    calendar: Calendar,
    closings: Mapping[uuid.UUID, date] | None = None,
) -> DecisionPeriod:
    """The decision period now; `closings` are `closing_days` of a whole list, which asks for them once."""
    deadline = decision_due(application.received_on, calendar)
    if application.clock_due_on is None:
        return _open_period(application, deadline, today=today, calendar=calendar)
    closed_on = (closing_days([application]) if closings is None else closings).get(application.pk)
    late_by = application.clock_late_by_working_days or 0
    number = deadline.working_days + late_by
    if not late_by and closed_on is not None:
        number = day_number(application.received_on, closed_on, calendar)
    return DecisionPeriod(
        deadline,
        application.clock_due_on,
        is_running=False,
        day_number=number,
        days_left=0,
        late_by=late_by,
        closed_on=closed_on,
        was_stopped=application.clock_late_by_working_days is None,
    )


def _open_period(
    application: Application, deadline: Deadline, *, today: date, calendar: Calendar
) -> DecisionPeriod:
    left, runs = working_days_left(deadline.due_on, today, calendar), is_running(application)
    late_by = -left if runs and left < 0 else 0
    number = day_number(application.received_on, today, calendar)
    is_cancellation = application.kind == Kind.CANCELLATION
    is_at_province = application.state in _AT_PROVINCE and not application.escalated
    return DecisionPeriod(
        deadline,
        deadline.due_on,
        is_running=runs,
        # A day off after the last day counts as the working day after it, as lateness does.
        day_number=deadline.working_days + late_by if late_by else number,
        days_left=left,
        late_by=late_by,
        goes_on=str(clock_words.GOES_ON.get(State(application.state), "")) if runs else "",
        awaits_delivery=awaits_delivery(application),
        service_end=application.event_on if is_cancellation else None,
        passes_on=escalation_on(application.received_on, calendar) if runs and is_at_province else None,
    )


def period_context(
    period: DecisionPeriod, calendar: Calendar, *, today: date, title: str
) -> dict[str, Any] | None:
    """The context of `includes/deadline.html`; None for a clock that stands without a stored day."""
    if not period.is_running and period.closed_on is None:
        return None
    if period.awaits_delivery:
        title = _("Delivery of the decision (Art. 12)")
    context = deadline_context(period.deadline, calendar, today=today, title=title)
    if period.is_running:
        return {**context, "notes": [each for each in (period.goes_on, period.ends_before_decision) if each]}
    return {
        **context,
        "due_on": period.due_on,
        "day_number": None,
        "days_left": None,
        "late_by": period.late_by,
        "provisional": False,
        "closed": period.closed_words,
        "closed_on": period.closed_on,
        # A stored due day was counted by an older calendar, which the days of the present one do not explain.
        "days": context["days"] if period.due_on == period.deadline.due_on else (),
    }
