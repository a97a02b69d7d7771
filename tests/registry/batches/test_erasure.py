"""Who objected is erased once the time to keep it is over, and the register stays whole."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from registry import clock, tasks
from registry.batches import erasure, objections
from registry.book.act_request import Actor
from registry.integrity.register import verify_register
from registry.models import BatchList, Objection, ObjectionFile, ObjectionPart
from registry.rules.objections.lifecycle import ObjectionAct
from registry.storage import attachments, evidence
from registry.storage.objection_parts import statement_of, text_of
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders import striking_off as proceedings
from tests.builders.objection import OBJECTING
from tests.builders.odd_pictures import png
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch_list(cast: Cast) -> BatchList:
    """A published list of two filings."""
    batches.filings_in_force(cast, 2)
    return batches.published(cast)


def refused(cast: Cast, batch_list: BatchList) -> Objection:
    """An objection with a file that was not admitted."""
    files = evidence.take([SimpleUploadedFile("样例.png", png(), "image/png")])
    objection = build.received(batch_list, files=files).objection
    return objections.explain(
        objection.pk,
        act=ObjectionAct.REFUSE,
        actor=Actor.of(cast.national),
        explanation=build.REASONS,
        at=OBJECTING + timedelta(days=1),
    )


def _attachment_id() -> uuid.UUID:
    attachment_id = ObjectionFile.objects.get().attachment_id
    assert attachment_id is not None
    return attachment_id


def day_after_retention(objection: Objection) -> datetime:
    assert objection.closed_at is not None
    ended_on = clock.china_date(objection.closed_at)
    return clock.start_of(ended_on + timedelta(days=settings.OBJECTION_RETENTION_DAYS + 1))


def test_name_contact_text_and_files_go_and_the_chain_stays(
    cast: Cast, batch_list: BatchList, django_capture_on_commit_callbacks: object
) -> None:
    objection = refused(cast, batch_list)
    path = attachments.STORE.path(_attachment_id())
    due = day_after_retention(objection)
    assert erasure.to_erase(due - timedelta(seconds=1)) == []
    assert erasure.erase(objection.pk, at=due - timedelta(seconds=1)) is False
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert [erasure.erase(each, at=due) for each in erasure.to_erase(due)] == [True]
    assert (statement_of(objection), ObjectionFile.objects.count(), path.exists()) == (None, 0, False)
    assert objections.reasons_of(objection) == build.REASONS
    assert (erasure.to_erase(due), erasure.erase(objection.pk, at=due)) == ([], False)
    assert verify_register().violations == []


def test_what_the_applicant_was_asked_and_answered_stays(cast: Cast, batch_list: BatchList) -> None:
    objection = build.decided(cast, batch_list, uphold=False)
    assert erasure.erase(objection.pk, at=day_after_retention(objection))
    assert text_of(objection, ObjectionPart.Kind.QUESTION) == build.QUESTION
    assert text_of(objection, ObjectionPart.Kind.ANSWER) == build.ANSWER
    assert verify_register().violations == []


def test_an_open_objection_is_kept_however_long(batch_list: BatchList) -> None:
    build.received(batch_list)
    assert erasure.to_erase(OBJECTING + timedelta(days=9999)) == []


def test_what_an_open_striking_off_rests_on_is_kept_until_it_ends(cast: Cast, batch_list: BatchList) -> None:
    objection = build.decided(cast, batch_list, uphold=True)
    due = day_after_retention(objection)
    proceeding = proceedings.proposed(cast, objection.filing)
    type(proceeding).objects.filter(pk=proceeding.pk).update(objection=objection)
    assert (erasure.to_erase(due), erasure.erase(objection.pk, at=due)) == ([], False)
    type(proceeding).objects.filter(pk=proceeding.pk).update(closed_at=due)
    assert erasure.to_erase(due) == [objection.pk]


def test_killed_before_the_files_are_gone_the_sweep_removes_them(cast: Cast, batch_list: BatchList) -> None:
    objection = refused(cast, batch_list)
    path = attachments.STORE.path(_attachment_id())
    due = day_after_retention(objection)
    # The callbacks after the commit never run.
    assert erasure.erase(objection.pk, at=due)
    assert path.exists()
    with clock.stopped_at(due):
        tasks.sweep_attachments()
    assert not path.exists()
    assert verify_register().violations == []


def test_the_job_and_the_command_erase_each_objection_once(
    cast: Cast, batch_list: BatchList, capsys: pytest.CaptureFixture[str]
) -> None:
    objection = refused(cast, batch_list)
    with clock.stopped_at(day_after_retention(objection)):
        call_command("erase_objectors", "--dry-run")
        call_command("erase_objectors")
        assert tasks.erase_objectors() == 0
    assert capsys.readouterr().out.splitlines() == ["Objections to erase: 1.", "Objections erased: 1."]
