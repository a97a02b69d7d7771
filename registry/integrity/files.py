"""Verifies stored files: uploads and issued documents on disk against their rows, one beside the other."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import models

from registry.documents import issuing
from registry.errors import FilingError
from registry.integrity.reading import FETCHED, SILENT, Progress, side_by_side
from registry.integrity.violations import Report
from registry.models import Attachment, IssuedDocument, RevisionFile
from registry.storage import attachments
from registry.storage.encrypted_files import FileStore, storage_name


def verify_files(report: Report, progress: Progress = SILENT) -> None:
    """Every upload and document has its file and every file its row; revisions use only files that were checked."""
    uploads = Attachment.objects.filter(state=Attachment.State.CLEAN)
    verify_store(report, "file", attachments.STORE, uploads, progress)
    as_sent = uploads.exclude(original_sha256="")
    verify_store(
        report, "original", attachments.ORIGINALS, as_sent, progress, digest_column="original_sha256"
    )
    verify_store(report, "document", issuing.STORE, IssuedDocument.objects.all(), progress)
    lost = RevisionFile.objects.exclude(attachment__state=Attachment.State.CLEAN)
    for revision_id, slot in lost.order_by("pk").values_list("revision_id", "slot").iterator(FETCHED):
        report.add("revision_uses_unchecked_file", revision_id, slot)


def verify_store(
    report: Report,
    what: str,
    store: FileStore,
    rows: models.QuerySet[Any],
    progress: Progress,
    *,
    digest_column: str = "sha256",
) -> None:
    """Every row has a file with its SHA-256, and every file has a row; `what` begins the codes of violations."""
    stored = rows.order_by("pk").values_list("pk", digest_column).iterator(FETCHED)
    named = (
        (_place(storage_name(row_id)), row_id, sha256)
        for row_id, sha256 in progress.through(stored, f"{what}s")
    )
    for place, (known, found) in side_by_side(named, _places(store)):
        if not known:
            report.add(f"{what}_without_row", "/".join(place))
        for _place_of_row, row_id, sha256 in known:
            report.count(f"{what}s")
            if found:
                _verify_content(report, what, store, row_id, sha256)
            else:
                report.add(f"{what}_missing", row_id)


def _verify_content(report: Report, what: str, store: FileStore, row_id: uuid.UUID, sha256: str) -> None:
    try:
        content = store.read(row_id)
    except FilingError as error:
        report.add(f"{what}_unreadable", row_id, error.code)
        return
    if hashlib.sha256(content).hexdigest() != sha256:
        report.add(f"{what}_altered", row_id)


def _places(store: FileStore) -> Iterator[tuple[tuple[str, ...]]]:
    return ((_place(name),) for name in store.names())


def _place(name: str) -> tuple[str, ...]:
    """A name below the root as its parts: rows in order of their ids, and files as a directory is walked."""
    return tuple(name.split("/"))
