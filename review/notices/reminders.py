"""Reminders to the office that holds a case on days 10, 15 and 18 of its clock, once per round (Art. 12)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from registry import clock
from registry.book.locks import lock_row
from registry.calendar.current import current_calendar
from registry.models import Application, DeskReminder
from registry.notices import filing_notices
from registry.notices import notice as notices
from registry.notices.fact_words import due_fact
from registry.rules.days.deadlines import REMINDER_DAYS, day_number, decision_due, working_days_left
from registry.rules.days.working_days import latest_start
from registry.rules.workflow import decision_clock
from registry.rules.workflow.states import DESKS, OPEN_STATES, PROVINCE, State
from review.access import Office
from review.notices.recipients import holders_of


def cases_to_remind(at: datetime) -> list[uuid.UUID]:
    """The open cases with an unhandled reminder day that has been reached, earliest receipt first."""
    calendar, today = current_calendar(), clock.china_date(at)
    cases = Application.objects.filter(
        state__in=[state.value for state in OPEN_STATES],
        received_on__lte=latest_start(today, REMINDER_DAYS[0], calendar),
    )
    found = list(cases.order_by("received_on", "pk").values_list("pk", "received_on", "round_number"))
    known: dict[tuple[uuid.UUID, int], set[int]] = {}
    for application, round_number, day in DeskReminder.objects.filter(
        application__in=[pk for pk, _received_on, _round in found]
    ).values_list("application", "round_number", "day"):
        known.setdefault((application, round_number), set()).add(day)
    return [
        pk
        for pk, received_on, round_number in found
        if any(
            day <= day_number(received_on, today, calendar)
            and day not in known.get((pk, round_number), set())
            for day in REMINDER_DAYS
        )
    ]


@transaction.atomic
def remind_desk(application_id: uuid.UUID, *, at: datetime) -> int:
    """Reminds the office that holds the case of the latest day reached; returns the number of notices.

    The case is locked and examined again, so that two jobs remind once. Earlier days are recorded as superseded.
    """
    application = lock_row(Application, application_id)
    desk = DESKS.get(State(application.state))
    if desk is None:
        return 0
    calendar, today = current_calendar(), clock.china_date(at)
    due = decision_due(application.received_on, calendar)
    kept = DeskReminder.objects.filter(application=application, round_number=application.round_number)
    day, passed_over = decision_clock.reminders_due(
        day_number(application.received_on, today, calendar), known=set(kept.values_list("day", flat=True))
    )
    days = [*passed_over, *([] if day is None else [day])]
    DeskReminder.objects.bulk_create(
        DeskReminder(
            application=application,
            round_number=application.round_number,
            day=each,
            desk=desk.value,
            at=at,
            is_superseded=each != day,
        )
        for each in days
    )
    if day is None:
        return 0
    facts = filing_notices.named_facts(application) | {
        "day_number": day_number(application.received_on, today, calendar),
        "days_left": max(working_days_left(due.due_on, today, calendar), 0),
        "due_on": due_fact(due.due_on, provisional=due.provisional),
    }
    return notices.notify(
        "desk_reminder",
        key=f"{application.pk}:{application.round_number}:{day}",
        accounts=holders_of(application, Office.PROVINCE if desk in PROVINCE else Office.NATION, at=at),
        facts=facts,
        application=application,
        at=at,
    )
