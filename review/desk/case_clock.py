"""The decision clock of a case as the desk shows it: day n of 20 and days left, or how it closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.deadlines.application_clock import is_running, times_at_desks
from registry.labels.offices import office_label
from registry.models import Application
from registry.rules.days.deadlines import Deadline, day_number, decision_due, working_days_left
from registry.rules.days.working_days import Calendar

# With at most this many working days left, a case is shown as due soon.
SOON_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class CaseClock:
    """The clock of one round. `days_left` is negative once late; the closed clock has no day number."""

    deadline: Deadline
    due_on: date
    is_running: bool
    day_number: int
    days_left: int
    late_by: int

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


@dataclass(frozen=True, slots=True)
class DeskStay:
    """One uninterrupted stay of a case at an office's desk."""

    office: str
    since: date
    working_days: int


def desk_stays(application: Application, *, today: date) -> list[DeskStay]:
    """The stays of a case at its desks in this round; their working days add up to the day number."""
    return [
        DeskStay(office_label(stay.desk, application.province_code), stay.since, stay.working_days)
        for stay in times_at_desks(application, today=today)
    ]


def clock_of(application: Application, *, today: date, calendar: Calendar) -> CaseClock:
    """The clock now, derived from the calendar; a closed one as the closing event stored it (Art. 12)."""
    deadline = decision_due(application.received_on, calendar)
    if application.clock_due_on is not None:
        return CaseClock(
            deadline, application.clock_due_on, False, 0, 0, application.clock_late_by_working_days or 0
        )
    left = working_days_left(deadline.due_on, today, calendar)
    running = is_running(application)
    return CaseClock(
        deadline,
        deadline.due_on,
        running,
        day_number(application.received_on, today, calendar),
        left,
        -left if running and left < 0 else 0,
    )
