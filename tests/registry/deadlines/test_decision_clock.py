"""The decision clock over weeks: reminders, escalation and lateness exactly once, whatever the jobs do (Art. 12)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from applicants.tasks import remind_applicants
from registry import clock
from registry.book import numbering
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.integrity.register import verify_register
from registry.models import Account, CalendarNotice, DeskReminder, Event, JobFailure, JobRun, Notice
from registry.notices import filing_notices
from registry.notices.notice import open_notice
from registry.notices.tellings import Told, note_told_by_office
from registry.rules.days.deadlines import day_number
from registry.rules.days.working_days import is_working_day
from registry.rules.workflow.states import Act, Outcome, State
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from registry.tasks import sweep_clocks, sweep_notices
from review.tasks import remind_desks, sweep_desk_notices
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

DAY = timedelta(days=1)
RECEIVED_ON = clock.china_date(MORNING)
JOBS: tuple[Callable[[], int], ...] = (
    sweep_clocks,
    sweep_notices,
    sweep_desk_notices,
    remind_desks,
    remind_applicants,
)


def days(count: int) -> list[date]:
    """The working days 0 to `count` of the case, and every day off between them."""
    calendar, found = current_calendar(), [RECEIVED_ON]
    while day_number(RECEIVED_ON, found[-1], calendar) < count:
        found.append(found[-1] + DAY)
    return found


def work_day(number: int) -> date:
    calendar = current_calendar()
    return next(
        day
        for day in days(number)
        if day_number(RECEIVED_ON, day, calendar) == number and is_working_day(day, calendar)
    )


def morning_of(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=9)


def live_through(run_on: Iterable[date], *, times: int = 1) -> None:
    for day in run_on:
        with clock.stopped_at(morning_of(day)):
            for _ in range(times):
                for job in JOBS:
                    job()


def told(kind: str) -> list[date]:
    """The days on which somebody was told of this, each notice once."""
    notices = Notice.objects.filter(kind=kind).order_by("created_at", "account")
    return [clock.china_date(notice.created_at) for notice in notices]


def happened(act: Act) -> list[tuple[date, str]]:
    events = Event.objects.filter(act=act.value).order_by("at")
    return [(clock.china_date(event.at), event.payload.get("desk", "")) for event in events]


def reminders() -> list[tuple[int, date, str, bool]]:
    rows = DeskReminder.objects.order_by("day")
    return [(row.day, clock.china_date(row.at), row.desk, row.is_superseded) for row in rows]


def someone_at_each_desk(cast: Cast) -> None:
    assert cast.provincial_head.is_active
    assert cast.national_head.is_active


def busy_days() -> list[date]:
    """The days on which something is due."""
    return [work_day(10), work_day(15), work_day(15) + DAY, work_day(18), work_day(20) + DAY]


def everything_happened_on_its_day() -> None:
    assert reminders() == [
        (10, work_day(10), "provincial_reviewer", False),
        (15, work_day(15), "provincial_reviewer", False),
        (18, work_day(18), "national_reviewer", False),
    ]
    assert happened(Act.ESCALATE) == [(work_day(15) + DAY, "provincial_reviewer")]
    assert happened(Act.RECORD_LATENESS) == [(work_day(20) + DAY, "national_reviewer")]
    everything_happened_once()


def everything_happened_once() -> None:
    assert [day for day, _at, _desk, _superseded in reminders()] == [10, 15, 18]
    assert len(told("desk_reminder")) == sum(not superseded for *_rest, superseded in reminders())
    assert [desk for _day, desk in happened(Act.ESCALATE)] == ["provincial_reviewer"]
    assert [desk for _day, desk in happened(Act.RECORD_LATENESS)] == ["national_reviewer"]
    assert len(told("desk_escalated")) == len(told("desk_missed")) == len(told("desk_late")) == 1
    assert not JobFailure.objects.exists()
    assert verify_register().violations == []


@pytest.mark.django_db
def test_25_working_days_without_a_decision_remind_escalate_and_record_lateness_once(cast: Cast) -> None:
    someone_at_each_desk(cast)
    case = build.submitted(cast)
    live_through(days(25))
    everything_happened_on_its_day()
    assert case.application.state == State.NATIONAL_REVIEW
    assert case.application.late_desk == "national_reviewer"


@pytest.mark.django_db
def test_jobs_that_run_five_times_do_everything_once(cast: Cast) -> None:
    someone_at_each_desk(cast)
    build.submitted(cast)
    live_through(busy_days(), times=5)
    everything_happened_on_its_day()


@pytest.mark.django_db
def test_jobs_that_sleep_three_days_again_and_again_catch_up_once(cast: Cast) -> None:
    someone_at_each_desk(cast)
    build.submitted(cast)
    asleep = {9, 10, 11, 13, 14, 15, 18, 19, 20}
    calendar = current_calendar()
    live_through(day for day in days(25) if day_number(RECEIVED_ON, day, calendar) not in asleep)
    everything_happened_once()
    assert reminders() == [
        (10, work_day(12), "provincial_reviewer", False),
        (15, work_day(16), "national_reviewer", False),
        (18, work_day(21), "national_reviewer", True),
    ]


@pytest.mark.django_db
def test_of_two_missed_reminder_days_only_the_newest_is_sent(cast: Cast) -> None:
    someone_at_each_desk(cast)
    build.submitted(cast)
    live_through([work_day(15), work_day(16), work_day(21)])
    assert reminders() == [
        (10, work_day(15), "provincial_reviewer", True),
        (15, work_day(15), "provincial_reviewer", False),
        (18, work_day(21), "national_reviewer", True),
    ]
    assert told("desk_reminder") == [work_day(15)]


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_same_moment_do_everything_once(cast: Cast) -> None:
    someone_at_each_desk(cast)
    build.submitted(cast)
    busy = busy_days()
    for day in busy:
        with clock.stopped_at(morning_of(day)):
            at_the_same_moment(beats=2)
    everything_happened_once()
    per_period = JobRun.objects.exclude(period="").values_list("job", "period")
    assert len(set(per_period)) == len(per_period) == 2 * len(busy)


def at_the_same_moment(*, beats: int) -> None:
    barrier, failures = threading.Barrier(beats), []

    def beat() -> None:
        try:
            for job in JOBS:
                barrier.wait(timeout=30)
                job()
        except Exception as error:
            failures.append(error)
            barrier.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(beats)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []


@pytest.mark.django_db
def test_a_rejection_stops_the_clock_when_it_reaches_the_applicant_and_not_before(cast: Cast) -> None:
    case = rejected_on(cast, work_day(12))
    with clock.stopped_at(morning_of(work_day(14))):
        sweep_notices()
        sweep_clocks()
    assert case.application.clock_due_on is None
    open_rejection(cast.member, at=morning_of(work_day(20)))
    with clock.stopped_at(morning_of(work_day(23))):
        for _ in range(3):
            sweep_clocks()
    application = case.application
    assert (application.clock_due_on, application.clock_late_by_working_days) == (work_day(20), 0)
    assert (application.clock_desk, application.late_desk) == ("national_reviewer", None)
    assert [day for day, _desk in happened(Act.NOTICE_DELIVERED)] == [work_day(23)]
    assert happened(Act.RECORD_LATENESS) == []
    assert verify_register().violations == []


@pytest.mark.django_db
def test_a_notification_by_phone_stands_in_the_book_with_the_officer_who_noted_it(cast: Cast) -> None:
    rejected_on(cast, work_day(12))
    with clock.stopped_at(morning_of(work_day(13))):
        sweep_notices()
    note_told_by_office(
        Notice.objects.get(kind="rejected"),
        Told(how=Notice.ToldHow.PHONE, note="样例：已电话告知。"),
        by=cast.national,
        at=morning_of(work_day(14)),
    )
    with clock.stopped_at(morning_of(work_day(15))):
        sweep_clocks()
    delivered = Event.objects.get(act=Act.NOTICE_DELIVERED.value)
    assert (delivered.payload["how"], delivered.payload["noted_by"]) == ("phone", str(cast.national.pk))
    assert delivered.payload["delivered_at"].startswith(work_day(14).isoformat())


@pytest.mark.django_db
def test_a_rejection_that_arrives_after_day_20_is_late_by_the_days_it_took(cast: Cast) -> None:
    case = rejected_on(cast, work_day(12))
    live_through([work_day(20), work_day(20) + DAY])
    assert case.application.late_desk == "national_reviewer"
    assert case.application.clock_due_on is None
    open_rejection(cast.member, at=morning_of(work_day(22)))
    live_through([work_day(24)])
    assert (case.application.clock_due_on, case.application.clock_late_by_working_days) == (work_day(20), 2)
    assert len(happened(Act.RECORD_LATENESS)) == 1


@pytest.mark.django_db
def test_the_desk_that_was_late_is_the_one_that_held_the_case_when_day_20_ended(cast: Cast) -> None:
    """The jobs slept through everything: the case never left the province, and is decided at last."""
    case = build.submitted(cast)
    build.forward(cast, case, at=morning_of(work_day(21)))
    walk.act(case, Act.APPROVE, by=cast.national, at=morning_of(work_day(22)), text="样例")
    filing_id = case.application.filing_id
    assert filing_id is not None
    numbering.issue_number(filing_id, at=morning_of(work_day(23)))
    assert happened(Act.RECORD_LATENESS) == [(work_day(21), "provincial_reviewer")]
    application = case.application
    assert (application.late_desk, application.clock_late_by_working_days) == ("provincial_reviewer", 3)
    live_through([work_day(25)])
    assert len(happened(Act.RECORD_LATENESS)) == 1


@pytest.mark.django_db
def test_an_approved_change_stops_its_clock_at_once_and_a_withdrawal_without_lateness(cast: Cast) -> None:
    change = build.change_asked(cast, at=MORNING + DAY)
    build.forward(cast, change, at=MORNING + 2 * DAY)
    walk.act(change, Act.APPROVE, by=cast.national, at=MORNING + 3 * DAY, text="样例")
    application = change.application
    assert (application.state, application.clock_late_by_working_days) == (State.APPROVED, 0)
    assert application.clock_due_on is not None
    withdrawn = build.submitted(cast, seed=2)
    walk.act(withdrawn, Act.WITHDRAW, by=cast.member, at=morning_of(work_day(22)))
    assert withdrawn.application.clock_due_on == work_day(20)
    assert withdrawn.application.clock_late_by_working_days is None
    assert verify_register().violations == []


@pytest.mark.django_db
def test_a_resubmission_closes_the_clock_of_the_round_it_leaves_and_starts_another(cast: Cast) -> None:
    case = rejected_on(cast, work_day(5))
    materials = materials_of(get_revision(case.application_id, 1))
    materials["service"]["description"] += "样例"
    walk.act(
        case,
        Act.RESUBMIT,
        by=cast.member,
        at=morning_of(work_day(9)),
        materials=materials,
        answers={"1": "样例"},
    )
    delivered = Event.objects.get(act=Act.NOTICE_DELIVERED.value)
    assert (delivered.payload["how"], delivered.payload["noted_by"]) == ("answered", None)
    assert delivered.payload["clock"]["due_on"] == work_day(20).isoformat()
    assert delivered.payload["clock"]["late_by_working_days"] == 0
    assert case.application.clock_due_on is None
    assert case.application.received_on == work_day(9)
    assert verify_register().violations == []


@pytest.mark.django_db
def test_a_closed_clock_does_not_follow_the_calendar(cast: Cast) -> None:
    case = build.in_force(cast)
    before = case.application
    CalendarNotice.objects.create(
        year=2026,
        version=1,
        holidays={"2026-03-03": "other_holiday"},
        make_up_days=[],
        source="样例",
        loaded_at=MORNING,
    )
    live_through([work_day(25)])
    after = case.application
    assert (after.clock_due_on, after.clock_late_by_working_days) == (before.clock_due_on, 0)
    assert verify_register().violations == []


def rejected_on(cast: Cast, day: date) -> SampleCase:
    case = build.submitted(cast)
    build.forward(cast, case, at=morning_of(day), recommends=Outcome.REJECTION)
    walk.act(
        case,
        Act.REJECT,
        by=cast.national,
        at=morning_of(day) + timedelta(hours=1),
        reasons=[dict(SAMPLE_REASON)],
        text="样例",
    )
    return case


def open_rejection(member: Account, *, at: datetime) -> None:
    for event in Event.objects.filter(act=Act.REJECT.value):
        filing_notices.notify_applicant(event.pk, at=at)
    open_notice(Notice.objects.get(kind="rejected", account=member), at=at)
