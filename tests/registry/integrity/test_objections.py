"""The check of the register on objections: it finds nothing in one that is whole, and names what was tampered with."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from registry.batches import objections
from registry.book.act_request import Actor
from registry.integrity.register import verify_register
from registry.models import (
    Attachment,
    BatchEntry,
    Event,
    Objection,
    ObjectionCounter,
    ObjectionFile,
    ObjectionPart,
)
from registry.rules.objections.lifecycle import ObjectionAct, ObjectionState
from registry.storage import attachments, evidence
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders.odd_pictures import png
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def objection(cast: Cast) -> Objection:
    """An answered objection to the first entry, beside one with a file to the second."""
    batches.filings_in_force(cast, 2)
    batch_list = batches.published(cast)
    files = evidence.take([SimpleUploadedFile("样例.png", png(), "image/png")])
    build.received(batch_list, position=2, files=files)
    return build.answered(cast, batch_list)


def _codes() -> set[str]:
    return {violation.code for violation in verify_register().violations}


def test_objections_as_they_were_received_have_no_violation(objection: Objection) -> None:
    assert ObjectionPart.objects.count() == 4
    assert verify_register().violations == []


def test_what_was_erased_is_no_violation(objection: Objection) -> None:
    ObjectionPart.objects.filter(objection=objection).delete()
    assert verify_register().violations == []


def test_a_file_that_was_exchanged_after_the_office_saw_it_is_named(cast: Cast, objection: Objection) -> None:
    (file,) = ObjectionFile.objects.select_related("objection", "attachment")
    assert file.attachment is not None
    seen = {"file": str(file.pk), "sha256": file.attachment.sha256}
    office, head = Actor.of(cast.national), Actor.of(cast.national_head)
    admitted = objections.admit(file.objection_id, actor=office, at=build.OBJECTING)
    assert objections.history_of(admitted)[-1].payload["seen"] == [seen]
    objections.send(admitted.pk, actor=office, text=build.QUESTION, at=build.OBJECTING)
    later = build.OBJECTING + timedelta(days=30)
    proposed = objections.explain(
        admitted.pk, act=ObjectionAct.PROPOSE_UPHOLDING, actor=office, explanation=build.REASONS, at=later
    )
    decided = objections.confirm(proposed.pk, actor=head, at=later)
    assert [each.payload["seen"] for each in objections.history_of(decided)[-2:]] == [[seen], [seen]]
    assert _codes() == set()
    # Another picture, with a row that fits it.
    other = png((90, 90))
    attachments.STORE.write(file.attachment.pk, other)
    Attachment.objects.filter(pk=file.attachment.pk).update(
        sha256=hashlib.sha256(other).hexdigest(), size_bytes=len(other)
    )
    assert _codes() == {"objection_file_not_as_seen"}


def test_a_file_that_the_office_saw_and_that_was_erased_is_no_violation(
    cast: Cast, objection: Objection
) -> None:
    (file,) = ObjectionFile.objects.all()
    objections.admit(file.objection_id, actor=Actor.of(cast.national), at=build.OBJECTING)
    file.delete()
    assert verify_register().violations == []


def _decide(row: Objection) -> None:
    Objection.objects.filter(pk=row.pk).update(state=ObjectionState.DISMISSED.value)


def _make_late(row: Objection) -> None:
    Objection.objects.filter(pk=row.pk).update(in_time=False)


def _object_to_another(row: Objection) -> None:
    entry = BatchEntry.objects.exclude(pk=row.entry_id).get()
    Objection.objects.filter(pk=row.pk).update(filing=entry.filing)


def _write_otherwise(row: Objection) -> None:
    part = ObjectionPart.objects.get(objection=row, kind="statement")
    part.content = '{"contact":"+8613900000001","facts":"样例","name":"样例"}'
    part.save()


def _garble(row: Objection) -> None:
    ObjectionPart.objects.filter(objection=row, kind="answer").update(content=b"garbled")


def _invent(row: Objection) -> None:
    row.pk, row.receipt_number, row.link_digest = uuid.uuid4(), "2026-YY-000009", None
    row.save(force_insert=True)


def _forget(row: Objection) -> None:
    ObjectionPart.objects.filter(objection=row).delete()
    row.delete()


def _count_on(_row: Objection) -> None:
    ObjectionCounter.objects.update(last=9)


def _alter_file(_row: Objection) -> None:
    attachments.STORE.write(Attachment.objects.get(slot="evidence").pk, b"x")


def _lose_file(_row: Objection) -> None:
    attachments.STORE.remove(Attachment.objects.get(slot="evidence").pk)


def _state_another_digest(_row: Objection) -> None:
    ObjectionFile.objects.update(sha256="0" * 64)


def _state_other_bytes_received(_row: Objection) -> None:
    Attachment.objects.filter(slot="evidence").update(received_sha256="0" * 64)


def _foreign_file(_row: Objection) -> None:
    evidence.OBJECTION_FILES.write(uuid.uuid4(), b"x")


def _alter_event(row: Objection) -> None:
    event = Event.objects.filter(stream_id=row.pk).earliest("sequence")
    Event.objects.filter(pk=event.pk).update(payload={**event.payload, "in_time": False})


def _break_event(row: Objection) -> None:
    Event.objects.filter(stream_id=row.pk, sequence=1).update(payload={})


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_decide, "row_differs_from_events"),
        (_make_late, "row_differs_from_events"),
        (_object_to_another, "objection_to_another_filing"),
        (_write_otherwise, "objection_part_altered"),
        (_garble, "objection_part_unreadable"),
        (_invent, "row_without_events"),
        (_forget, "events_without_row"),
        (_count_on, "objection_numbers_have_gaps"),
        (_alter_file, "file_altered"),
        (_lose_file, "file_missing"),
        (_state_other_bytes_received, "objection_file_not_as_received"),
        (_state_another_digest, "objection_file_not_as_received"),
        (_foreign_file, "objection_file_without_row"),
        (_alter_event, "event_altered"),
        (_break_event, "stream_does_not_fold"),
    ],
)
def test_each_kind_of_tampering_is_named(
    objection: Objection, tamper: Callable[[Objection], None], code: str
) -> None:
    if connection.vendor == "postgresql":
        # What only the owner of the tables can do.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE registry_event DISABLE TRIGGER USER")
    tamper(objection)
    assert code in _codes()
