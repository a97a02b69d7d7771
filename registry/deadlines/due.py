"""What is due by the calendar: applications to escalate, mark late or let lapse, filings to cancel or number.

Derived at every question: a sweep that runs three days late finds everything the missed ones would have.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from registry import clock
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock
from registry.models import Application, Filing
from registry.rules.days.deadlines import ESCALATION_DAY, Period
from registry.rules.days.working_days import latest_start
from registry.rules.workflow.states import Standing, State

_ONE_DAY = timedelta(days=1)


def to_escalate(at: datetime) -> list[uuid.UUID]:
    """Applications at a provincial desk whose day 15 has ended, oldest receipt first (Art. 12)."""
    yesterday = clock.china_date(at) - _ONE_DAY
    found = Application.objects.filter(
        state__in=[State.PROVINCIAL_REVIEW.value, State.PROVINCIAL_CONFIRMATION.value],
        escalated=False,
        received_on__lte=latest_start(yesterday, ESCALATION_DAY, current_calendar()),
    )
    return list(found.order_by("received_on", "pk").values_list("pk", flat=True))


def to_note_delivery() -> list[uuid.UUID]:
    """Rejected applications whose notice has arrived but whose clock still runs, earliest decision first."""
    found = Application.objects.filter(
        application_clock.RUNNING, application_clock.rejection_arrived(), state=State.REJECTED.value
    )
    return list(found.order_by("decided_at", "pk").values_list("pk", flat=True))


def to_record_lateness(at: datetime) -> list[uuid.UUID]:
    """Applications whose clock runs after day 20 has ended and whose late desk is not recorded yet."""
    yesterday = clock.china_date(at) - _ONE_DAY
    found = Application.objects.filter(
        application_clock.RUNNING,
        late_desk__isnull=True,
        received_on__lte=latest_start(yesterday, Period.DECISION.working_days, current_calendar()),
    )
    return list(found.order_by("received_on", "pk").values_list("pk", flat=True))


def to_lapse(at: datetime) -> list[uuid.UUID]:
    """Rejected applications whose 30 working days for a resubmission have ended."""
    yesterday = clock.china_date(at) - _ONE_DAY
    last_day = latest_start(yesterday, Period.RESUBMISSION.working_days, current_calendar())
    end = clock.start_of(last_day + _ONE_DAY)
    found = Application.objects.filter(state=State.REJECTED.value, decided_at__lt=end)
    return list(found.order_by("decided_at", "pk").values_list("pk", flat=True))


def to_take_effect(at: datetime) -> list[uuid.UUID]:
    """Filings in force whose approved end of service has come, earliest first (Art. 11)."""
    found = Filing.objects.filter(standing=Standing.IN_FORCE.value, ends_on__lte=clock.china_date(at))
    return list(found.order_by("ends_on", "pk").values_list("pk", flat=True))


def to_number() -> list[uuid.UUID]:
    """Filings that await their number, oldest first."""
    found = Filing.objects.filter(standing=Standing.AWAITING_NUMBER.value)
    return list(found.order_by("opened_at", "pk").values_list("pk", flat=True))
