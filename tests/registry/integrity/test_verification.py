"""`check_register` finds every kind of tampering, and nothing in a register that is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from registry.integrity.register import verify_register
from registry.models import (
    Account,
    Applicant,
    Application,
    Attachment,
    Event,
    EventEffect,
    Filing,
    Membership,
    NumberHead,
    PaperCounter,
    PersonalParticulars,
    ReceiptCounter,
    RevisionFile,
)
from registry.models.applicant import document_index
from tests.builders import register as build
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db

EVENTS = "registry_event"


def without_triggers(table: str, statement: str) -> None:
    """What only the owner of the tables can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def alter_row() -> None:
    Filing.objects.update(service_name="改过的名称")


def alter_event() -> None:
    without_triggers(EVENTS, "UPDATE registry_event SET actor_role = 'auditor' WHERE sequence = 2")


def drop_last_event() -> None:
    Event.objects.get(act="issue_number").effects.all().delete()
    without_triggers(EVENTS, "DELETE FROM registry_event WHERE act = 'issue_number'")


def drop_middle_event() -> None:
    without_triggers(EVENTS, "DELETE FROM registry_event WHERE act = 'forward'")


def alter_revision() -> None:
    statement = """UPDATE registry_revision SET public_part = '{"service": {}}'"""
    without_triggers("registry_revision", statement)


def take_number_away() -> None:
    drop = "ALTER TABLE registry_filing DROP CONSTRAINT filing_number_belongs_to_standing"
    without_triggers("registry_filing", drop)
    Filing.objects.update(number=None)


def alter_check_character() -> None:
    filing = Filing.objects.get()
    assert filing.number is not None
    wrong = "1" if filing.number[-2] != "1" else "2"
    Filing.objects.update(number=f"{filing.number[:-2]}{wrong}号")


def alter_counter() -> None:
    NumberHead.objects.update(last_sequence=5)


def alter_head() -> None:
    NumberHead.objects.update(serial="00009999")


def remove_file() -> None:
    for attachment in Attachment.objects.all():
        (Path(settings.ATTACHMENT_ROOT) / attachment.storage_name).unlink()


def leave_file_behind() -> None:
    (Path(settings.ATTACHMENT_ROOT) / "stray").write_bytes(b"x")


def empty_payload() -> None:
    without_triggers(EVENTS, "UPDATE registry_event SET payload = 'null' WHERE sequence = 1")


def spoil_a_date() -> None:
    statement = """UPDATE registry_event SET payload = jsonb_set(payload, '{received_on}', '"soon"')"""
    without_triggers(EVENTS, f"{statement} WHERE sequence = 1")


def move_application() -> None:
    other = Filing.objects.exclude(pk=Filing.objects.earliest("opened_at").pk).get()
    Application.objects.exclude(filing=other).update(filing=other)


def forget_files_of_revision() -> None:
    RevisionFile.objects.all().delete()


def alter_digest_of_file() -> None:
    Attachment.objects.update(sha256="0" * 64)


def erase_personal_parts() -> None:
    PersonalParticulars.objects.all().delete()


def overwrite_files() -> None:
    for attachment in Attachment.objects.all():
        (Path(settings.ATTACHMENT_ROOT) / attachment.storage_name).write_bytes(b"x")


def alter_receipt_counter() -> None:
    ReceiptCounter.objects.update(last=9)


def lose_a_paper_number() -> None:
    PaperCounter.objects.create(mark="样例网信", year=2026, last=1)


def take_oneself_in() -> None:
    applicant = Applicant.objects.get()
    stranger = Account.objects.exclude(memberships__isnull=False).earliest("pk")
    Membership.objects.create(
        applicant=applicant, account=stranger, role="owner", created_at=applicant.created_at
    )


def put_out_the_owner() -> None:
    Membership.objects.update(revoked_at=build.MORNING)


def make_owner_an_editor() -> None:
    Membership.objects.update(role="editor")


def forget_history_of_members() -> None:
    without_triggers(EVENTS, "DELETE FROM registry_event WHERE stream_kind = 'membership'")


def spoil_history_of_members() -> None:
    without_triggers(EVENTS, "UPDATE registry_event SET act = 'left' WHERE stream_kind = 'membership'")


def alter_history_of_members() -> None:
    without_triggers(EVENTS, "UPDATE registry_event SET at = now() WHERE stream_kind = 'membership'")


def call_members_a_filing() -> None:
    without_triggers(EVENTS, "UPDATE registry_event SET stream_kind = 'filing'")


def move_history_of_members() -> None:
    statement = "UPDATE registry_event SET stream_id = actor_id WHERE stream_kind = 'membership'"
    without_triggers(EVENTS, statement)


def forget_an_effect() -> None:
    EventEffect.objects.filter(kind="paper", event__act="submit").delete()


def call_for_a_second_receipt() -> None:
    EventEffect.objects.create(event=Event.objects.get(act="forward"), kind="paper")


def say_that_somebody_was_told() -> None:
    EventEffect.objects.filter(kind="tell_applicant").update(done_at=build.MORNING, outcome="done")


def say_that_a_paper_was_made() -> None:
    EventEffect.objects.filter(kind="paper").update(done_at=build.MORNING, outcome="done")


def say_that_a_paper_is_for_nobody() -> None:
    EventEffect.objects.filter(kind="paper").update(done_at=build.MORNING, outcome="nobody")


def say_that_traits_are_for_nobody() -> None:
    EventEffect.objects.filter(kind="traits").update(done_at=build.MORNING, outcome="nobody")


def alter_document_of_applicant() -> None:
    applicant = Applicant.objects.get()
    index = document_index(applicant.document_type, "91110108MA01SAMPLE")
    Applicant.objects.update(credit_code="91110108MA01SAMPLE", document_index=index)


def alter_index_of_document() -> None:
    Applicant.objects.update(document_index="0" * 64)


def move_applicant() -> None:
    Applicant.objects.update(province_code=build.GUANGDONG)


TAMPERING: list[tuple[Callable[[], None], str]] = [
    (alter_row, "row_differs_from_events"),
    (alter_event, "event_altered"),
    (drop_last_event, "row_differs_from_events"),
    (drop_middle_event, "chain_broken"),
    (alter_revision, "revision_altered"),
    (take_number_away, "approved_without_number"),
    (alter_check_character, "number_malformed"),
    (alter_counter, "number_sequence_has_gaps"),
    (alter_head, "number_differs_from_head"),
    (remove_file, "file_missing"),
    (leave_file_behind, "file_without_row"),
    (empty_payload, "stream_does_not_fold"),
    (spoil_a_date, "stream_does_not_fold"),
    (forget_files_of_revision, "revision_files_differ"),
    (alter_digest_of_file, "file_altered"),
    (erase_personal_parts, "personal_part_missing"),
    (overwrite_files, "file_unreadable"),
    (alter_receipt_counter, "receipt_numbers_have_gaps"),
    (lose_a_paper_number, "paper_numbers_have_gaps"),
    (take_oneself_in, "member_differs_from_history"),
    (put_out_the_owner, "member_differs_from_history"),
    (make_owner_an_editor, "member_differs_from_history"),
    (forget_history_of_members, "applicant_without_history"),
    (spoil_history_of_members, "members_do_not_fold"),
    (alter_history_of_members, "event_altered"),
    (call_members_a_filing, "stream_does_not_fold"),
    (move_history_of_members, "event_in_another_stream"),
    (forget_an_effect, "effect_missing"),
    (call_for_a_second_receipt, "effect_not_called_for"),
    (say_that_somebody_was_told, "effect_without_result"),
    (say_that_a_paper_was_made, "effect_without_result"),
    (say_that_a_paper_is_for_nobody, "effect_without_result"),
    (say_that_traits_are_for_nobody, "effect_without_result"),
    (alter_document_of_applicant, "applicant_row_differs"),
    (alter_index_of_document, "applicant_row_differs"),
    (move_applicant, "applicant_row_differs"),
]


@pytest.mark.parametrize(("tamper", "code"), TAMPERING, ids=[tamper.__name__ for tamper, _ in TAMPERING])
def test_tampering_is_named(cast: Cast, tamper: Callable[[], None], code: str) -> None:
    build.in_force(cast)
    assert verify_register().violations == []
    tamper()
    assert code in {violation.code for violation in verify_register().violations}


def test_an_unreadable_document_number_is_named_and_does_not_end_the_check(cast: Cast) -> None:
    build.in_force(cast, nature="individual")
    assert verify_register().violations == []
    without_triggers("registry_applicant", "UPDATE registry_applicant SET document_number = 'x'")
    assert "applicant_document_unreadable" in {each.code for each in verify_register().violations}


def test_an_act_about_members_in_a_form_of_a_later_version_is_named(cast: Cast) -> None:
    build.submitted(cast)
    without_triggers(EVENTS, "UPDATE registry_event SET version = 2 WHERE stream_kind = 'membership'")
    assert "members_do_not_fold" in {each.code for each in verify_register().violations}


def test_an_application_under_another_filing_is_named(cast: Cast) -> None:
    build.in_force(cast)
    build.in_force(cast, at=build.MORNING + timedelta(days=1))
    assert verify_register().violations == []
    move_application()
    assert "application_in_another_stream" in {each.code for each in verify_register().violations}


def test_the_command_counts_and_exits_with_1_on_a_violation(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    build.in_force(cast)
    call_command("check_register")
    assert "checked 5 events, 1 filings, 1 applications, 1 revisions, 1 numbers" in capsys.readouterr().out
    alter_row()
    with pytest.raises(SystemExit) as end:
        call_command("check_register")
    assert end.value.code == 1


@pytest.mark.parametrize("statement", ["UPDATE registry_event SET act = 'x'", "DELETE FROM registry_event"])
def test_the_database_itself_refuses_to_alter_events(cast: Cast, statement: str) -> None:
    build.submitted(cast)
    assert Event.objects.filter(stream_kind="filing").count() == 1
    with pytest.raises(Exception, match="event_append_only"), connection.cursor() as cursor:
        cursor.execute(statement)
