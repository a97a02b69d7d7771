"""What the decoder does with the files that wait for it. May run twice, late or be killed, with the same result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from registry import clock
from registry.errors import AttachmentRefused, StorageFull
from registry.jobs import runs
from registry.jobs.runs import reason_of, record_failure
from registry.models import Attachment, JobFailure, WaitingFile
from registry.storage import attachments, evidence, pictures, waiting
from registry.storage.checks import sandbox
from registry.storage.effort import TOO_MUCH_WORK, TOOK_TOO_LONG, Effort

# Under this name the work that failed is kept, and the decoder says that it lives.
FAILURES = "read_file"
BROKE_OFF = "reading_broke_off"
DECODER = "decoder"
# What failed so lately is not put on the list again.
_LET_REST = timedelta(days=1)

_log = structlog.get_logger(__name__)

# Says what a desk asks of a file beside what every file must be; raises AttachmentRefused.
Examiner = Callable[[Attachment, sandbox.Normalised], None]
_examiners: dict[str, Examiner] = {attachments.EVIDENCE.name: evidence.refuse_carrying}


def set_examiner(slot: str, examiner: Examiner) -> None:
    """Has each file that was read for this slot examined before it is let out of quarantine."""
    _examiners[slot] = examiner


def work_once(decoder: str) -> bool:
    """Takes one file from the list and does what it waits for; gives whether there was one.

    A failure is kept with its reason and tried again a few times; an unreachable database raises.
    """
    row = waiting.take(decoder)
    if row is None:
        return False
    try:
        if row.attempts > waiting.MOST_ATTEMPTS:
            # Nobody who began with it lived to say why.
            raise AttachmentRefused(BROKE_OFF)
        _work(row)
    except waiting.Overtaken:
        pass
    except DatabaseError:
        raise
    except Exception as error:
        _log.error("file_not_read", file=str(row.pk), attempt=row.attempts, reason=reason_of(error))
        record_failure(FAILURES, row.pk, error)
        if row.attempts < waiting.MOST_ATTEMPTS:
            waiting.set_free(row)
        else:
            _give_up(row)
    else:
        JobFailure.objects.filter(job=FAILURES, subject_id=row.pk).delete()
    return True


def ask_for_undrawn(*, most: int, at: datetime) -> int:
    """Puts checked files without pictures on the list, the newest first; gives how many were found.

    So are files in quarantine that an older database, put back, has lost from it.
    """
    lost = Attachment.objects.filter(state=Attachment.State.WAITING, waiting=None).values_list(
        "pk", flat=True
    )
    waiting.ask(list(lost[:most]), urgency=WaitingFile.Urgency.SENT, at=at)
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
    runs.say_alive(DECODER, at=at)


def is_alive(*, at: datetime) -> bool:
    """Whether a decoder said so a moment ago."""
    return runs.is_alive(DECODER, at=at)


def _work(row: WaitingFile) -> None:
    file = Attachment.objects.filter(pk=row.pk).first()
    if file is None:
        return
    if file.state == Attachment.State.WAITING:
        _read(row, file)
    else:
        _draw(row, file)


def _read(row: WaitingFile, file: Attachment) -> None:
    """Reads a file in quarantine and draws its pages: it is clean afterwards, or refused with its reason."""
    effort = Effort()
    try:
        waiting.keep(row)
        normalised = attachments.read_quarantined(file)
        if (examine := _examiners.get(file.slot)) is not None:
            examine(file, normalised)
        undrawable = pictures.draw_missing(
            file.pk,
            normalised.content,
            normalised.content_type,
            page_count=normalised.page_count,
            effort=effort,
            go_on=lambda: waiting.keep(row),
        )
        if undrawable:
            raise AttachmentRefused("page_not_drawn", page=undrawable[0])
        with _locked(row, file) as locked:
            attachments.admit(locked, normalised, at=clock.now())
    except (AttachmentRefused, StorageFull) as error:
        refusal = error if isinstance(error, AttachmentRefused) else AttachmentRefused(error.code)
        if refusal.code == BROKE_OFF and row.attempts < waiting.MOST_ATTEMPTS:
            raise
        with _locked(row, file) as locked:
            attachments.refuse(locked, refusal)


def _draw(row: WaitingFile, file: Attachment) -> None:
    """Draws the pages of a checked file that have no pictures.

    One that takes more than a file may is not refused any more: it goes on in its next turn, after those that wait.
    """
    try:
        undrawable = pictures.draw_missing(
            file.pk,
            attachments.open_bytes(file),
            file.content_type,
            page_count=file.page_count,
            effort=Effort(),
            go_on=lambda: waiting.keep(row),
        )
    except AttachmentRefused as error:
        if error.code not in (TOO_MUCH_WORK, TOOK_TOO_LONG):
            raise
        waiting.put_behind(row)
        return
    if undrawable:
        _log.warning("pages_not_drawn", file=str(file.pk), pages=len(undrawable))
    with _locked(row, file) as locked:
        locked.drawn_at = clock.now()
        locked.save(update_fields=["drawn_at"])


def _give_up(row: WaitingFile) -> None:
    """Takes a file off the list that could not be read so often; who sent it is told so."""
    file = Attachment.objects.filter(pk=row.pk).first()
    if file is None or file.state != Attachment.State.WAITING:
        waiting.finish(row)
        return
    with suppress(waiting.Overtaken), _locked(row, file) as locked:
        attachments.refuse(locked, AttachmentRefused(BROKE_OFF))


@contextmanager
def _locked(row: WaitingFile, file: Attachment) -> Iterator[Attachment]:
    """The row of the file, locked, for the end of the work, which takes it off the list in the same transaction.

    Raises Overtaken, and removes what was made of a file that was discarded meanwhile.
    """
    with transaction.atomic():
        locked = Attachment.objects.select_for_update().filter(pk=file.pk).first()
        if locked is not None:
            waiting.keep(row)
            yield locked
            waiting.finish(row)
    if locked is None:
        pictures.remove(file.pk)
        raise waiting.Overtaken
