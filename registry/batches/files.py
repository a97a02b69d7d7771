"""The files of a list: PDF, CSV, XLSX and JSON of the same frozen rows, and the manifest that names their digests.

Each is made once, recorded with its SHA-256, and never made again: a killed job goes on with what is missing.
"""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

import pikepdf
from django.db import IntegrityError, transaction

from registry import clock
from registry.batches.lists import rows_of
from registry.documents import printing
from registry.errors import NotFound, RegisterIncomplete
from registry.labels.list_columns import LIST_COLUMNS, printed_cells
from registry.labels.list_words import file_name, printed_short_title, printed_title
from registry.models import BatchFile, BatchList
from registry.presentation import workbooks
from registry.presentation.csv_lines import csv_lines
from registry.presentation.workbooks import Sheet, write_workbook
from registry.publication.addresses import list_url
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind, ListState
from registry.rules.codes.jurisdictions import province_of
from registry.rules.provisions import DISCLAIMER, NATIONAL_OFFICE
from registry.storage.encrypted_files import FileStore

STORE = FileStore("LIST_ROOT", BatchFile._meta.db_table)
CONTENT_TYPES: Mapping[str, str] = {
    BatchFile.Format.PDF: "application/pdf",
    BatchFile.Format.CSV: "text/csv; charset=utf-8",
    BatchFile.Format.XLSX: workbooks.CONTENT_TYPE,
    BatchFile.Format.JSON: "application/json",
    BatchFile.Format.MANIFEST: "application/json",
}
# A longer table costs more than its rows: it is printed in parts of this many rows, and the parts are joined.
ROWS_IN_ONE_PIECE = 600
ROWS_A_PART = 300
# A preview is made while an officer waits; a list as long as those published so far is shown whole.
ROWS_IN_PREVIEW = 400


def make_files(list_id: uuid.UUID) -> int:
    """Makes the files of a frozen list that are missing, the manifest last; gives how many were made.

    Call outside a transaction: printing takes long. Raises StorageFull, NotFound.
    """
    batch_list = BatchList.objects.filter(pk=list_id).first()
    if batch_list is None or batch_list.number is None:
        raise NotFound("list_unknown", list=str(list_id))
    if batch_list.state != ListState.FROZEN:
        return 0
    rows = rows_of(batch_list)
    return sum(_make_once(batch_list, each, make, rows) for each, make in _MAKERS.items())


def preview(
    rows: Sequence[PublishedRow], *, kind: ListKind, number: int, announcement: str, dated_on: date
) -> bytes:
    """The PDF that a list of these rows would have, each page marked as a preview; kept nowhere.

    Of a long list it prints the first rows and says so: somebody waits for it.
    """
    unpublished = BatchList(
        kind=kind.value, number=number, announcement=announcement, dated_on=dated_on, count=len(rows)
    )
    shown = rows[:ROWS_IN_PREVIEW]
    context = _printed(unpublished, shown) | {
        "is_preview": True,
        "rows_shown": len(shown) if len(shown) < len(rows) else None,
    }
    return printing.render("documents/batch_list.html", context)


def file_of(batch_list: BatchList, file_format: str) -> BatchFile:
    """The file of a public list. Raises NotFound."""
    found = BatchFile.objects.filter(batch_list=batch_list, format=file_format).first()
    if found is None or batch_list.state not in PUBLIC_STATES:
        raise NotFound("not_found")
    return found


def bytes_of(file: BatchFile) -> bytes:
    """The file as it was made. Raises RegisterIncomplete when it is missing or was altered."""
    content = STORE.read(file.pk)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise RegisterIncomplete("list_file_altered", file=str(file.pk))
    return content


def remove_orphans(*, now: datetime) -> int:
    """Removes files at least a day old whose row was never committed; gives how many."""
    return STORE.remove_orphans(
        lambda ids: set(BatchFile.objects.filter(pk__in=ids).values_list("pk", flat=True)), now=now
    )


def _make_once(
    batch_list: BatchList,
    file_format: BatchFile.Format,
    make: Callable[[BatchList, Sequence[PublishedRow]], bytes],
    rows: Sequence[PublishedRow],
) -> bool:
    """Whether the file was made now: one that is recorded is never made again."""
    if BatchFile.objects.filter(batch_list=batch_list, format=file_format.value).exists():
        return False
    content = make(batch_list, rows)
    file = BatchFile(
        batch_list=batch_list,
        format=file_format.value,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        rows=len(rows),
        created_at=clock.now(),
    )
    try:
        STORE.write(file.pk, content)
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError:
        # Another worker was quicker: its file stands.
        STORE.remove(file.pk)
        return False
    except BaseException:
        STORE.remove(file.pk)
        raise
    return True


# ---------------------------------------------------------------- one maker a format


def _csv(batch_list: BatchList, rows: Sequence[PublishedRow]) -> bytes:
    return "".join(csv_lines(head_of(batch_list), _cells(batch_list, rows))).encode()


def _xlsx(batch_list: BatchList, rows: Sequence[PublishedRow]) -> bytes:
    kind = ListKind(batch_list.kind)
    sheet = Sheet(
        printed_short_title(kind, batch_list.number or 0),
        head_of(batch_list),
        _cells(batch_list, rows),
        widths=[column.width for column in LIST_COLUMNS[kind]],
    )
    return write_workbook([sheet])


def _json(batch_list: BatchList, rows: Sequence[PublishedRow]) -> bytes:
    return _written(
        _headed(batch_list)
        | {
            "announcement": batch_list.announcement,
            "disclaimer": DISCLAIMER,
            "entries": [row.as_payload() | {"province": province_of(row.province_code).name} for row in rows],
        }
    )


def _pdf(batch_list: BatchList, rows: Sequence[PublishedRow]) -> bytes:
    if len(rows) <= ROWS_IN_ONE_PIECE:
        return printing.render("documents/batch_list.html", _printed(batch_list, rows))
    joined = pikepdf.new()
    for part in _parts(rows):
        context = _printed(batch_list, part) | {
            "pages_before": len(joined.pages),
            "is_part": True,
            "is_first": part[0].position == 1,
            "is_last": part[-1].position == len(rows),
        }
        with pikepdf.open(io.BytesIO(printing.render("documents/batch_list.html", context))) as printed:
            joined.pages.extend(printed.pages)
    joined.docinfo["/Title"] = printed_title(ListKind(batch_list.kind), batch_list.number or 0)
    content = io.BytesIO()
    joined.save(content)
    return content.getvalue()


def _manifest(batch_list: BatchList, _rows: Sequence[PublishedRow]) -> bytes:
    files = BatchFile.objects.filter(batch_list=batch_list).order_by("format")
    return _written(
        _headed(batch_list)
        | {
            "rows_sha256": batch_list.rows_sha256,
            "files": [
                {
                    "name": file_name(ListKind(batch_list.kind), batch_list.number or 0, each.format),
                    "format": each.format,
                    "sha256": each.sha256,
                    "size_bytes": each.size_bytes,
                    "rows": each.rows,
                }
                for each in files
            ],
        }
    )


_MAKERS: Mapping[BatchFile.Format, Callable[[BatchList, Sequence[PublishedRow]], bytes]] = {
    BatchFile.Format.CSV: _csv,
    BatchFile.Format.XLSX: _xlsx,
    BatchFile.Format.JSON: _json,
    BatchFile.Format.PDF: _pdf,
    BatchFile.Format.MANIFEST: _manifest,
}


def head_of(batch_list: BatchList) -> tuple[str, ...]:
    """The columns of a list's files, in the words of the announcements."""
    return tuple(column.printed for column in LIST_COLUMNS[ListKind(batch_list.kind)])


def _cells(batch_list: BatchList, rows: Sequence[PublishedRow]) -> list[tuple[object, ...]]:
    return [printed_cells(ListKind(batch_list.kind), row) for row in rows]


def _headed(batch_list: BatchList) -> dict[str, Any]:
    """What JSON and manifest say of the list itself."""
    kind, number = ListKind(batch_list.kind), batch_list.number or 0
    return {
        "kind": kind.value,
        "number": number,
        "title": printed_title(kind, number),
        "dated_on": batch_list.dated_on.isoformat() if batch_list.dated_on else None,
        "count": batch_list.count,
        "page": list_url(number, kind),
    }


def _printed(batch_list: BatchList, rows: Sequence[PublishedRow]) -> dict[str, Any]:
    kind, number = ListKind(batch_list.kind), batch_list.number or 0
    return {
        "title": printed_title(kind, number),
        "office": NATIONAL_OFFICE,
        "dated_on": batch_list.dated_on,
        "paragraphs": batch_list.announcement.splitlines(),
        "count": batch_list.count,
        "columns": LIST_COLUMNS[kind],
        "rows": _cells(batch_list, rows),
        "page_address": list_url(number, kind),
        "is_preview": False,
        "pages_before": 0,
        "is_part": False,
        "is_first": True,
        "is_last": True,
    }


def _parts(rows: Sequence[PublishedRow]) -> Iterator[list[PublishedRow]]:
    left = iter(rows)
    while part := list(islice(left, ROWS_A_PART)):
        yield part


def _written(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
