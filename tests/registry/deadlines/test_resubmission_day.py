"""The last day to submit a rejected application again is one day for everybody who asks (Art. 12)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from applicants.amendments.amendment import ends_on
from applicants.deadlines.own_deadlines import deadlines_of as own_deadlines_of
from registry import clock
from registry.book.act_request import SYSTEM
from registry.book.examination import row_facts
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock, due
from registry.deadlines.open_deadlines import deadlines_of as open_deadlines_of
from registry.documents.decisions import decision_context
from registry.models import Notice
from registry.rules.days.deadlines import Period
from registry.rules.workflow.states import Act, State
from registry.sample.walk import SampleCase
from registry.tasks import sweep_clocks, sweep_notices
from tests.applicants.pages import Desk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# Rejected on 2 March 2026; 6 April is the day off of Qingming.
LAST_DAY = date(2026, 4, 14)
LAST_MOMENT_OF_REJECTION_DAY = clock.start_of(date(2026, 3, 3)) - timedelta(minutes=1)
REJECTED_AT = (MORNING + timedelta(hours=2), LAST_MOMENT_OF_REJECTION_DAY)


def rejected(cast: Cast, at: datetime) -> SampleCase:
    case = build.rejected(cast, at=at - timedelta(hours=2))
    assert case.application.decided_at == at
    return case


@pytest.mark.parametrize("rejected_at", REJECTED_AT)
def test_guard_lapse_job_and_page_end_the_period_with_the_same_day(cast: Cast, rejected_at: datetime) -> None:
    case = rejected(cast, rejected_at)
    amend = reverse("applicants:amend", args=[case.application_id])
    answers = {}
    for day in [LAST_DAY + number * DAY for number in (-4, -1, 0, 1, 2, 7)]:
        for at in (clock.start_of(day), clock.start_of(day + DAY) - timedelta(seconds=1)):
            with clock.stopped_at(at):
                application = case.application
                page = Desk.of(cast.member).get("application", case.application_id).content.decode()
                answers[at] = (
                    row_facts(application, actor=SYSTEM, at=at).resubmission_ended,
                    case.application_id in due.to_lapse(at),
                    amend not in page,
                )
    expected = {at: (clock.china_date(at) > LAST_DAY,) * 3 for at in answers}
    assert answers == expected


@pytest.mark.parametrize("rejected_at", REJECTED_AT)
def test_everything_that_names_the_last_day_names_the_same(cast: Cast, rejected_at: datetime) -> None:
    case = rejected(cast, rejected_at)
    with clock.stopped_at(rejected_at):
        sweep_notices()
    application, calendar = case.application, current_calendar()
    deadline = application_clock.resubmission_deadline(application, calendar)
    assert deadline is not None
    own = own_deadlines_of(cast.member, today=clock.china_date(rejected_at), calendar=calendar)
    decision = application.events.get(act=Act.REJECT.value)
    named = {
        "deadline": deadline.due_on,
        "amendment": ends_on(application),
        "applicant's deadlines": next(each.on for each in own if each.subject_id == application.pk),
        "open deadlines": next(
            each.under(calendar).due_on
            for each in open_deadlines_of(application)
            if each.period is Period.RESUBMISSION
        ),
        "decision paper": decision_context(decision)["answer_by"].due_on,
    }
    assert named == dict.fromkeys(named, LAST_DAY)
    written = f"{LAST_DAY.year}年{LAST_DAY.month}月{LAST_DAY.day}日"
    assert written in Notice.objects.get(kind="rejected").body


def test_the_lapse_job_lets_the_last_day_pass_before_it_acts(cast: Cast) -> None:
    case = rejected(cast, REJECTED_AT[0])
    with clock.stopped_at(clock.start_of(LAST_DAY + DAY) - timedelta(seconds=1)):
        sweep_clocks()
    assert case.application.state == State.REJECTED
    with clock.stopped_at(clock.start_of(LAST_DAY + DAY)):
        sweep_clocks()
    assert case.application.state == State.LAPSED


def test_only_a_rejected_application_has_a_last_day_to_submit_it_again(cast: Cast) -> None:
    assert (
        application_clock.resubmission_deadline(build.submitted(cast).application, current_calendar()) is None
    )
