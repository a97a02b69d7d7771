"""Background jobs of the book. Each finds its work in the database, may run twice, late, or be killed."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import DatabaseError, OperationalError

from registry import attachments, clock, jobs, numbering
from registry.accounts import limits
from registry.accounts.sessions import SessionStore
from registry.errors import FilingError
from registry.models import Filing
from registry.rules.states import Standing

_log = structlog.get_logger(__name__)

ISSUE_NUMBERS = "issue_number"


@shared_task(name="registry.tasks.sweep_filing_numbers")
def sweep_filing_numbers() -> int:
    """Issues a number to every filing that awaits one, oldest approval first. Gives how many were issued."""
    issued = 0
    waiting = Filing.objects.filter(standing=Standing.AWAITING_NUMBER.value)
    for filing_id in list(waiting.order_by("opened_at").values_list("pk", flat=True)):
        try:
            numbering.issue_number(filing_id)
        except OperationalError:
            raise
        except (FilingError, DatabaseError) as error:
            jobs.record_failure(ISSUE_NUMBERS, filing_id, error)
            _log.error("number_not_issued", filing=str(filing_id), reason=str(error))
        else:
            jobs.clear_failure(ISSUE_NUMBERS, filing_id)
            issued += 1
    if issued:
        _log.info("numbers_issued", count=issued)
    return issued


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
