"""How long each desk had a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.deadlines.application_clock import times_at_desks
from registry.labels.offices import office_label
from registry.models import Application
from registry.rules.days.working_days import Calendar


@dataclass(frozen=True, slots=True)
class DeskStay:
    """One uninterrupted stay of a case at an office's desk."""

    office: str
    since: date
    working_days: int


def desk_stays(application: Application, *, today: date, calendar: Calendar) -> list[DeskStay]:
    """The stays of a case at its desks in this round; their working days add up to the day number."""
    return [
        DeskStay(office_label(stay.desk, application.province_code), stay.since, stay.working_days)
        for stay in times_at_desks(application, today=today, calendar=calendar)
    ]
