"""Background jobs of the book. Each finds its work in the database, may run twice, late, or be killed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from celery import shared_task
from django.db import OperationalError

from registry import attachments, clock, due, jobs, ledger, numbering
from registry.accounts import limits
from registry.accounts.sessions import SessionStore
from registry.acts import SYSTEM
from registry.rules.states import Act

_log = structlog.get_logger(__name__)


@shared_task(name="registry.tasks.sweep_filing_numbers")
def sweep_filing_numbers() -> int:
    """Issues a number to every filing that awaits one, oldest first. Gives how many were issued."""
    return _do_each("issue_number", due.to_number(), numbering.issue_number)


@shared_task(name="registry.tasks.sweep_clocks")
def sweep_clocks() -> int:
    """Does what the calendar has made due: escalation, lapse, cancellations taking effect. Gives how many."""
    at = clock.now()
    return (
        _do_each("escalate", due.to_escalate(at), _act(Act.ESCALATE, at))
        + _do_each("lapse", due.to_lapse(at), _act(Act.LAPSE, at))
        + _do_each("take_effect", due.to_take_effect(at), lambda filing: ledger.take_effect(filing, at=at))
    )


@shared_task(name="registry.tasks.sweep_attachments")
def sweep_attachments() -> int:
    """Removes stored files that an interrupted upload or removal left without a row. Gives how many."""
    removed = attachments.remove_orphans(now=clock.now())
    if removed:
        _log.info("orphan_files_removed", count=removed)
    return removed


@shared_task(name="registry.tasks.sweep_sign_in_traces")
def sweep_sign_in_traces() -> int:
    """Forgets sessions that have ended and counters whose windows have closed. Gives how many counters."""
    SessionStore.clear_expired()
    return limits.forget_old()


def _act(act: Act, at: datetime) -> Callable[[uuid.UUID], object]:
    return lambda application_id: ledger.record(act, application_id, actor=SYSTEM, at=at)


def _do_each(job: str, subjects: Iterable[uuid.UUID], do: Callable[[uuid.UUID], object]) -> int:
    """Does a piece of work for each subject; one that fails is kept with its reason and stops no other.

    A database that is out of reach ends the sweep: the next one finds the same work.
    """
    done = 0
    for subject in subjects:
        try:
            do(subject)
        except OperationalError:
            raise
        except Exception as error:
            jobs.record_failure(job, subject, error)
            _log.error("work_failed", job=job, subject=str(subject), reason=jobs.reason_of(error))
        else:
            jobs.clear_failure(job, subject)
            done += 1
    if done:
        _log.info("work_done", job=job, count=done)
    return done
