"""Files that come with an objection, a proceeding or a note that somebody was told.

They are attachments: the decoder reads them as it reads all uploads, once the act that brought them has been recorded.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from registry.errors import AttachmentRefused, NotFound
from registry.models import (
    Account,
    Applicant,
    Attachment,
    ConsultationFile,
    EvidenceFile,
    ObjectionFile,
    StrikingOffFile,
    TellingFile,
)
from registry.rules.particulars.attachments import MAX_FILE_BYTES
from registry.rules.workflow.sealed import EvidenceFile as StatedFile
from registry.storage import attachments
from registry.storage.attachments import EVIDENCE, Upload
from registry.storage.checks import kinds
from registry.storage.checks.sandbox import Normalised
from registry.storage.encrypted_files import FileStore

MOST_FILES = EVIDENCE.max_files


@dataclass(frozen=True, slots=True)
class Unread:
    """A file as it was sent, of which the first bytes were looked at; the decoder reads it once it is kept."""

    name: str
    content: bytes
    content_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def take(uploads: Sequence[Upload]) -> list[Unread]:
    """Looks at the first bytes of uploaded files, which takes no time. Raises AttachmentRefused."""
    taken = []
    for name, sent in _contents_of(uploads):
        content, content_type = attachments.at_the_door(ContentFile(sent, name))
        taken.append(Unread(kinds.clean_name(name, content_type), content, content_type))
    return taken


def _contents_of(uploads: Sequence[Upload]) -> list[tuple[str, bytes]]:
    """Name and bytes of each file, within the limits of how many and how large."""
    if len(uploads) > MOST_FILES:
        raise AttachmentRefused("too_many_files", maximum=MOST_FILES)
    contents = [(upload.name or "", upload.read(MAX_FILE_BYTES + 1)) for upload in uploads]
    # Together: they come in one form, and the proxy takes no larger one.
    if sum(len(content) for _name, content in contents) > MAX_FILE_BYTES:
        raise AttachmentRefused("file_too_large", maximum_bytes=MAX_FILE_BYTES)
    return contents


def refuse_carrying(_attachment: Attachment, read: Normalised) -> None:
    """Refuses evidence that carries other files: the office would decide without them."""
    if read.carried:
        raise AttachmentRefused("file_carries_files", carried=read.carried)


@dataclass(frozen=True, slots=True)
class EvidenceStore(FileStore):
    """The files of one table of evidence: attachments, and here those from before."""

    rows: type[EvidenceFile]

    def take_in(
        self,
        files: Iterable[tuple[uuid.UUID, Unread]],
        *,
        act_of: uuid.UUID,
        uploaded_by: Account | None,
        sender: str,
        at: datetime,
        in_place_of: EvidenceFile | None = None,
        applicant: Applicant | None = None,
        **owner: Any,
    ) -> None:
        """Takes files into quarantine under their ids with their rows; call in the transaction of the act.

        `act_of` is what they come with, by which their number is counted; `owner` are the columns that say whose they
        are. Members of `applicant` may open what was read. One file may come `in_place_of` another, which stands no
        more. Raises AttachmentRefused, StorageFull, and leaves nothing of the others where one is refused. When the
        transaction fails afterwards the sweep removes the bytes: let this be the last of the act.
        """
        first, counted = 1, dict[str, int]()
        if in_place_of is not None:
            first = in_place_of.position
            counted = {
                "times_replaced": in_place_of.times_replaced + 1,
                "times_read_again": in_place_of.times_read_again,
            }
        with ExitStack() as undo:
            for position, (row_id, file) in enumerate(files, start=first):
                attachment = attachments.quarantine(
                    draft_id=act_of,
                    slot=EVIDENCE.name,
                    uploaded_by=uploaded_by,
                    file=ContentFile(file.content, file.name),
                    applicant=applicant,
                    sender=sender,
                    at=at,
                )
                undo.callback(attachments.remove_bytes, attachment.pk)
                row = self.rows(
                    id=row_id,
                    position=position,
                    content_type=file.content_type,
                    size_bytes=len(file.content),
                    sha256=file.sha256,
                    page_count=0,
                    attachment=attachment,
                    **counted,
                    **owner,
                )
                row.name = file.name
                row.save(force_insert=True)
            undo.pop_all()

    def read_again(self, file: EvidenceFile, *, sender: str, at: datetime) -> None:
        """Has a refused file read once more, and counts it. Raises AttachmentRefused where it cannot be."""
        if file.attachment is None:
            raise AttachmentRefused("file_gone")
        attachments.try_again(file.attachment, in_place_of=(), sender=sender, at=at)
        file.times_read_again += 1
        file.save(update_fields=["times_read_again"])

    def read_file(self, row: EvidenceFile) -> tuple[bytes, str]:
        """The bytes of a file and their type. Raises NotFound for one that was not read, or could not be."""
        if row.attachment is None:
            return self.read(row.pk), row.content_type
        if not row.is_readable:
            raise NotFound("file_unknown")
        return attachments.open_bytes(row.attachment), row.attachment.content_type

    def kept_here(self) -> QuerySet[EvidenceFile]:
        """The rows whose bytes lie in this store: those from before."""
        return self.rows._default_manager.filter(attachment=None)

    def remove_unknown(self, *, now: datetime) -> int:
        """Removes stored files without a row a day after they were written; gives how many."""
        return self.remove_orphans(self._known, now=now)

    def _known(self, ids: list[uuid.UUID]) -> set[uuid.UUID]:
        return set(self.rows._default_manager.filter(pk__in=ids).values_list("pk", flat=True))


def seen_in(files: Iterable[EvidenceFile]) -> list[StatedFile]:
    """Those of these files that can be opened, by id and by the digest of what is opened."""
    return [StatedFile(str(file.pk), file.readable_sha256) for file in files if file.is_readable]


OBJECTION_FILES = EvidenceStore("OBJECTION_ROOT", ObjectionFile._meta.db_table, ObjectionFile)
CONSULTATION_FILES = EvidenceStore("CONSULTATION_ROOT", ConsultationFile._meta.db_table, ConsultationFile)
TELLING_FILES = EvidenceStore("TELLING_ROOT", TellingFile._meta.db_table, TellingFile)
STRIKING_OFF_FILES = EvidenceStore("STRIKING_OFF_ROOT", StrikingOffFile._meta.db_table, StrikingOffFile)


def remove_orphans(*, now: datetime) -> int:
    """Removes stored files without a row a day after they were written; gives how many."""
    return sum(
        store.remove_unknown(now=now)
        for store in (OBJECTION_FILES, STRIKING_OFF_FILES, CONSULTATION_FILES, TELLING_FILES)
    )
