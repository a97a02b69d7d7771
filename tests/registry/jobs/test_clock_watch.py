"""A clock that cannot be right does nothing that cannot be taken back; everything is done once it is right."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registry import clock
from registry.integrity.register import verify_register
from registry.jobs import clock_watch
from registry.jobs.clock_watch import WATCH, ClockWrong
from registry.jobs.periodic import PERIODIC_JOBS
from registry.models import Event, JobRun, Notice, RegisterDigest
from registry.office.daily_summary import summarise
from registry.tasks import daily_summary, sweep_clocks, sweep_emails, watch_clock
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What writes, sends or deletes on a day and cannot be taken back; written out by hand.
BY_CALENDAR = {
    "sweep-filing-numbers",
    "sweep-clocks",
    "sweep-batch-lists",
    "remind-desks",
    "sweep-idle-claims",
    "begin-leaves",
    "settle-takeovers",
    "remind-applicants",
    "keep-day-figures",
    "sweep-letters",
    "erase-objectors",
    "sweep-sign-in-traces",
}


def set_machine(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    """Moves the machine's clock, which the portal's goes by, and not the database's."""
    real = clock.of_the_machine

    def moved() -> datetime:
        return real() + ahead

    monkeypatch.setattr(clock, "of_the_machine", moved)
    monkeypatch.setattr(clock, "now", moved)


def test_what_cannot_be_taken_back_waits_for_a_clock_that_is_right() -> None:
    assert {job.name for job in PERIODIC_JOBS if job.by_calendar} == BY_CALENDAR


@pytest.mark.parametrize(
    "ahead", [90 * DAY, -90 * DAY, 61 * timedelta(minutes=1), -61 * timedelta(minutes=1)]
)
def test_a_clock_unlike_the_databases_writes_no_event(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    for seed in range(3):
        build.submitted(cast, seed=seed, at=clock.now() - 40 * DAY)
    events = Event.objects.count()
    monkeypatch.setattr(clock_watch, "_began", clock.of_the_machine() + ahead)
    with monkeypatch.context() as moved:
        set_machine(moved, ahead)
        with pytest.raises(ClockWrong):
            sweep_clocks()
        # What only tells of what has happened goes on, and so does the summary by which it is noticed.
        assert sweep_emails() == 0
    assert Event.objects.count() == events
    run = JobRun.objects.get(job="sweep-clocks")
    assert (run.last_error, run.succeeded_at) == ("ClockWrong clock_unlike_the_database", None)
    monkeypatch.setattr(clock_watch, "_began", clock.of_the_machine())
    assert sweep_clocks() == 3
    assert Event.objects.count() > events


@pytest.mark.parametrize("minutes", [-59, 0, 59])
def test_within_the_hour_work_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    build.submitted(cast, at=clock.now() - 40 * DAY)
    set_machine(monkeypatch, timedelta(minutes=minutes))
    assert sweep_clocks() == 1


def test_a_clock_that_was_set_while_the_worker_lived_is_noticed_though_the_database_shares_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_machine(monkeypatch, 90 * DAY)
    monkeypatch.setattr(clock_watch, "_moment_of_database", lambda machine: machine)
    with pytest.raises(ClockWrong, match="clock_was_set_while_at_work"):
        clock_watch.require_right_clock()


@pytest.mark.parametrize(("ahead", "is_right"), [(59, True), (61, False), (9 * 24 * 60, False)])
def test_a_clock_behind_the_last_event_is_wrong(cast: Cast, ahead: int, is_right: bool) -> None:
    # Recorded by a machine whose clock was ahead.
    build.submitted(cast, at=clock.now() + timedelta(minutes=ahead))
    if is_right:
        clock_watch.require_right_clock()
        return
    with pytest.raises(ClockWrong, match="clock_behind_the_last_event"):
        clock_watch.require_right_clock()


def test_after_a_week_of_silence_somebody_says_that_the_clock_is_right() -> None:
    def seen(ago: timedelta) -> None:
        JobRun.objects.filter(job=WATCH).update(succeeded_at=clock.now() - ago)

    assert watch_clock() == 1
    # A week end, a holiday, a machine that was away for some days.
    seen(clock_watch.LONGEST_SILENCE - HOUR)
    assert watch_clock() == 1
    seen(clock_watch.LONGEST_SILENCE + HOUR)
    for _twice in range(2):
        with pytest.raises(ClockWrong, match="clock_after_a_long_silence"):
            watch_clock()
        with pytest.raises(ClockWrong):
            sweep_clocks()
    said = StringIO()
    call_command("accept_clock", stdout=said)
    assert "taken as right" in said.getvalue()
    assert (watch_clock(), sweep_clocks()) == (1, 0)


def test_nobody_can_say_that_a_clock_is_right_which_the_database_denies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    JobRun.objects.create(job=WATCH, period="", started_at=MORNING, succeeded_at=MORNING, attempts=0)
    set_machine(monkeypatch, 2 * HOUR)
    with pytest.raises(CommandError, match="clock_unlike_the_database"):
        call_command("accept_clock")
    # Nothing was noted that would be believed later.
    assert JobRun.objects.get(job=WATCH).succeeded_at == MORNING


def test_no_digest_stands_under_a_day_that_has_not_come(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    build.submitted(cast, at=clock.now() - DAY)
    with monkeypatch.context() as moved:
        set_machine(moved, 90 * DAY)
        summarise(clock.now())
    assert not RegisterDigest.objects.exists()
    summarise(clock.now())
    assert RegisterDigest.objects.get().day == clock.today()
    assert verify_register().violations == []


def test_the_administrators_are_told_which_jobs_wait(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    administrator = cast.administrator
    with monkeypatch.context() as moved:
        set_machine(moved, 2 * HOUR)
        for job in (watch_clock, sweep_clocks):
            with pytest.raises(ClockWrong):
                job()
    with clock.stopped_at(clock.start_of(clock.today()) + 9 * HOUR):
        daily_summary()
    body = Notice.objects.get(kind="daily_summary", account=administrator).body
    assert "sweep-clocks" in body
    assert "watch-clock" in body
