"""The work list of the decoder: files that wait, and which decoder is at work on them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from registry import clock
from registry.encryption import blind_index
from registry.errors import AttachmentRefused
from registry.models import Attachment, WaitingFile

# A decoder says that it is at work before each child that it starts, and a child has forty seconds.
SILENT_AFTER = timedelta(seconds=75)
# So often a file is begun; after that it is its own fault.
MOST_ATTEMPTS = 3

# A filing has some twenty files; many accounts of one firm have one address.
MOST_OF_AN_ACCOUNT = 25
MOST_OF_AN_ADDRESS = 75


class Overtaken(Exception):
    """Another decoder has taken the file over, or it is gone."""


def ask(attachment_ids: Iterable[uuid.UUID], *, urgency: WaitingFile.Urgency, at: datetime) -> None:
    """Puts files on the list; one that is there already keeps its place, or gets a more urgent one."""
    wanted = list(attachment_ids)
    WaitingFile.objects.bulk_create(
        [WaitingFile(attachment_id=each, urgency=urgency, asked_at=at) for each in wanted],
        ignore_conflicts=True,
    )
    WaitingFile.objects.filter(attachment__in=wanted, urgency__gt=urgency).update(urgency=urgency)


def ask_for_sent(attachment: Attachment, *, sender: str, at: datetime) -> None:
    """Puts an uploaded file on the list; call with its uploader locked, if it has one.

    `sender` is the address that it came from; empty for none. Raises AttachmentRefused("too_many_waiting") when as many
    files of the account or of the address wait as may.
    """
    index = blind_index(sender, purpose="waiting_file.sender") if sender else ""
    sent = WaitingFile.objects.filter(urgency=WaitingFile.Urgency.SENT)
    uploader = attachment.uploaded_by_id
    if (
        uploader is not None and sent.filter(attachment__uploaded_by=uploader).count() >= MOST_OF_AN_ACCOUNT
    ) or (index and sent.filter(sender=index).count() >= MOST_OF_AN_ADDRESS):
        raise AttachmentRefused("too_many_waiting")
    WaitingFile.objects.create(
        attachment=attachment, urgency=WaitingFile.Urgency.SENT, sender=index, asked_at=at
    )


def take(decoder: str) -> WaitingFile | None:
    """The most urgent file that no decoder is at work on, now taken by this one; None when there is none."""
    now = clock.now()
    free = WaitingFile.objects.filter(Q(taken_at=None) | Q(taken_at__lt=now - SILENT_AFTER))
    # Asked first without a lock: on SQLite a transaction of nothing would still wait for all who write.
    if not free.exists():
        return None
    with transaction.atomic():
        row = free.order_by("urgency", "asked_at", "pk").select_for_update(skip_locked=True).first()
        if row is None:
            return None
        row.taken_by, row.taken_at, row.attempts = decoder, now, row.attempts + 1
        row.save(update_fields=["taken_by", "taken_at", "attempts"])
        _put_behind_others(row, at=now)
    return row


def _put_behind_others(row: WaitingFile, *, at: datetime) -> None:
    """The other files of the same account or address come after those that others have sent by now, in their order.

    So who sends many, each of which takes long, is read in turn with everybody else.
    """
    if row.urgency != WaitingFile.Urgency.SENT:
        return
    uploader = Attachment.objects.values_list("uploaded_by", flat=True).get(pk=row.attachment_id)
    same = Q(sender=row.sender) if row.sender else Q(pk__in=())
    if uploader is not None:
        same |= Q(attachment__uploaded_by=uploader)
    others = WaitingFile.objects.filter(
        same, urgency=WaitingFile.Urgency.SENT, taken_at=None, asked_at__lt=at
    )
    # Another decoder may do the same at this moment: a row that it holds is left to it.
    found = list(others.order_by("asked_at", "pk").select_for_update(of=("self",), skip_locked=True))
    for place, each in enumerate(found):
        each.asked_at = at + timedelta(microseconds=place)
    WaitingFile.objects.bulk_update(found, ["asked_at"])


def keep(row: WaitingFile) -> None:
    """Says that its decoder is still at work on the file. Raises Overtaken."""
    if not _own(row).update(taken_at=clock.now()):
        raise Overtaken


def finish(row: WaitingFile) -> None:
    """Takes the file off the list, unless another decoder has taken it over."""
    _own(row).delete()


def give_back(decoder: str) -> int:
    """Frees what a decoder that is about to stop is at work on, as if it had not begun; gives how many."""
    return WaitingFile.objects.filter(taken_by=decoder).update(
        taken_by="", taken_at=None, attempts=F("attempts") - 1
    )


def put_behind(row: WaitingFile) -> None:
    """Lets any decoder go on with the file, as if it had not begun, after all that wait as urgently."""
    _own(row).update(taken_by="", taken_at=None, attempts=F("attempts") - 1, asked_at=clock.now())


def set_free(row: WaitingFile) -> None:
    """Lets any decoder try the file again."""
    _own(row).update(taken_by="", taken_at=None)


def _own(row: WaitingFile) -> QuerySet[WaitingFile]:
    return WaitingFile.objects.filter(pk=row.pk, taken_by=row.taken_by, attempts=row.attempts)
