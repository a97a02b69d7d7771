"""Whether the decision clock runs has one answer (Art. 12): in the book, on both desks and in the jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applicants.applications import status
from applicants.deadlines import own_deadlines
from applicants.deadlines.own_deadlines import OwnDeadline
from registry import clock
from registry.book.decision_period import period_of
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock, due
from registry.deadlines.application_clock import RUNNING
from registry.deadlines.open_deadlines import deadlines_of, open_deadlines
from registry.documents.receipts import receipt_context
from registry.models import Application
from registry.notices.filing_notices import due_on, notify_applicant
from registry.notices.notice import inbox_of, open_notice
from registry.rules.days.deadlines import Period
from registry.rules.days.working_days import add_working_days
from registry.rules.workflow.states import Act, Kind, State
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.statistics.daily import month_figures
from registry.statistics.offices import months_of_clocks
from registry.tasks import sweep_clocks
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


def rejection_proposed_by_province(cast: Cast) -> SampleCase:
    case = build.submitted(cast)
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING + HOUR, reasons=reasons, text="样例")
    return case


def rejection_confirmed_by_province(cast: Cast) -> SampleCase:
    """A rejection by the province alone, which has reached nobody."""
    case = rejection_proposed_by_province(cast)
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=MORNING + 2 * HOUR)
    return case


def approval_proposed_against_province(cast: Cast) -> SampleCase:
    case = build.submitted(cast)
    build.forward(cast, case, at=MORNING + HOUR, recommends=build.Outcome.REJECTION)
    walk.act(case, Act.PROPOSE_APPROVAL, by=cast.national, at=MORNING + 2 * HOUR, text="样例意见：均已核对")
    return case


def approval_confirmed_by_nation(cast: Cast) -> SampleCase:
    """A first filing approved by confirmation, whose number is still to be issued."""
    case = approval_proposed_against_province(cast)
    walk.act(case, Act.CONFIRM, by=cast.national_second, at=MORNING + 3 * HOUR)
    return case


def change_rejected(cast: Cast) -> SampleCase:
    """A change rejected by a notice that has reached nobody."""
    case = build.change_asked(cast)
    at = MORNING + timedelta(days=1)
    build.forward(cast, case, at=at + HOUR, recommends=build.Outcome.REJECTION)
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(case, Act.REJECT, by=cast.national, at=at + 2 * HOUR, reasons=reasons, text="样例")
    return case


def lapsed(cast: Cast) -> SampleCase:
    """A rejection that was opened and never answered."""
    case = rejection_opened(cast)
    with clock.stopped_at(MORNING + timedelta(days=90)):
        sweep_clocks()
    case.application.refresh_from_db()
    assert case.application.state == State.LAPSED
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
        (rejection_proposed_by_province, True),
        (rejection_confirmed_by_province, True),
        (approval_proposed_against_province, True),
        (approval_confirmed_by_nation, True),
        (change_rejected, True),
        (lapsed, False),
    ],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_art_12_every_place_gives_the_same_answer_on_every_day(
    cast: Cast, make: Callable[[Cast], SampleCase], runs: bool
) -> None:
    case = make(cast)
    calendar = current_calendar()
    received_on = case.application.received_on
    for number in (0, 1, 10, 15, 16, 19, 20, 21, 40):
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
            # It shows days to come only, and after a rejection the day to answer by instead.
            "applicant's calendar": (runs and not late_by and case.application.state != State.REJECTED, 0),
            "job": (runs and late_by > 0, late_by),
            "statistics": (runs, late_by),
        }
        assert answers == expected, f"day {number}"


@pytest.mark.parametrize("make", [build.submitted, build.approved, resubmitted, build.change_asked])
def test_art_12_every_place_names_the_same_due_day(
    cast: Cast, make: Callable[[Cast], SampleCase], client: Client
) -> None:
    application = make(cast).application
    calendar, today = current_calendar(), application.received_on
    submission = application.events.filter(act__in=[Act.SUBMIT.value, Act.RESUBMIT.value]).latest("sequence")
    (open_one,) = (each for each in open_deadlines() if each.period is Period.DECISION)
    (own_one,) = _own_decisions(cast, today)
    asked = client.get(
        reverse("api:deadlines"), {"period": "decision", "event_date": application.received_on.isoformat()}
    )
    shown = status.decision_clock(application, calendar, today=today)
    days = {
        "desk": period_of(application, today=today, calendar=calendar).due_on,
        "applicant": shown["due_on"] if shown is not None else None,
        "applicant's calendar": own_one.on,
        "open deadlines": open_one.under(calendar).due_on,
        "notice": date.fromisoformat(due_on(submission)["on"]),
        "receipt": receipt_context(submission)["explanation"].deadline.due_on,
        "API": date.fromisoformat(asked.json()["due_date"]),
    }
    assert set(days.values()) == {add_working_days(today, 20, calendar)}, days


def _own_decisions(cast: Cast, today: date) -> list[OwnDeadline]:
    own = own_deadlines.deadlines_of(cast.member, today=today, calendar=current_calendar())
    return [each for each in own if each.key.startswith("decision-")]


def _answers(cast: Cast, application: Application, today: date) -> dict[str, tuple[bool, int]]:
    """By place, whether the clock runs and by how many working days the decision is late."""
    calendar = current_calendar()
    at = clock.start_of(today) + 9 * HOUR
    desk = period_of(application, today=today, calendar=calendar)
    shown = status.decision_clock(application, calendar, today=today)
    is_shown_running = shown is not None and not shown.get("closed_on")
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
        held = [row for row in desks.rows if any(row[1:4])]
    job = application.pk in due.to_record_lateness(at)
    awaited = [each for each in _own_decisions(cast, today) if each.subject_id == application.pk]
    # Statistics count each clock when it closes: of an earlier round, of the filing that a change is about, and its
    # own; a withdrawn application's closes without an outcome.
    figures = month_figures(since=date(2026, 3, 1), until=date(2026, 12, 31), calendar=calendar)
    counted = sum(month.closed for month in months_of_clocks(figures))
    earlier = application.round_number - 1 + (application.kind != Kind.INITIAL)
    is_uncounted = counted == earlier and application.state != State.WITHDRAWN
    return {
        "book": (running, late),
        "query": (found, late),
        "desk": (desk.is_running, desk.late_by if desk.is_running else 0),
        "applicant": (is_shown_running, (shown or {}).get("late_by") or 0 if is_shown_running else 0),
        "open deadlines": (bool(own), late),
        "preview of a notice": (bool(all_open), late),
        "workload": (bool(held), late if held and held[0][4] else 0),
        "applicant's calendar": (bool(awaited), 0),
        "job": (job, late),
        "statistics": (is_uncounted, late),
    }
