"""What the decoder does with the files that wait for it. May run twice, late or be killed, with the same result."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from registry import clock
from registry.jobs.runs import reason_of, record_failure
from registry.models import Attachment, JobFailure, JobRun, WaitingFile
from registry.storage import attachments, pictures, waiting

# Under this name the work that failed is kept, and the decoder says that it lives.
FAILURES = "read_file"
DECODER = "decoder"
ALIVE_WITHIN = timedelta(seconds=90)
# What failed so lately is not put on the list again.
_LET_REST = timedelta(days=1)

_log = structlog.get_logger(__name__)


def work_once(decoder: str) -> bool:
    """Takes one file from the list and does what it waits for; gives whether there was one.

    A failure is kept with its reason and tried again a few times; an unreachable database raises.
    """
    row = waiting.take(decoder)
    if row is None:
        return False
    try:
        _draw(row)
    except waiting.Overtaken:
        pass
    except DatabaseError:
        raise
    except Exception as error:
        _log.error("file_not_read", file=str(row.pk), attempt=row.attempts, reason=reason_of(error))
        record_failure(FAILURES, row.pk, error)
        if row.attempts >= waiting.MOST_ATTEMPTS:
            waiting.finish(row)
        else:
            waiting.set_free(row)
    else:
        JobFailure.objects.filter(job=FAILURES, subject_id=row.pk).delete()
    return True


def ask_for_undrawn(*, most: int, at: datetime) -> int:
    """Puts checked files without pictures on the list, the newest first; gives how many were found."""
    resting = JobFailure.objects.filter(job=FAILURES, last_attempt_at__gt=at - _LET_REST)
    undrawn = Attachment.objects.filter(drawn_at__isnull=True, state=Attachment.State.CLEAN, waiting=None)
    found = list(
        undrawn.exclude(pk__in=resting.values("subject_id"))
        .order_by("-uploaded_at")
        .values_list("pk", flat=True)[:most]
    )
    waiting.ask(found, urgency=WaitingFile.Urgency.SWEPT, at=at)
    return len(found)


def say_alive(*, at: datetime) -> None:
    """Notes that a decoder lives."""
    JobRun.objects.update_or_create(
        job=DECODER, period="", defaults={"started_at": at, "succeeded_at": at, "attempts": 0}
    )


def is_alive(*, at: datetime) -> bool:
    """Whether a decoder said so a moment ago."""
    return JobRun.objects.filter(job=DECODER, succeeded_at__gt=at - ALIVE_WITHIN).exists()


def _draw(row: WaitingFile) -> None:
    file = Attachment.objects.filter(pk=row.pk).first()
    if file is None:
        return
    undrawable = pictures.draw_missing(
        file.pk,
        attachments.open_bytes(file),
        file.content_type,
        page_count=file.page_count,
        go_on=lambda: waiting.keep(row),
    )
    if undrawable:
        _log.warning("pages_not_drawn", file=str(file.pk), pages=undrawable)
    with transaction.atomic():
        if not Attachment.objects.filter(pk=file.pk).update(drawn_at=clock.now()):
            # Discarded meanwhile.
            transaction.on_commit(lambda: pictures.remove(file.pk))
        waiting.finish(row)
