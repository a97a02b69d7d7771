"""Records of background work: each job's runs, and each failure with its reason until the work succeeds."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import Task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, models, transaction

from registry import clock
from registry.errors import NotFound
from registry.jobs import doorbell
from registry.jobs.clock_watch import ClockWrong, require_right_clock
from registry.jobs.periodic import PeriodicJob, find_job, job_of_task
from registry.models import Account, JobFailure, JobOrder, JobRun

# After this long a run that has not ended was killed (the workers' hard limit is ten minutes).
KILLED_AFTER = timedelta(minutes=15)
# A process that works from a list says that it lives every twenty seconds.
ALIVE_WITHIN = timedelta(seconds=90)
# How many subjects are done in one transaction where work can be done together: few enough that whoever waits for one
# of their rows waits a moment.
TOGETHER = 20

_log = structlog.get_logger(__name__)


class RecordedTask(Task):
    """A Celery task that records its runs when it is a periodic job; any other task just runs."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        job = job_of_task(self.name)
        if job is None:
            return super().__call__(*args, **kwargs)
        return run(job, lambda: super(RecordedTask, self).__call__(*args, **kwargs))


def run(job: PeriodicJob, work: Callable[[], Any]) -> Any:
    """Does a job's work and records the run; gives 0 when a daily job has no work left for today.

    An exception of the work is recorded and raised again, and so is ClockWrong of a job by the calendar.
    """
    at = clock.now()
    period = period_of(job, at)
    if period is None or not _begin(job.name, period, at):
        return 0
    row = JobRun.objects.filter(job=job.name, period=period)
    try:
        if job.by_calendar:
            require_right_clock()
        done = work()
    except ClockWrong as error:
        _log.error("clock_wrong", job=job.name, reason=reason_of(error))
        row.update(failed_at=clock.now(), last_error=reason_of(error))
        raise
    except Exception as error:
        row.update(failed_at=clock.now(), last_error=reason_of(error))
        raise
    left = JobFailure.objects.filter(job__in=job.failures).count() if period else 0
    if left:
        # The day is not done: a later start takes up what failed.
        row.update(failed_at=clock.now(), last_error=f"WorkLeft {left}")
        return done
    count = done if isinstance(done, int) else 0
    row.update(succeeded_at=clock.now(), attempts=0, last_error="", done=count)
    return done


def period_of(job: PeriodicJob, at: datetime) -> str | None:
    """The period a run at a moment belongs to; None before the day's work of a daily job is due."""
    if job.daily_from is None:
        return ""
    local = at.astimezone(clock.CHINA)
    return local.date().isoformat() if local.time() >= job.daily_from else None


@transaction.atomic
def _begin(job: str, period: str, at: datetime) -> bool:
    """Records that a run begins; False when another run is at work on the period or has finished it."""
    row, created = JobRun.objects.get_or_create(
        job=job, period=period, defaults={"started_at": at, "attempts": 1}
    )
    if created:
        return True
    if period:
        row = JobRun.objects.select_for_update().get(pk=row.pk)
        if row.succeeded_at is not None and row.succeeded_at >= row.started_at:
            return False
        has_failed = row.failed_at is not None and row.failed_at >= row.started_at
        if not has_failed and row.started_at > at - KILLED_AFTER:
            return False
    JobRun.objects.filter(pk=row.pk).update(started_at=at, attempts=models.F("attempts") + 1)
    return True


@transaction.atomic
def order_run(name: str, *, by: Account, at: datetime) -> PeriodicJob:
    """Starts a job at once and records who ordered it. Raises NotFound.

    A message that the broker loses only delays the job: its next regular start finds the day's work undone.
    """
    job = find_job(name)
    if job is None:
        raise NotFound("job_unknown", job=name[:64])
    JobOrder.objects.create(job=job.name, ordered_at=at, ordered_by=by)
    period = period_of(job, at)
    if period:
        JobRun.objects.filter(job=job.name, period=period).update(
            succeeded_at=None, failed_at=at, started_at=at
        )
    doorbell.ring_on_commit(job.task)
    return job


def do_each(
    job: str,
    subjects: Iterable[uuid.UUID],
    do: Callable[[uuid.UUID], object],
    *,
    has_more: bool = False,
    do_together: Callable[[Sequence[uuid.UUID]], object] | None = None,
) -> int:
    """Does a piece of work for each subject; a failure is kept with its reason and stops no other subject.

    Gives how many were done. Earlier failures whose subject is now done or no longer due are forgotten; with
    `has_more` the subjects are only the first of many, and the others keep their failures. An unreachable
    database, or the time limit of the task, ends the sweep: the next one finds the same work.

    `do_together` does the work of several subjects in one transaction, all or none; where it fails, each is done alone.
    """
    done: list[uuid.UUID] = []
    failed: list[uuid.UUID] = []
    alone = list(subjects)
    if do_together is not None:
        done, alone = _in_groups(job, alone, do_together)
    for subject in alone:
        try:
            do(subject)
        except (OperationalError, SoftTimeLimitExceeded):
            raise
        except Exception as error:
            failed.append(subject)
            record_failure(job, subject, error)
            _log.error("work_failed", job=job, subject=str(subject), reason=reason_of(error))
        else:
            done.append(subject)
    earlier = JobFailure.objects.filter(job=job).exclude(subject_id__in=failed)
    (earlier.filter(subject_id__in=done) if has_more else earlier).delete()
    if done:
        _log.info("work_done", job=job, count=len(done))
    return len(done)


def _in_groups(
    job: str, subjects: Sequence[uuid.UUID], do_together: Callable[[Sequence[uuid.UUID]], object]
) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The subjects whose work is done, and those of the groups in which it failed."""
    done: list[uuid.UUID] = []
    failed: list[uuid.UUID] = []
    for start in range(0, len(subjects), TOGETHER):
        group = subjects[start : start + TOGETHER]
        try:
            do_together(group)
        except (OperationalError, SoftTimeLimitExceeded):
            raise
        except Exception as error:
            failed += group
            _log.warning("group_failed", job=job, count=len(group), reason=reason_of(error))
        else:
            done += group
    return done, failed


def say_alive(name: str, *, at: datetime) -> None:
    """Notes that a process that takes its work from a list lives."""
    JobRun.objects.update_or_create(
        job=name, period="", defaults={"started_at": at, "succeeded_at": at, "attempts": 0}
    )


def is_alive(name: str, *, at: datetime) -> bool:
    """Whether a process of this name said so a moment ago."""
    return JobRun.objects.filter(job=name, succeeded_at__gt=at - ALIVE_WITHIN).exists()


def record_failure(job: str, subject_id: uuid.UUID, error: Exception) -> None:
    """Counts one more failed attempt, with its reason; an error's code must hold no personal data."""
    failure, created = JobFailure.objects.get_or_create(
        job=job,
        subject_id=subject_id,
        defaults={"attempts": 1, "last_error": reason_of(error), "last_attempt_at": clock.now()},
    )
    if not created:
        JobFailure.objects.filter(pk=failure.pk).update(
            attempts=models.F("attempts") + 1,
            last_error=reason_of(error),
            last_attempt_at=clock.now(),
        )


def reason_of(error: Exception) -> str:
    """The class of an error and its code: what a log or a page may show, without personal data."""
    return f"{type(error).__name__} {getattr(error, 'code', '')}".strip()[:200]
