"""That an office told a recipient itself, by telephone, by post or in person: the note, and the files that prove it.

The note stands with its own moment, whatever becomes of its files: without any it counts as well. The decoder reads
them afterwards. Whoever handed in one that could not be read is told once, and any officer of the office puts another
in its place or has it read once more. A file that was replaced stays as a row, with its digest and why it was refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from registry.errors import FilingError, NotFound
from registry.models import Account, Application, Attachment, Notice, Telling, TellingFile
from registry.notices.notice import not_told_of, notify
from registry.rules.tellings import faults_of_telling
from registry.rules.workflow.sealed import MOST_READINGS_AGAIN, MOST_REPLACEMENTS
from registry.rules.workflow.states import Role
from registry.storage import attachments
from registry.storage.evidence import TELLING_FILES, Unread

FILE_REFUSED = "desk_telling_file_refused"


class TellingRefused(FilingError):
    """The note that somebody was told does not count, or takes no other file; the code says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That an office told a recipient itself: when, how, who, and whom, with the tracking number of a letter.

    Without `at` and `by` it was told when it is noted, by who notes it.
    """

    how: Notice.ToldHow
    note: str = ""
    at: datetime | None = None
    by: Account | None = None
    to: str = ""
    tracking_number: str = ""


@transaction.atomic
def note_told_by_office(
    notice: Notice,
    told: Told,
    *,
    by: Account,
    at: datetime,
    files: Sequence[Unread] = (),
    sender: str = "",
) -> Telling:
    """Records that the office told the recipient itself; the first record stays, and is given.

    The moment at which the recipient was told is the notice's arrival. The files wait to be read; `sender` is the
    address that they came from. Raises TellingRefused, AttachmentRefused, StorageFull.
    """
    locked = _lock(notice)
    told_at = told.at or at
    faults = faults_of_telling(
        told_at=told_at,
        by_post=told.how is Notice.ToldHow.POST,
        tracking_number=told.tracking_number,
        made_at=locked.created_at,
        noted_at=at,
    )
    if faults:
        raise TellingRefused(next(iter(faults.values())))
    if locked.told_at is not None:
        return Telling.objects.get(notice=locked)
    telling = Telling(
        notice=locked,
        how=told.how.value,
        told_at=told_at,
        told_by=told.by or by,
        tracking_number=told.tracking_number,
        note=told.note.strip(),
        noted_by=by,
        noted_at=at,
    )
    telling.told_to = told.to
    telling.save(force_insert=True)
    locked.told_how, locked.told_note = told.how.value, telling.note
    locked.told_by, locked.told_at = by, told_at
    locked.save(update_fields=["told_how", "told_note", "told_by", "told_at"])
    _take_in(telling, [(uuid.uuid4(), file) for file in files], by=by, sender=sender, at=at)
    return telling


def tellings_about(application: Application) -> QuerySet[Telling]:
    """What the offices told the application's members themselves, newest first."""
    found = Telling.objects.filter(
        notice__application=application, notice__account__role=Role.APPLICANT.value
    )
    people = ("notice__account", "told_by", "noted_by")
    return found.select_related(*people).order_by("-told_at", "-id")


# ---------------------------------------------------------------- files


@transaction.atomic
def replace_file(
    telling: Telling, file_id: uuid.UUID, file: Unread, *, by: Account, at: datetime, sender: str = ""
) -> None:
    """Puts another file in the place of one that could not be read, so often as may be.

    Raises NotFound for a file that was not refused, TellingRefused, AttachmentRefused, StorageFull.
    """
    before = _lock_refused_file(telling, file_id)
    if not before.has_replacements_left:
        raise TellingRefused("evidence_replacements_left")
    if before.attachment is not None:
        attachments.drop_refused(before.attachment)
    _take_in(telling, [(uuid.uuid4(), file)], by=by, sender=sender, at=at, in_place_of=before)


@transaction.atomic
def read_file_again(telling: Telling, file_id: uuid.UUID, *, at: datetime, sender: str = "") -> None:
    """Has a file read once more whose reading broke off, so often as may be. Raises as `replace_file`."""
    refused = _lock_refused_file(telling, file_id)
    if not refused.has_readings_left:
        raise TellingRefused("evidence_readings_left")
    TELLING_FILES.read_again(refused, sender=sender, at=at)


def files_of(telling: Telling) -> list[TellingFile]:
    """The files that prove it, in order, each with what became of it."""
    found = _standing(TellingFile.objects.filter(telling=telling))
    return list(found.select_related("attachment").order_by("position"))


def files_to_tell() -> list[uuid.UUID]:
    """The files that could not be read, of which nobody was told, and whose place takes another or another reading."""
    may_be_read_again = Q(
        attachment__refusal_code__in=attachments.MAY_BE_TRIED_AGAIN, times_read_again__lt=MOST_READINGS_AGAIN
    )
    refused = _standing(TellingFile.objects.all()).filter(
        may_be_read_again | Q(times_replaced__lt=MOST_REPLACEMENTS),
        attachment__state=Attachment.State.REFUSED,
    )
    found = refused.order_by("attachment__uploaded_at", "pk").values_list("pk", flat=True)
    return not_told_of(found, FILE_REFUSED)


@transaction.atomic
def tell_of_file(file_id: uuid.UUID, *, at: datetime) -> int:
    """Tells the officer who handed in a file, once, that it could not be read; gives how many notices are new.

    Nothing is told of a file that was tried again or replaced meanwhile.
    """
    refused = _standing(TellingFile.objects.filter(attachment__state=Attachment.State.REFUSED))
    file = (
        refused.filter(pk=file_id)
        .select_related("attachment__uploaded_by", "telling__notice__application")
        .first()
    )
    if file is None or file.attachment is None or file.attachment.uploaded_by is None:
        return 0
    notice = file.telling.notice
    return notify(
        FILE_REFUSED,
        key=str(file.pk),
        accounts=[file.attachment.uploaded_by],
        facts={"notice_subject": notice.subject},
        application=notice.application,
        link_path=page_of(notice),
        at=at,
    )


def page_of(notice: Notice) -> str:
    """The address of the page on which an officer notes that the recipient of a notice was told, and sees the note."""
    if notice.objection_id is not None:
        return reverse("review:objector_told", args=[notice.objection_id, notice.pk])
    return reverse("review:told", args=[notice.pk])


def _standing(files: QuerySet[TellingFile]) -> QuerySet[TellingFile]:
    """Those of these files in whose place no other stands."""
    later = TellingFile.objects.filter(
        telling=OuterRef("telling"),
        position=OuterRef("position"),
        times_replaced__gt=OuterRef("times_replaced"),
    )
    return files.filter(~Exists(later))


def _lock(notice: Notice) -> Notice:
    return Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)


def _lock_refused_file(telling: Telling, file_id: uuid.UUID) -> TellingFile:
    """A file that could not be read, with the notice locked: two at once would both take its place."""
    _lock(telling.notice)
    found = next((file for file in files_of(telling) if file.pk == file_id), None)
    if found is None or not found.is_refused:
        raise NotFound("file_unknown", telling=str(telling.pk))
    return found


def _take_in(
    telling: Telling,
    named: Sequence[tuple[uuid.UUID, Unread]],
    *,
    by: Account,
    sender: str,
    at: datetime,
    in_place_of: TellingFile | None = None,
) -> None:
    TELLING_FILES.take_in(
        named,
        act_of=telling.pk,
        uploaded_by=by,
        sender=sender,
        at=at,
        in_place_of=in_place_of,
        telling=telling,
    )
