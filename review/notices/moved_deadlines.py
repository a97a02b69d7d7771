"""Notifies applicants and offices of open deadlines that a holiday notice moved, each once.

A DeadlineMove row with an empty `told_at` still awaits its notices. A deadline that closed in the meantime needs
none: the decision's own notice follows.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from registry import clock
from registry.calendar.current import current_calendar
from registry.calendar.explanations import explain_deadline, explanation_fact
from registry.deadlines.application_clock import holder_of
from registry.deadlines.open_deadlines import deadlines_of
from registry.models import Application, DeadlineMove
from registry.notices import notice as notices
from registry.notices.fact_words import due_fact
from registry.notices.filing_notices import named_facts
from registry.rules.days.deadlines import Period
from registry.rules.workflow.states import PROVINCE
from review.access import Office
from review.notices.recipients import holders_of


def moves_awaiting_notice() -> list[uuid.UUID]:
    """The moves that still await their notices, in the order of the deadlines."""
    waiting = DeadlineMove.objects.filter(told_at__isnull=True)
    return list(waiting.order_by("new_due_on", "pk").values_list("pk", flat=True))


@transaction.atomic
def notify_of_move(move_id: uuid.UUID, *, at: datetime | None = None) -> int:
    """Creates the notices of one move, for the applicant's members and for the office; returns their number."""
    at = at or clock.now()
    move = DeadlineMove.objects.select_for_update(of=("self",)).select_related("notice").get(pk=move_id)
    if move.told_at is not None:
        return 0
    application = Application.objects.select_related("filing", "applicant").get(pk=move.application_id)
    count = _notify(move, application, at=at)
    move.told_at = at
    move.save(update_fields=["told_at"])
    return count


def _notify(move: DeadlineMove, application: Application, *, at: datetime) -> int:
    calendar = current_calendar()
    due = next(
        (
            found.under(calendar)
            for found in deadlines_of(application)
            if (found.period, found.event_on) == (Period(move.period), move.event_on)
        ),
        None,
    )
    # Closed meanwhile, or moved again by a newer notice, which has a row of its own.
    if due is None or due.due_on != move.new_due_on:
        return 0
    facts = named_facts(application) | {
        "what": move.period,
        "year": move.notice.year,
        "old_due_on": due_fact(move.old_due_on, provisional=move.was_provisional),
        "new_due_on": due_fact(due.due_on, provisional=due.provisional),
        "why": explanation_fact(explain_deadline(due, calendar)),
    }
    office = Office.PROVINCE if holder_of(application) in PROVINCE else Office.NATION
    to_applicant = notices.notify(
        "deadline_moved_applicant",
        key=str(move.pk),
        accounts=notices.members_of(application.applicant_id),
        facts=facts,
        applicant=application.applicant,
        application=application,
        at=at,
    )
    to_office = notices.notify(
        "deadline_moved_office",
        key=str(move.pk),
        accounts=holders_of(application, office, at=at),
        facts=facts,
        application=application,
        at=at,
    )
    return to_applicant + to_office
