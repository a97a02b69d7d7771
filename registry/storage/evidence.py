"""Files that come with an objection or a proceeding: checked and rebuilt as all uploads are, kept encrypted."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.errors import AttachmentRefused
from registry.models import EvidenceFile, ObjectionFile, StrikingOffFile, TellingFile
from registry.rules.particulars.attachments import MAX_FILE_BYTES
from registry.storage.attachments import Upload
from registry.storage.checks import kinds, sandbox
from registry.storage.encrypted_files import FileStore

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
    if not contents:
        return []
    with sandbox.one_of_few():
        return [_checked(name, content) for name, content in contents]


@dataclass(frozen=True, slots=True)
class EvidenceStore(FileStore):
    """The stored files of one table of evidence."""

    rows: type[EvidenceFile]

    def keep(self, files: Iterable[tuple[uuid.UUID, Evidence]], **owner: Any) -> None:
        """Stores files under their ids with their rows; call in the transaction of the act. Raises StorageFull.

        `owner` are the columns that say whose they are. When the transaction fails afterwards the files stay without
        rows, and the sweep removes them.
        """
        for position, (row_id, file) in enumerate(files, start=1):
            row = self.rows(
                id=row_id,
                position=position,
                content_type=file.content_type,
                size_bytes=len(file.content),
                sha256=file.sha256,
                page_count=file.page_count,
                **owner,
            )
            row.name = file.name
            self.write(row.pk, file.content)
            row.save(force_insert=True)

    def remove_unknown(self, *, now: datetime) -> int:
        """Removes stored files without a row a day after they were written; gives how many."""
        return self.remove_orphans(self._known, now=now)

    def _known(self, ids: list[uuid.UUID]) -> set[uuid.UUID]:
        return set(self.rows._default_manager.filter(pk__in=ids).values_list("pk", flat=True))


OBJECTION_FILES = EvidenceStore("OBJECTION_ROOT", ObjectionFile._meta.db_table, ObjectionFile)
TELLING_FILES = EvidenceStore("TELLING_ROOT", TellingFile._meta.db_table, TellingFile)
STRIKING_OFF_FILES = EvidenceStore("STRIKING_OFF_ROOT", StrikingOffFile._meta.db_table, StrikingOffFile)


def remove_orphans(*, now: datetime) -> int:
    """Removes stored files without a row a day after they were written; gives how many."""
    return sum(
        store.remove_unknown(now=now) for store in (OBJECTION_FILES, STRIKING_OFF_FILES, TELLING_FILES)
    )


def _checked(name: str, content: bytes) -> Evidence:
    content = kinds.without_preamble(content)
    rebuilt = sandbox.normalise(content, kinds.content_type_of(content, name=name))
    if rebuilt.carried:
        # Nobody could tell its sender afterwards: the answer to the form is the last that many of them see.
        raise AttachmentRefused("file_carries_files", carried=rebuilt.carried)
    return Evidence(
        kinds.clean_name(name, rebuilt.content_type),
        rebuilt.content,
        rebuilt.content_type,
        rebuilt.page_count,
    )
