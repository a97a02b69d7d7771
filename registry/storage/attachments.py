"""Uploaded files: received, checked, stored encrypted outside the web root, read and deleted.

What is shown of a file is its rebuilt copy. A signed PDF is kept as it was sent, too, since rebuilding takes its
signatures away.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from registry import clock
from registry.errors import AttachmentRefused, StorageFull
from registry.models import Account, Applicant, Attachment, RevisionFile
from registry.rules.particulars import Slot, find_slot
from registry.rules.particulars.attachments import MAX_FILE_BYTES, MAX_TOTAL_BYTES
from registry.storage import pictures
from registry.storage.checks import kinds, sandbox
from registry.storage.encrypted_files import FileStore

STORE = FileStore("ATTACHMENT_ROOT", Attachment._meta.db_table)
# Signed PDFs as they were sent.
ORIGINALS = FileStore("ORIGINAL_ROOT", f"{Attachment._meta.db_table}.original")

# To choose the same scan a second time on purpose takes longer.
SENT_TWICE_WITHIN = timedelta(seconds=10)


class Upload(Protocol):
    """An uploaded file, as far as it is used here; Django's UploadedFile fits."""

    @property
    def name(self) -> str | None: ...

    def read(self, size: int = ...) -> bytes: ...


def receive(
    *,
    draft_id: uuid.UUID,
    slot: str,
    uploaded_by: Account,
    file: Upload,
    applicant: Applicant | None = None,
    in_place_of: Collection[uuid.UUID] = (),
    at: datetime | None = None,
) -> Attachment:
    """Checks an uploaded file, rebuilds it and stores it for a draft; a refused file leaves nothing behind.

    `slot` is a slot's key ("attachments.business_licence") or its name, which the row keeps. `applicant` is
    given once the draft's applicant is known and fixed, so that its other members can read the file. Files that
    this one takes the place of, and that the caller discards, do not count against the limits. All
    checks have passed when this returns, so the file is CLEAN; WAITING is for a check that takes longer.
    Raises AttachmentRefused and UnknownParticular.
    """
    place = find_slot(slot if "." in slot else f"attachments.{slot}")
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise AttachmentRefused("file_too_large", maximum_bytes=MAX_FILE_BYTES)
    content = kinds.without_preamble(content)
    content_type = kinds.content_type_of(content, name=file.name or "")
    # Checked before the work as well as under the lock: a full draft is refused at once.
    _refuse_if_full(draft_id, place, size_bytes=0, leaving=in_place_of)
    normalised = sandbox.normalise(content, content_type)
    if normalised.content_type not in place.file_types:
        raise AttachmentRefused("file_type_not_allowed")
    attachment = Attachment(
        slot=place.name,
        draft_id=draft_id,
        uploaded_by=uploaded_by,
        applicant=applicant,
        province_code=applicant.province_code if applicant is not None else "",
        content_type=normalised.content_type,
        size_bytes=len(normalised.content),
        sha256=hashlib.sha256(normalised.content).hexdigest(),
        page_count=normalised.page_count,
        state=Attachment.State.CLEAN,
        uploaded_at=at if at is not None else clock.now(),
    )
    attachment.name = kinds.clean_name(file.name or "", normalised.content_type)
    describe_original(attachment, content, normalised.signatures)
    try:
        STORE.write(attachment.pk, normalised.content)
        if attachment.is_kept_as_sent:
            ORIGINALS.write(attachment.pk, content)
        with transaction.atomic():
            # Two uploads at once would both find room for one: the uploader's lock makes them take turns.
            Account.objects.select_for_update().only("pk").get(pk=uploaded_by.pk)
            size_bytes = attachment.size_bytes + attachment.original_size_bytes
            _refuse_if_full(draft_id, place, size_bytes=size_bytes, leaving=in_place_of)
            attachment.save(force_insert=True)
    except StorageFull as error:
        raise AttachmentRefused(error.code) from error
    except BaseException:
        _remove_files(attachment.pk)
        raise
    return attachment


def describe_original(attachment: Attachment, content: bytes, signatures: Mapping[str, Any]) -> None:
    """Notes on an unsaved row what its signatures say, and the bytes as sent that are then kept; nothing for none."""
    if not signatures:
        return
    attachment.signatures = json.dumps(signatures, ensure_ascii=False, sort_keys=True)
    attachment.original_sha256 = hashlib.sha256(content).hexdigest()
    attachment.original_size_bytes = len(content)


def entry_of(attachment: Attachment) -> dict[str, Any]:
    """The file as materials hold it in their slot's list; a signed one with its signatures and its bytes as sent."""
    entry = {
        "id": str(attachment.pk),
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size_bytes": attachment.size_bytes,
        "sha256": attachment.sha256,
        "page_count": attachment.page_count,
    }
    if attachment.is_kept_as_sent:
        entry["signatures"] = json.loads(attachment.signatures or "{}")
        entry["original_sha256"] = attachment.original_sha256
        entry["original_size_bytes"] = attachment.original_size_bytes
    return entry


def open_bytes(attachment: Attachment) -> bytes:
    """The decrypted file. Raises RegisterIncomplete when it is missing, DecryptionFailed when not this row's."""
    return STORE.read(attachment.pk)


def open_original(attachment: Attachment) -> bytes:
    """The decrypted bytes of a signed PDF as they were sent. Raises as `open_bytes` does."""
    return ORIGINALS.read(attachment.pk)


def is_sent_twice(attachment: Attachment, *, listed: Collection[str]) -> bool:
    """Whether a listed file is the same, received from the same account within seconds: a double click."""
    same = Attachment.objects.filter(
        pk__in=listed,
        sha256=attachment.sha256,
        original_sha256=attachment.original_sha256,
        uploaded_by=attachment.uploaded_by_id,
        uploaded_at__range=(
            attachment.uploaded_at - SENT_TWICE_WITHIN,
            attachment.uploaded_at + SENT_TWICE_WITHIN,
        ),
    )
    return any(each.name == attachment.name for each in same)


def discard(attachment: Attachment) -> bool:
    """Removes a file with its row, unless a revision uses it; gives whether it was removed."""
    with transaction.atomic():
        # A submission that attaches the file at this moment holds this lock, or waits for it.
        locked = Attachment.objects.select_for_update().filter(pk=attachment.pk).first()
        if locked is None or RevisionFile.objects.filter(attachment=locked).exists():
            return False
        locked.delete()
        transaction.on_commit(partial(_remove_files, attachment.pk))
    return True


def remove_orphans(*, now: datetime) -> int:
    """Removes stored files without a row, and unfinished ones, a day after they were written; gives how many.

    So are the pictures of files without a row.
    """
    rows = Attachment.objects.all()
    stores = ((STORE, rows), (ORIGINALS, rows.exclude(original_sha256="")), (pictures, rows))
    return sum(store.remove_orphans(_known_among(kept), now=now) for store, kept in stores)


def _known_among(rows: QuerySet[Attachment]) -> Callable[[list[uuid.UUID]], set[uuid.UUID]]:
    return lambda ids: set(rows.filter(pk__in=ids).values_list("pk", flat=True))


def _remove_files(row_id: uuid.UUID) -> None:
    STORE.remove(row_id)
    ORIGINALS.remove(row_id)
    pictures.remove(row_id)


def discard_unlisted(draft_id: uuid.UUID, *, listed: Collection[uuid.UUID], before: datetime) -> None:
    """Removes the files of interrupted uploads: received before a moment, and in no slot of the draft."""
    left = Attachment.objects.filter(draft_id=draft_id, uploaded_at__lt=before).exclude(pk__in=listed)
    for attachment in left:
        discard(attachment)


def _refuse_if_full(
    draft_id: uuid.UUID, slot: Slot, *, size_bytes: int, leaving: Collection[uuid.UUID]
) -> None:
    kept = Attachment.objects.filter(draft_id=draft_id).exclude(state=Attachment.State.REFUSED)
    kept = kept.exclude(pk__in=leaving)
    if kept.filter(slot=slot.name).count() >= slot.max_files:
        raise AttachmentRefused("too_many_files", maximum=slot.max_files)
    total_bytes = kept.aggregate(total=Sum(F("size_bytes") + F("original_size_bytes")))["total"] or 0
    if total_bytes + size_bytes > MAX_TOTAL_BYTES:
        raise AttachmentRefused("draft_too_large", maximum_bytes=MAX_TOTAL_BYTES)
