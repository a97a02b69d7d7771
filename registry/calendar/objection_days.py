"""The last days of an objection that settings of this portal give: for the applicant's statement, and to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from registry import clock
from registry.calendar.current import current_calendar
from registry.models import Objection
from registry.rules.days.deadlines import due_after
from registry.rules.days.working_days import Calendar, is_provisional


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a period that a setting gives; provisional as deadlines are."""

    due_on: date
    provisional: bool
    calendar_version: str


def answer_due(sent_on: date) -> Due:
    """The last day of the time that an applicant is given for its statement, from the day it was asked."""
    return _due(sent_on, settings.OBJECTION_ANSWER_WORKING_DAYS, current_calendar())


def statement_due(objection: Objection, *, calendar: Calendar | None = None) -> Due | None:
    """The last day of the applicant's statement, as it was told; None before it was asked.

    `calendar` is for who asks for many.
    """
    if objection.sent_at is None or objection.answer_by is None:
        return None
    calendar = calendar or current_calendar()
    first_day = clock.china_date(objection.sent_at) + timedelta(days=1)
    provisional = is_provisional(first_day, objection.answer_by, calendar)
    return Due(objection.answer_by, provisional, calendar.version)


def decision_due(objection: Objection, *, calendar: Calendar | None = None) -> Due:
    """The last day to decide on an objection, from the day it came, with the time that was added.

    `calendar` is for who asks for many.
    """
    days = settings.OBJECTION_DECISION_WORKING_DAYS + objection.extended_by_working_days
    return _due(objection.received_on, days, calendar or current_calendar())


def _due(start: date, working_days: int, calendar: Calendar) -> Due:
    due_on, provisional = due_after(start, working_days, calendar)
    return Due(due_on, provisional, calendar.version)
