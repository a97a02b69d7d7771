"""The check of the register on strikings off: nothing in one that is whole, and each kind of tampering by name."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from registry.endings import striking_off
from registry.integrity.register import verify_register
from registry.models import (
    Attachment,
    Event,
    Filing,
    StrikingOff,
    StrikingOffCounter,
    StrikingOffFile,
    StrikingOffPart,
)
from registry.rules.endings.lifecycle import StrikingOffState
from registry.rules.workflow.states import Act, Standing
from registry.storage import attachments, evidence
from tests.builders import batch as batches
from tests.builders import striking_off as build
from tests.builders.odd_pictures import png
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def proceeding(cast: Cast) -> StrikingOff:
    """A confirmed proceeding with a file, whose service goes on under the second filing."""
    filing, successor = batches.filings_in_force(cast, 2)
    files = evidence.take([SimpleUploadedFile("样例.png", png(), "image/png")])
    opened = build.proposed(cast, filing, successor_number=successor.number, files=files)
    return build.confirmed(cast, opened)


def test_a_striking_off_as_it_was_done_has_no_violation(proceeding: StrikingOff) -> None:
    assert StrikingOffPart.objects.count() == 2
    assert verify_register().violations == []


def test_what_was_erased_is_no_violation(proceeding: StrikingOff) -> None:
    StrikingOffPart.objects.all().delete()
    assert verify_register().violations == []


def test_a_file_that_was_exchanged_after_the_office_saw_it_is_named(proceeding: StrikingOff) -> None:
    (file,) = StrikingOffFile.objects.select_related("attachment")
    assert file.attachment is not None
    seen = {"file": str(file.pk), "sha256": file.attachment.sha256}
    told = {each.act: each.payload.get("seen") for each in striking_off.history_of(proceeding)}
    assert (told["strike_off_answered"], told["strike_off_confirmed"]) == ([seen], [seen])
    # Another picture, with a row that fits it.
    other = png((90, 90))
    attachments.STORE.write(file.attachment.pk, other)
    Attachment.objects.filter(pk=file.attachment.pk).update(
        sha256=hashlib.sha256(other).hexdigest(), size_bytes=len(other)
    )
    assert {each.code for each in verify_register().violations} == {"striking_off_file_not_as_seen"}


def _reopen(row: StrikingOff) -> None:
    StrikingOff.objects.filter(pk=row.pk).update(state=StrikingOffState.ANSWERED.value)


def _give_another_ground(row: StrikingOff) -> None:
    StrikingOff.objects.filter(pk=row.pk).update(ground="applicant_gone")


def _put_in_force(row: StrikingOff) -> None:
    Filing.objects.filter(pk=row.filing_id).update(standing=Standing.IN_FORCE.value)


def _give_the_filing_another_ground(row: StrikingOff) -> None:
    Filing.objects.filter(pk=row.filing_id).update(end_ground="applicant_gone")


def _forget_the_predecessor(_row: StrikingOff) -> None:
    Filing.objects.exclude(predecessor_numbers="").update(predecessor_numbers="")


def _write_otherwise(row: StrikingOff) -> None:
    part = StrikingOffPart.objects.get(proceeding=row, kind="statement")
    part.content = '{"text":"样例"}'
    part.save()


def _garble(row: StrikingOff) -> None:
    StrikingOffPart.objects.filter(proceeding=row, kind="answer").update(content=b"garbled")


def _invent(row: StrikingOff) -> None:
    row.pk, row.number = uuid.uuid4(), "2026-CX-000009"
    row.save(force_insert=True)


def _forget(row: StrikingOff) -> None:
    StrikingOffPart.objects.filter(proceeding=row).delete()
    StrikingOffFile.objects.filter(proceeding=row).delete()
    row.delete()


def _count_on(_row: StrikingOff) -> None:
    StrikingOffCounter.objects.update(last=9)


def _alter_file(_row: StrikingOff) -> None:
    attachments.STORE.write(Attachment.objects.get(slot="evidence").pk, b"x")


def _lose_file(_row: StrikingOff) -> None:
    attachments.STORE.remove(Attachment.objects.get(slot="evidence").pk)


def _state_another_digest(_row: StrikingOff) -> None:
    StrikingOffFile.objects.update(sha256="0" * 64)


def _alter_event(row: StrikingOff) -> None:
    event = Event.objects.filter(stream_id=row.pk).earliest("sequence")
    Event.objects.filter(pk=event.pk).update(payload={**event.payload, "reason": "样例：写明理由"})


def _break_event(row: StrikingOff) -> None:
    Event.objects.filter(stream_id=row.pk, sequence=1).update(payload={})


def _strike_off_for_another_reason(row: StrikingOff) -> None:
    event = Event.objects.get(filing=row.filing_id, act=Act.STRIKE_OFF.value)
    Event.objects.filter(pk=event.pk).update(payload={**event.payload, "reason": "样例：写明理由"})


def _break_striking_off(row: StrikingOff) -> None:
    Event.objects.filter(filing=row.filing_id, act=Act.STRIKE_OFF.value).update(payload={})


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_reopen, "row_differs_from_events"),
        (_reopen, "struck_off_without_proceeding"),
        (_give_another_ground, "row_differs_from_events"),
        (_put_in_force, "row_differs_from_events"),
        (_give_the_filing_another_ground, "row_differs_from_events"),
        (_forget_the_predecessor, "succession_of_one_side"),
        (_write_otherwise, "striking_off_part_altered"),
        (_garble, "striking_off_part_unreadable"),
        (_invent, "row_without_events"),
        (_invent, "proceeding_without_striking_off"),
        (_forget, "events_without_row"),
        (_count_on, "striking_off_numbers_have_gaps"),
        (_alter_file, "file_altered"),
        (_lose_file, "file_missing"),
        (_state_another_digest, "striking_off_file_not_as_received"),
        (_alter_event, "event_altered"),
        (_break_event, "stream_does_not_fold"),
        (_strike_off_for_another_reason, "struck_off_without_proceeding"),
        (_break_striking_off, "striking_off_unreadable"),
    ],
)
def test_each_kind_of_tampering_is_named(
    proceeding: StrikingOff, tamper: Callable[[StrikingOff], None], code: str
) -> None:
    if connection.vendor == "postgresql":
        # What only the owner of the tables can do.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE registry_event DISABLE TRIGGER USER")
    tamper(proceeding)
    assert code in {violation.code for violation in verify_register().violations}
