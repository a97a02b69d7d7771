"""Files that come with an objection: checked and rebuilt as all uploads are, kept encrypted in a place of their own."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.errors import AttachmentRefused
from registry.models import Objection, ObjectionFile
from registry.rules.particulars.attachments import MAX_FILE_BYTES
from registry.storage.attachments import Upload
from registry.storage.checks import kinds, sandbox
from registry.storage.encrypted_files import FileStore

STORE = FileStore("OBJECTION_ROOT", ObjectionFile._meta.db_table)
MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that passed every check, rebuilt and not yet stored."""

    name: str
    content: bytes
    content_type: str
    page_count: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check(uploads: Sequence[Upload]) -> list[Evidence]:
    """Checks and rebuilds uploaded files; call outside a transaction, it takes time. Raises AttachmentRefused."""
    if len(uploads) > MOST_FILES:
        raise AttachmentRefused("too_many_files", maximum=MOST_FILES)
    contents = [(upload.name or "", upload.read(MAX_FILE_BYTES + 1)) for upload in uploads]
    # Together: they come in one form, and the proxy takes no larger one.
    if sum(len(content) for _name, content in contents) > MAX_FILE_BYTES:
        raise AttachmentRefused("file_too_large", maximum_bytes=MAX_FILE_BYTES)
    return [_checked(name, content) for name, content in contents]


def keep(objection: Objection, files: Sequence[tuple[uuid.UUID, Evidence]]) -> None:
    """Stores files under their ids with their rows; call in the transaction of the receipt. Raises StorageFull.

    When the transaction fails afterwards the files stay without rows, and the sweep removes them.
    """
    for position, (row_id, file) in enumerate(files, start=1):
        row = ObjectionFile(
            id=row_id,
            objection=objection,
            position=position,
            content_type=file.content_type,
            size_bytes=len(file.content),
            sha256=file.sha256,
            page_count=file.page_count,
        )
        row.name = file.name
        STORE.write(row.pk, file.content)
        row.save(force_insert=True)


def remove_orphans(*, now: datetime) -> int:
    """Removes stored files without a row a day after they were written; gives how many."""
    return STORE.remove_orphans(_known, now=now)


def _known(ids: list[uuid.UUID]) -> set[uuid.UUID]:
    return set(ObjectionFile.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _checked(name: str, content: bytes) -> Evidence:
    content_type = kinds.content_type_of(content)
    rebuilt = sandbox.normalise(content, content_type)
    return Evidence(
        kinds.clean_name(name, content_type),
        rebuilt.content,
        rebuilt.content_type,
        rebuilt.page_count,
    )
