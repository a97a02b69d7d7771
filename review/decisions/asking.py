"""The days until which the applicant may be given to correct its materials, to choose from (Art. 12)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import ngettext

from registry.book.examination import answer_days
from registry.calendar.current import current_calendar
from registry.labels.date_format import last_day
from registry.models import Application
from registry.rules.days.working_days import is_provisional_day

# The working days that are suggested for an answer, as far as so many are left.
USUAL_DAYS = 5


def days_to_choose(application: Application, *, today: date) -> list[tuple[str, str]]:
    """Each day as an ISO date, with its words: the date, whether it is provisional, and how far away it lies."""
    calendar = current_calendar()
    found = answer_days(application, today=today, calendar=calendar)
    return [
        (day.isoformat(), _words(day, number, provisional=is_provisional_day(day, calendar)))
        for number, day in enumerate(found, start=1)
    ]


def suggested_day(application: Application, *, today: date) -> str:
    """The usual day, or the last there is, as an ISO date; empty when none is left."""
    found = answer_days(application, today=today, calendar=current_calendar())
    return found[:USUAL_DAYS][-1].isoformat() if found else ""


def _words(day: date, number: int, *, provisional: bool) -> str:
    """A day to choose; `number` counts the working days to it."""
    shown = last_day(day, provisional=provisional)
    return ngettext(
        "%(day)s: %(count)s working day from now", "%(day)s: %(count)s working days from now", number
    ) % {"day": shown, "count": number}
