"""The check of the register on batch lists: it finds nothing in one that is whole, and names what was tampered with."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import connection

from registry.batches import files
from registry.integrity.register import verify_register
from registry.models import BatchEntry, BatchFile, BatchList, Event, Filing, ListCounter
from registry.rules.batches.lifecycle import ListState
from registry.rules.workflow.states import StreamKind
from tests.builders import batch as batches
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db

PROTECTED = ("registry_event", "registry_batchentry", "registry_batchfile")


@pytest.fixture
def batch_list(cast: Cast) -> BatchList:
    """A published list of three filings."""
    batches.filings_in_force(cast, 3)
    return batches.published(cast)


def _codes() -> set[str]:
    return {violation.code for violation in verify_register().violations}


def test_a_list_as_it_was_published_has_no_violation(batch_list: BatchList) -> None:
    assert batch_list.state == ListState.PUBLISHED
    assert verify_register().violations == []


def _rename(_row: BatchList) -> None:
    BatchEntry.objects.filter(position=2).update(applicant_name="样例改名公司")


def _drop_entry(_row: BatchList) -> None:
    BatchEntry.objects.get(position=3).delete()


def _swap_number(_row: BatchList) -> None:
    BatchEntry.objects.filter(position=1).update(number="京网信备11010126000000010015号")


def _move(_row: BatchList) -> None:
    BatchEntry.objects.filter(position=1).update(province_code="440000")


def _announce_otherwise(row: BatchList) -> None:
    BatchList.objects.filter(pk=row.pk).update(announcement="样例：另一个公告")


def _count_on(_row: BatchList) -> None:
    ListCounter.objects.update(last=2)


def _alter_file(_row: BatchList) -> None:
    file = BatchFile.objects.get(format="csv")
    files.STORE.write(file.pk, files.STORE.read(file.pk) + b"1")


def _lose_file(_row: BatchList) -> None:
    files.STORE.remove(BatchFile.objects.get(format="pdf").pk)


def _state_another_digest(_row: BatchList) -> None:
    BatchFile.objects.filter(format="json").update(sha256="0" * 64)


def _forget_file(_row: BatchList) -> None:
    BatchFile.objects.get(format="xlsx").delete()


def _foreign_file(_row: BatchList) -> None:
    files.STORE.write(uuid.uuid4(), b"x")


def _alter_event(row: BatchList) -> None:
    event = Event.objects.filter(stream_id=row.pk).latest("sequence")
    Event.objects.filter(pk=event.pk).update(payload={**event.payload, "manifest_sha256": "0" * 64})


def _invent_list(row: BatchList) -> None:
    row.pk, row.number, row.state = uuid.uuid4(), None, ListState.DROPPED.value
    row.save(force_insert=True)


def _forget_list_events(row: BatchList) -> None:
    Event.objects.filter(stream_id=row.pk, stream_kind=StreamKind.BATCH_LIST.value).update(
        stream_id=uuid.uuid4()
    )


def _enter_another(row: BatchList) -> None:
    entry = BatchEntry.objects.get(position=3)
    entry.delete()
    other = Filing.objects.exclude(pk=entry.filing_id).first()
    assert other is not None
    BatchEntry.objects.filter(filing=other).update(position=9)
    BatchList.objects.filter(pk=row.pk).update(count=2)


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_rename, "list_entries_altered"),
        (_drop_entry, "list_entries_altered"),
        (_swap_number, "list_entry_with_another_number"),
        (_move, "list_entry_in_another_province"),
        (_announce_otherwise, "row_differs_from_events"),
        (_count_on, "list_numbers_have_gaps"),
        (_alter_file, "list_file_altered"),
        (_lose_file, "list_file_missing"),
        (_state_another_digest, "list_file_not_in_manifest"),
        (_forget_file, "list_file_not_made"),
        (_foreign_file, "list_file_without_row"),
        (_alter_event, "event_altered"),
        (_alter_event, "list_manifest_not_as_published"),
        (_invent_list, "list_without_events"),
        (_forget_list_events, "events_without_row"),
        (_enter_another, "noted_entry_missing"),
    ],
)
def test_each_kind_of_tampering_is_named(
    batch_list: BatchList, tamper: Callable[[BatchList], None], code: str
) -> None:
    if connection.vendor == "postgresql":
        # What only the owner of the tables can do.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in PROTECTED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    tamper(batch_list)
    assert code in _codes()
