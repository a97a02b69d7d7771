"""How jobs are kept: once a period, attempts and errors, an order to run again, and the daily digest."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from registry import clock
from registry.errors import RegisterIncomplete
from registry.integrity import digests
from registry.integrity.register import verify_register
from registry.jobs import runs as jobs
from registry.jobs.periodic import PERIODIC_JOBS, PeriodicJob, find_job
from registry.models import Event, EventEffect, JobFailure, JobOrder, JobRun, Notice, RegisterDigest
from registry.rules.workflow.states import Act
from registry.tasks import daily_summary, sweep_filing_numbers, verify_whole_register
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.registry.integrity.test_verification import without_triggers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DAILY = next(job for job in PERIODIC_JOBS if job.name == "remind-desks")


def run_at(hours: float, work: Callable[[], int], *, job: PeriodicJob = DAILY) -> object:
    """`hours` after midnight in China on the builders' first day."""
    at = clock.start_of(clock.china_date(MORNING)) + timedelta(hours=hours)
    with clock.stopped_at(at):
        return jobs.run(job, work)


def test_a_daily_job_runs_once_a_day_from_its_hour_on() -> None:
    done: list[float] = []

    def work() -> int:
        done.append(1)
        return 7

    assert [run_at(hours, work) for hours in (0, 7.9, 8, 9, 23.9, 24, 31.9, 32)] == [0, 0, 7, 0, 0, 0, 0, 7]
    rows = JobRun.objects.order_by("period").values_list("period", "attempts", "done", "last_error")
    assert list(rows) == [("2026-03-02", 0, 7, ""), ("2026-03-03", 0, 7, "")]


def test_a_daily_job_that_failed_or_left_work_is_tried_again_the_same_day() -> None:
    attempts: list[int] = []

    def work() -> int:
        attempts.append(1)
        if len(attempts) == 1:
            raise KeyError("sample")
        if len(attempts) == 2:
            jobs.record_failure("remind_desk", uuid.uuid4(), KeyError("sample"))
        else:
            JobFailure.objects.all().delete()
        return 1

    with pytest.raises(KeyError):
        run_at(8, work)
    row = JobRun.objects.get()
    assert (row.attempts, row.last_error, row.succeeded_at) == (1, "KeyError", None)
    assert run_at(8.25, work) == 1
    row.refresh_from_db()
    assert (row.attempts, row.last_error, row.succeeded_at) == (2, "WorkLeft 1", None)
    assert run_at(8.5, work) == 1
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (0, "")
    assert run_at(8.75, work) == 0
    assert len(attempts) == 3


def test_a_daily_job_in_hand_is_left_alone_until_it_must_have_been_killed() -> None:
    JobRun.objects.create(
        job=DAILY.name,
        period="2026-03-02",
        attempts=1,
        started_at=clock.start_of(clock.china_date(MORNING)) + 8 * timedelta(hours=1),
    )
    assert run_at(8.2, lambda: 5) == 0
    assert run_at(8.3, lambda: 5) == 5


def test_a_sweep_keeps_its_last_run_in_one_row(cast: Cast) -> None:
    for _ in range(3):
        sweep_filing_numbers()
    row = JobRun.objects.get(job="sweep-filing-numbers")
    assert (row.period, row.attempts, row.done, row.last_error) == ("", 0, 0, "")
    assert row.succeeded_at is not None


def test_an_order_opens_the_day_again_and_is_kept(cast: Cast) -> None:
    assert run_at(8, lambda: 1) == 1
    at = clock.start_of(clock.china_date(MORNING)) + timedelta(hours=10)
    jobs.order_run(DAILY.name, by=cast.administrator, at=at)
    assert run_at(10, lambda: 2) == 2
    assert run_at(11, lambda: 3) == 0
    order = JobOrder.objects.get()
    assert (order.job, order.ordered_by, order.ordered_at) == (DAILY.name, cast.administrator, at)


def test_what_is_due_no_more_is_no_failure_any_more() -> None:
    jobs.record_failure("escalate", uuid.uuid4(), KeyError("sample"))
    jobs.record_failure("lapse", uuid.uuid4(), KeyError("sample"))
    assert jobs.do_each("escalate", [], lambda _subject: None) == 0
    assert [failure.job for failure in JobFailure.objects.all()] == ["lapse"]


def test_every_job_has_words_and_only_its_own_failures() -> None:
    names = [name for job in PERIODIC_JOBS for name in job.failures]
    assert len(set(names)) == len(names)
    assert all(str(job.words).strip() for job in PERIODIC_JOBS)
    assert find_job("no-such-job") is None


def test_the_daily_digest_shows_that_the_end_of_a_chain_was_cut_off(cast: Cast) -> None:
    build.in_force(cast)
    assert cast.administrator.is_active
    with clock.stopped_at(MORNING + timedelta(hours=5)):
        assert daily_summary() == 1
        assert daily_summary() == 0
    first = RegisterDigest.objects.get()
    assert first.event_count == Event.objects.count()
    # The filing, and the members of its applicant.
    assert len(first.heads) == 2
    assert verify_register().violations == []
    build.submitted(cast, seed=2, at=MORNING + timedelta(hours=6))
    with clock.stopped_at(MORNING + 3 * DAY):
        daily_summary()
    second = RegisterDigest.objects.latest("day")
    assert second.previous_hash == first.hash
    # Only the chains that grew; the three days without a digest lost nothing.
    assert len(second.heads) == 2
    assert not second.heads.keys() & first.heads.keys()
    assert verify_register().violations == []
    assert Notice.objects.filter(kind="daily_summary", account=cast.administrator).count() == 2
    EventEffect.objects.filter(event__act=Act.ISSUE_NUMBER.value).delete()
    without_triggers("registry_event", f"DELETE FROM registry_event WHERE act = '{Act.ISSUE_NUMBER}'")
    found = [(violation.code, violation.detail) for violation in digests.find_digest_violations()]
    assert found == [("events_cut_off", "event 4")]


def test_a_digest_that_was_altered_is_found(cast: Cast) -> None:
    build.submitted(cast)
    digests.make_digest(MORNING + DAY)
    without_triggers("registry_registerdigest", "UPDATE registry_registerdigest SET event_count = 0")
    assert [violation.code for violation in digests.find_digest_violations()] == ["digest_altered"]


def test_failures_of_work_that_was_not_tried_this_time_stay_on_the_list() -> None:
    failed, done = uuid.uuid4(), uuid.uuid4()
    for subject in (failed, done):
        jobs.record_failure("make_document", subject, KeyError("sample"))
    assert jobs.do_each("make_document", [done], lambda _subject: None, has_more=True) == 1
    assert list(JobFailure.objects.values_list("subject_id", flat=True)) == [failed]
    assert jobs.do_each("make_document", [done], lambda _subject: None) == 1
    assert not JobFailure.objects.exists()


def test_a_job_whose_time_is_up_ends_and_blames_no_subject() -> None:
    def time_is_up(_subject: uuid.UUID) -> None:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        jobs.do_each("make_document", [uuid.uuid4()], time_is_up)
    assert not JobFailure.objects.exists()


def test_work_done_together_is_done_in_groups_and_alone_where_a_group_fails() -> None:
    subjects = [uuid.uuid4() for _ in range(2 * jobs.TOGETHER + 3)]
    broken = subjects[jobs.TOGETHER]
    together: list[list[uuid.UUID]] = []
    alone: list[uuid.UUID] = []

    def do(subject: uuid.UUID) -> None:
        alone.append(subject)
        if subject == broken:
            raise KeyError("sample")

    def do_together(group: Sequence[uuid.UUID]) -> None:
        together.append(list(group))
        if broken in group:
            raise KeyError("sample")

    assert jobs.do_each("escalate", subjects, do, do_together=do_together) == len(subjects) - 1
    size = jobs.TOGETHER
    groups = [subjects[:size], subjects[size : 2 * size], subjects[2 * size :]]
    assert together == groups
    assert alone == groups[1]
    assert JobFailure.objects.get().subject_id == broken
    assert jobs.do_each("escalate", groups[0], do, do_together=do_together) == jobs.TOGETHER
    assert not JobFailure.objects.exists()


def test_time_that_is_up_in_a_group_ends_the_job_and_blames_no_subject() -> None:
    def time_is_up(_group: Sequence[uuid.UUID]) -> None:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        jobs.do_each("escalate", [uuid.uuid4()], lambda _subject: None, do_together=time_is_up)
    assert not JobFailure.objects.exists()


def test_the_daily_check_names_itself_when_the_register_does_not_hold(cast: Cast) -> None:
    build.submitted(cast)
    at = clock.start_of(clock.china_date(MORNING)) + timedelta(days=1, hours=4)
    with clock.stopped_at(at):
        assert verify_whole_register() > 0
    without_triggers("registry_event", "UPDATE registry_event SET actor_role = 'auditor'")
    with clock.stopped_at(at + DAY), pytest.raises(RegisterIncomplete):
        verify_whole_register()
    row = JobRun.objects.get(job="verify-register", period="2026-03-04")
    assert row.last_error == "RegisterIncomplete register_violated"
