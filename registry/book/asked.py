"""What the office asks to have corrected before it decides, as both sides read it (Art. 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.book.examination import is_answer_awaited, points_awaited
from registry.models import Application
from registry.presentation.rounds import AnsweredReason, reason_shown
from registry.rules.days.deadlines import working_days_left
from registry.rules.days.working_days import Calendar, is_provisional_day


@dataclass(frozen=True, slots=True)
class Asked:
    """The points that wait for their answer, and its last day, that day included.

    `days_left` counts working days, None once the last day has ended: an answer is taken until the office decides.
    """

    points: tuple[AnsweredReason, ...]
    answer_by: date
    provisional: bool
    days_left: int | None


def asked_context(application: Application, *, calendar: Calendar, today: date) -> Asked | None:
    """What the office waits for; None when it waits for nothing."""
    answer_by = application.asked_until
    if answer_by is None:
        return None
    is_awaited = is_answer_awaited(application, today=today)
    return Asked(
        points=tuple(reason_shown(point) for point in points_awaited(application)),
        answer_by=answer_by,
        provisional=is_provisional_day(answer_by, calendar),
        days_left=working_days_left(answer_by, today, calendar) if is_awaited else None,
    )
