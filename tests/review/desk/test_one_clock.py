"""Whether the decision clock runs has one answer (Art. 12): in the book, on both desks and in the jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from applicants.applications import status
from registry import clock
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock, due
from registry.deadlines.application_clock import RUNNING
from registry.deadlines.open_deadlines import deadlines_of, open_deadlines
from registry.models import Application
from registry.notices.filing_notices import notify_applicant
from registry.notices.notice import inbox_of, open_notice
from registry.rules.days.deadlines import Period
from registry.rules.days.working_days import add_working_days
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.tasks import sweep_clocks
from review.desk.case_clock import clock_of
from review.heads.workload import tables_for
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def rejection_opened(cast: Cast) -> SampleCase:
    """A rejection whose notice a member has opened."""
    case = build.rejected(cast)
    with clock.stopped_at(MORNING + 3 * HOUR):
        event = case.application.events.get(act=Act.REJECT.value)
        notify_applicant(event.pk)
        open_notice(inbox_of(cast.member).get(event=event), at=clock.now())
        sweep_clocks()
    return case


def resubmitted(cast: Cast) -> SampleCase:
    """A rejection that was answered, in its second round."""
    case = rejection_opened(cast)
    materials = build.materials_for(cast)
    materials["service"]["description"] += "样例补正"
    at = MORNING + 4 * HOUR
    walk.act(case, Act.RESUBMIT, by=cast.member, at=at, materials=materials, answers={"1": "样例答复"})
    return case


def rejected_twice(cast: Cast) -> SampleCase:
    """A second rejection that has reached nobody."""
    case = resubmitted(cast)
    build.forward(cast, case, at=MORNING + 5 * HOUR, recommends=build.Outcome.REJECTION)
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(case, Act.REJECT, by=cast.national, at=MORNING + 6 * HOUR, reasons=reasons, text="样例")
    return case


def withdrawn(cast: Cast) -> SampleCase:
    case = build.submitted(cast)
    walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING + HOUR)
    return case


def change_approved(cast: Cast) -> SampleCase:
    case = build.change_asked(cast)
    at = MORNING + timedelta(days=1)
    build.forward(cast, case, at=at + HOUR)
    walk.act(case, Act.APPROVE, by=cast.national, at=at + 2 * HOUR, text="样例")
    return case


# What the law says of each: the clock ends with the published number, or with a rejection that has arrived.
@pytest.mark.parametrize(
    ("make", "runs"),
    [
        (build.submitted, True),
        (build.forwarded, True),
        (build.approved, True),
        (build.in_force, False),
        (build.rejected, True),
        (rejection_opened, False),
        (resubmitted, True),
        (rejected_twice, True),
        (withdrawn, False),
        (build.change_asked, True),
        (change_approved, False),
    ],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_art_12_every_place_gives_the_same_answer_on_every_day(
    cast: Cast, make: Callable[[Cast], SampleCase], runs: bool
) -> None:
    case = make(cast)
    calendar = current_calendar()
    received_on = case.application.received_on
    for number in (0, 10, 20, 21, 40):
        today = add_working_days(received_on, number, calendar) if number else received_on
        late_by = max(0, number - 20) if runs else 0
        answers = _answers(cast, case.application, today)
        expected = {
            "book": (runs, late_by),
            "query": (runs, late_by),
            "desk": (runs, late_by),
            "applicant": (runs, late_by),
            "open deadlines": (runs, late_by),
            "preview of a notice": (runs, late_by),
            "workload": (runs, late_by),
            "job": (runs and late_by > 0, late_by),
        }
        assert answers == expected, f"day {number}"


def _answers(cast: Cast, application: Application, today: date) -> dict[str, tuple[bool, int]]:
    """By place, whether the clock runs and by how many working days the decision is late."""
    calendar = current_calendar()
    at = clock.start_of(today) + 9 * HOUR
    desk = clock_of(application, today=today, calendar=calendar)
    shown = status.decision_clock(application, calendar, today=today)
    is_shown_running = shown is not None and not shown.get("done")
    running = application_clock.is_running(application)
    late = desk.late_by if application_clock.is_overdue(application, at=at) and running else 0
    found = Application.objects.filter(RUNNING, pk=application.pk).exists()
    own = [each for each in deadlines_of(application) if each.period is Period.DECISION]
    all_open = [
        each
        for each in open_deadlines()
        if each.application_id == application.pk and each.period is Period.DECISION
    ]
    with clock.stopped_at(at):
        desks = next(
            table
            for table in tables_for(cast.provincial_head, month=today.replace(day=1), at=at)
            if table.key == "desks"
        )
        held = [row for row in desks.rows if row[1] or row[2]]
    job = application.pk in due.to_record_lateness(at)
    return {
        "book": (running, late),
        "query": (found, late),
        "desk": (desk.is_running, desk.late_by if desk.is_running else 0),
        "applicant": (is_shown_running, (shown or {}).get("late_by") or 0 if is_shown_running else 0),
        "open deadlines": (bool(own), late),
        "preview of a notice": (bool(all_open), late),
        "workload": (bool(held), late if held and held[0][3] else 0),
        "job": (job, late),
    }
