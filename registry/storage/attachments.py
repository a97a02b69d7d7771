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
from registry.storage import pictures, waiting
from registry.storage.checks import kinds, sandbox
from registry.storage.encrypted_files import FileStore

STORE = FileStore("ATTACHMENT_ROOT", Attachment._meta.db_table)
# Signed PDFs as they were sent.
ORIGINALS = FileStore("ORIGINAL_ROOT", f"{Attachment._meta.db_table}.original")
QUARANTINE = FileStore("QUARANTINE_ROOT", f"{Attachment._meta.db_table}.quarantine")

# No slot of a form: what comes with an objection or a striking off.
EVIDENCE = Slot(key="attachments.evidence", max_files=5)

# Where the file itself may be without fault: its bytes are kept as they came.
MAY_BE_TRIED_AGAIN = frozenset(
    {"file_too_complex", "page_not_drawn", "reading_broke_off", "reading_took_too_long", "storage_full"}
)

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
    at: datetime | None = None,
) -> Attachment:
    """Has an uploaded file read while the caller waits, and stores it; a refused file leaves nothing behind.

    `slot` is a slot's key ("attachments.business_licence") or its name, which the row keeps. `applicant` is
    given once the draft's applicant is known and fixed, so that its other members can read the file. All
    checks have passed when this returns, so the file is CLEAN. Raises AttachmentRefused and UnknownParticular.
    """
    place = _place_of(slot)
    content, content_type = at_the_door(file)
    # Checked before the work as well as under the lock: a full draft is refused at once.
    _refuse_if_full(draft_id, place, size_bytes=0, leaving=())
    normalised = sandbox.normalise(content, content_type)
    _require_type(place, normalised)
    attachment = _row(place, draft_id, uploaded_by, applicant, at)
    attachment.name = kinds.clean_name(file.name or "", normalised.content_type)
    attachment.received_sha256 = hashlib.sha256(content).hexdigest()
    _describe(attachment, content, normalised)
    _keep(attachment, {STORE: normalised.content, **_original(attachment, content)}, place)
    return attachment


def quarantine(
    *,
    draft_id: uuid.UUID,
    slot: str,
    uploaded_by: Account | None,
    file: Upload,
    applicant: Applicant | None = None,
    in_place_of: Collection[uuid.UUID] = (),
    sender: str = "",
    at: datetime | None = None,
) -> Attachment:
    """Takes an uploaded file into quarantine and puts it on the decoder's list: it is WAITING, and nobody opens it.

    As `receive`, but that only its first bytes were looked at. Files that this one takes the place of, and that the
    caller discards, do not count against the limits. `uploaded_by` is None for somebody without an account. `sender` is
    the address that it came from: so many files may wait of one account and of one address. Raises AttachmentRefused
    and UnknownParticular.
    """
    place = _place_of(slot)
    content, content_type = at_the_door(file)
    attachment = _row(place, draft_id, uploaded_by, applicant, at)
    attachment.name = kinds.clean_name(file.name or "", content_type)
    attachment.state, attachment.content_type, attachment.page_count = (
        Attachment.State.WAITING,
        content_type,
        0,
    )
    attachment.size_bytes = len(content)
    attachment.sha256 = attachment.received_sha256 = hashlib.sha256(content).hexdigest()
    _refuse_if_full(draft_id, place, size_bytes=0, leaving=in_place_of)
    _keep(attachment, {QUARANTINE: content}, place, leaving=in_place_of, sender=sender)
    return attachment


def read_quarantined(attachment: Attachment) -> sandbox.Normalised:
    """Has the file in quarantine read, and gives what is to be kept of it. Raises AttachmentRefused."""
    normalised = sandbox.normalise(QUARANTINE.read(attachment.pk), attachment.content_type)
    _require_type(_place_of(attachment.slot), normalised)
    return normalised


def admit(attachment: Attachment, normalised: sandbox.Normalised, *, at: datetime) -> None:
    """Lets a file that was read out of quarantine: it is CLEAN, and its pages have their pictures since `at`.

    Call in a transaction with the row locked. Raises AttachmentRefused when it is too large now.
    """
    content = QUARANTINE.read(attachment.pk)
    _describe(attachment, content, normalised)
    size_bytes = attachment.size_bytes + attachment.original_size_bytes
    _refuse_too_large(attachment.draft_id, size_bytes=size_bytes, leaving=(attachment.pk,))
    for store, kept in {STORE: normalised.content, **_original(attachment, content)}.items():
        store.write(attachment.pk, kept)
    attachment.name = kinds.clean_name(attachment.name, normalised.content_type)
    attachment.drawn_at = at
    attachment.save()
    transaction.on_commit(partial(QUARANTINE.remove, attachment.pk))


def refuse(attachment: Attachment, refusal: AttachmentRefused) -> None:
    """Keeps why a file is refused, and the file only where it can be tried again; call with the row locked."""
    attachment.state, attachment.refusal_code = Attachment.State.REFUSED, refusal.code
    attachment.refusal_facts = json.dumps(dict(refusal.facts), ensure_ascii=False)
    attachment.save(update_fields=["state", "refusal_code", "refusal_facts"])
    stores: list[Callable[[uuid.UUID], None]] = [STORE.remove, ORIGINALS.remove, pictures.remove]
    if refusal.code not in MAY_BE_TRIED_AGAIN:
        stores.append(QUARANTINE.remove)
    for remove in stores:
        transaction.on_commit(partial(remove, attachment.pk))


def try_again(
    attachment: Attachment, *, in_place_of: Collection[uuid.UUID], sender: str, at: datetime
) -> Attachment:
    """Puts a refused file back on the decoder's list. Raises AttachmentRefused where it cannot be, or too many wait."""
    with transaction.atomic():
        _lock_uploader(attachment)
        locked = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if locked.state != Attachment.State.REFUSED or locked.refusal_code not in MAY_BE_TRIED_AGAIN:
            raise AttachmentRefused("file_gone")
        place = _place_of(locked.slot)
        _refuse_if_full(locked.draft_id, place, size_bytes=locked.size_bytes, leaving=in_place_of)
        locked.state, locked.refusal_code, locked.refusal_facts = Attachment.State.WAITING, "", None
        locked.save(update_fields=["state", "refusal_code", "refusal_facts"])
        waiting.ask_for_sent(locked, sender=sender, at=at)
    return locked


def drop_refused(attachment: Attachment) -> None:
    """Removes the bytes of a refused file that another has taken the place of; its row, which may be named, stays."""
    if attachment.state == Attachment.State.REFUSED:
        transaction.on_commit(partial(QUARANTINE.remove, attachment.pk))


def refused_files(draft_id: uuid.UUID) -> list[Attachment]:
    """The files of a draft that were refused after they had been taken, in the order they came."""
    found = Attachment.objects.filter(draft_id=draft_id, state=Attachment.State.REFUSED)
    return list(found.order_by("uploaded_at", "pk"))


def describe_original(attachment: Attachment, content: bytes, signatures: Mapping[str, Any]) -> None:
    """Notes on an unsaved row what its signatures say, and the bytes as sent that are then kept; nothing for none."""
    if not signatures:
        return
    attachment.signatures = json.dumps(signatures, ensure_ascii=False, sort_keys=True)
    attachment.original_sha256 = hashlib.sha256(content).hexdigest()
    attachment.original_size_bytes = len(content)


def entry_of(attachment: Attachment) -> dict[str, Any]:
    """The file as materials hold it in their slot's list; a signed one with its signatures and its bytes as sent.

    One that carried other files has their names. One that was not read yet has no pages.
    """
    entry = {
        "id": str(attachment.pk),
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size_bytes": attachment.size_bytes,
        "sha256": attachment.sha256,
        "page_count": attachment.page_count,
    }
    if attachment.carried:
        entry["carried"] = json.loads(attachment.carried)
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
        received_sha256=attachment.received_sha256,
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
        transaction.on_commit(partial(remove_bytes, attachment.pk))
    return True


def remove_orphans(*, now: datetime) -> int:
    """Removes stored files without a row, and unfinished ones, a day after they were written; gives how many.

    So are the pictures of files without a row, and what lies in quarantine of files that are out of it.
    """
    rows = Attachment.objects.all()
    stores = (
        (STORE, rows),
        (ORIGINALS, rows.exclude(original_sha256="")),
        (QUARANTINE, rows.exclude(state=Attachment.State.CLEAN)),
        (pictures, rows),
    )
    return sum(store.remove_orphans(_known_among(kept), now=now) for store, kept in stores)


def _known_among(rows: QuerySet[Attachment]) -> Callable[[list[uuid.UUID]], set[uuid.UUID]]:
    return lambda ids: set(rows.filter(pk__in=ids).values_list("pk", flat=True))


def remove_bytes(row_id: uuid.UUID) -> None:
    """Removes whatever is stored of a file; for one whose row is gone, or never came to be."""
    QUARANTINE.remove(row_id)
    STORE.remove(row_id)
    ORIGINALS.remove(row_id)
    pictures.remove(row_id)


def discard_unlisted(draft_id: uuid.UUID, *, listed: Collection[uuid.UUID], before: datetime) -> None:
    """Removes the files of interrupted uploads: received before a moment, and in no slot of the draft.

    A refused one stays until somebody has seen why.
    """
    left = Attachment.objects.filter(draft_id=draft_id, uploaded_at__lt=before).exclude(pk__in=listed)
    for attachment in left.exclude(state=Attachment.State.REFUSED):
        discard(attachment)


def _place_of(slot: str) -> Slot:
    return EVIDENCE if slot == EVIDENCE.name else find_slot(slot if "." in slot else f"attachments.{slot}")


def _lock_uploader(attachment: Attachment) -> None:
    """Where nobody has an account the caller holds what the file belongs to."""
    if attachment.uploaded_by_id is not None:
        Account.objects.select_for_update().only("pk").get(pk=attachment.uploaded_by_id)


def at_the_door(file: Upload) -> tuple[bytes, str]:
    """The content and the type by its first bytes; what has no known ones, or too many, comes no further."""
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise AttachmentRefused("file_too_large", maximum_bytes=MAX_FILE_BYTES)
    content = kinds.without_preamble(content)
    return content, kinds.content_type_of(content, name=file.name or "")


def _require_type(place: Slot, normalised: sandbox.Normalised) -> None:
    if normalised.content_type not in place.file_types:
        raise AttachmentRefused("file_type_not_allowed")


def _row(
    place: Slot,
    draft_id: uuid.UUID,
    uploaded_by: Account | None,
    applicant: Applicant | None,
    at: datetime | None,
) -> Attachment:
    return Attachment(
        slot=place.name,
        draft_id=draft_id,
        uploaded_by=uploaded_by,
        applicant=applicant,
        province_code=applicant.province_code if applicant is not None else "",
        uploaded_at=at if at is not None else clock.now(),
    )


def _original(attachment: Attachment, content: bytes) -> dict[FileStore, bytes]:
    """What is kept of a file as it was sent, and where; nothing unless it is signed."""
    return {ORIGINALS: content} if attachment.is_kept_as_sent else {}


def _describe(attachment: Attachment, content: bytes, normalised: sandbox.Normalised) -> None:
    """Puts what is kept of a file into its row, which is then that of a checked one."""
    attachment.state = Attachment.State.CLEAN
    attachment.content_type, attachment.page_count = normalised.content_type, normalised.page_count
    attachment.size_bytes = len(normalised.content)
    attachment.sha256 = hashlib.sha256(normalised.content).hexdigest()
    attachment.carried = json.dumps(normalised.carried, ensure_ascii=False) if normalised.carried else None
    describe_original(attachment, content, normalised.signatures)


def _keep(
    attachment: Attachment,
    contents: Mapping[FileStore, bytes],
    place: Slot,
    *,
    leaving: Collection[uuid.UUID] = (),
    sender: str = "",
) -> None:
    """Stores a new file with its row, and puts one that waits on the list: all of it, or nothing."""
    try:
        for store, content in contents.items():
            store.write(attachment.pk, content)
        with transaction.atomic():
            # Two uploads at once would both find room for one: the uploader's lock makes them take turns.
            _lock_uploader(attachment)
            size_bytes = attachment.size_bytes + attachment.original_size_bytes
            _refuse_if_full(attachment.draft_id, place, size_bytes=size_bytes, leaving=leaving)
            attachment.save(force_insert=True)
            if attachment.state == Attachment.State.WAITING:
                waiting.ask_for_sent(attachment, sender=sender, at=attachment.uploaded_at)
    except BaseException as error:
        remove_bytes(attachment.pk)
        if isinstance(error, StorageFull):
            raise AttachmentRefused(error.code) from error
        raise


def _refuse_if_full(
    draft_id: uuid.UUID, slot: Slot, *, size_bytes: int, leaving: Collection[uuid.UUID]
) -> None:
    kept = _kept(draft_id, leaving)
    if kept.filter(slot=slot.name).count() >= slot.max_files:
        raise AttachmentRefused("too_many_files", maximum=slot.max_files)
    _refuse_too_large(draft_id, size_bytes=size_bytes, leaving=leaving)


def _refuse_too_large(draft_id: uuid.UUID, *, size_bytes: int, leaving: Collection[uuid.UUID]) -> None:
    sizes = F("size_bytes") + F("original_size_bytes")
    total_bytes = _kept(draft_id, leaving).aggregate(total=Sum(sizes))["total"] or 0
    if total_bytes + size_bytes > MAX_TOTAL_BYTES:
        raise AttachmentRefused("draft_too_large", maximum_bytes=MAX_TOTAL_BYTES)


def _kept(draft_id: uuid.UUID, leaving: Collection[uuid.UUID]) -> QuerySet[Attachment]:
    files = Attachment.objects.filter(draft_id=draft_id).exclude(state=Attachment.State.REFUSED)
    return files.exclude(pk__in=leaving)
