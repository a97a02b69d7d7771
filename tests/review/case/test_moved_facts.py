"""A case that waited while its applicant changed: decided on the facts in force, with what moved beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from registry import clock
from registry.book.held_facts import materials_as_of
from registry.book.in_force import applicant_materials_in_force
from registry.documents import statement_code
from registry.files.access import may_read
from registry.models import Account, Applicant, Attachment
from registry.presentation.timeline import timeline
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.access import office_of
from review.case.case import Case
from review.desk.checklist import MarkRefused, checklist_of, mark
from review.models import ChecklistMark
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, approve, change_applicant
from tests.review.officers import mark_all, seen, sign_in, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW_NAME = "样例三鼎源区块链有限公司"
MOVED = {
    "applicant.name": NEW_NAME,
    "applicant.division_code": GUANGDONG_DIVISION,
    "applicant.mailing_address": "样例市样例路二号",
    "person_in_charge.name": "样例新负责人",
}
PROOFS = ("attachments.organisation_certificate", "attachments.person_in_charge_document")
LATER = MORNING + 7 * HOUR


def pending_before(cast: Cast) -> tuple[SampleCase, Applicant]:
    """A first filing in provincial review, and its applicant, which another filing has established."""
    applicant = build.in_force(cast).application.applicant
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = "样例服务二"
    return walk.submit(materials, member=cast.member, at=MORNING + 4 * HOUR), applicant


def move(cast: Cast, applicant: Applicant) -> None:
    changed = change_applicant(cast, applicant, MOVED, at=MORNING + 5 * HOUR)
    approve(cast, changed, at=MORNING + 6 * HOUR)


def at_desk(case: SampleCase, officer: Account) -> Case:
    return Case(case.application, officer, at=LATER)


def test_the_rows_and_documents_are_those_in_force_with_what_was_submitted_beside_them(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    former = materials_as_of(pending.application)
    move(cast, applicant)
    page = at_desk(pending, cast.provincial)
    rows = {row.key: row for section in page.sections for row in section.rows}
    held = applicant_materials_in_force(Applicant.objects.get(pk=applicant.pk))
    assert [value_of(page.materials, key) for key in MOVED] == list(MOVED.values())
    assert rows["applicant.name"].value == NEW_NAME
    assert rows["applicant.name"].before == former["applicant"]["name"]
    assert {change.key for change in page.moved_facts} == {*MOVED, *PROOFS}
    assert {key for key, row in rows.items() if row.changed} == {*MOVED, *PROOFS}
    shown = [document.file.id for document in page.viewer().documents]
    assert held["attachments"]["organisation_certificate"][0]["id"] in shown
    assert rows["applicant.name"].form.compare[0].url == page.viewer().documents[0].url


def test_nothing_is_said_to_have_moved_where_nothing_has(cast: Cast) -> None:
    pending, _applicant = pending_before(cast)
    page = at_desk(pending, cast.provincial)
    assert page.moved_facts == []
    assert not any(row.changed for section in page.sections for row in section.rows)


PLACE = "applicant.division_code"


def test_a_mark_on_a_fact_that_has_moved_is_asked_again_and_no_other(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    mark_all(pending, cast.provincial, at=MORNING + 4 * HOUR)
    before = checklist_of(pending.application, office_of(cast.provincial))
    assert before.is_answered
    move(cast, applicant)
    checklist = checklist_of(pending.application, office_of(cast.provincial))
    # The credit code had named the former place, so nobody had marked it; it does not name the new one.
    assert checklist.fallen == {*MOVED, *PROOFS} - {PLACE}
    assert PLACE not in before.wanted
    assert PLACE in checklist.wanted
    mark_all(pending, cast.provincial, at=LATER)
    assert checklist_of(pending.application, office_of(cast.provincial)).is_answered


def test_a_mark_from_a_page_with_the_former_facts_is_refused(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    with clock.stopped_at(MORNING + 4 * HOUR):
        control = at_desk(pending, cast.provincial).control_of("applicant.name")
    move(cast, applicant)
    with clock.stopped_at(LATER):
        client = sign_in(cast.provincial)
        data = {"key": "applicant.name", "verdict": "fine", "revision": "1"}
        client.post(control.action_url, data)
        assert not ChecklistMark.objects.exists()
        client.post(at_desk(pending, cast.provincial).control_of("applicant.name").action_url, data)
        assert ChecklistMark.objects.count() == 1


def test_what_was_decided_stays_as_it_was_decided(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    move(cast, applicant)
    mark_all(pending, cast.provincial, at=LATER)
    approve(cast, pending, at=LATER)
    applicant.refresh_from_db()
    again = change_applicant(cast, applicant, {"applicant.name": "样例第三名称"}, at=LATER + HOUR)
    approve(cast, again, at=LATER + 2 * HOUR)
    page = Case(pending.application, cast.provincial, at=LATER + 3 * HOUR)
    assert value_of(page.materials, "applicant.name") == NEW_NAME
    assert page.checklist.is_answered


def test_the_office_that_has_the_case_reads_the_documents_of_an_applicant_that_moved_away(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    change_applicant(cast, applicant, MOVED, at=MORNING + 5 * HOUR)
    asked = Applicant.objects.get(pk=applicant.pk)
    change = asked.applications.get(kind=Kind.APPLICANT_CHANGE.value)
    approve(cast, SampleCase(change.pk, cast.member), at=MORNING + 6 * HOUR)
    held = applicant_materials_in_force(Applicant.objects.get(pk=applicant.pk))
    licence = Attachment.objects.get(pk=held["attachments"]["organisation_certificate"][0]["id"])
    assert may_read(licence, cast.provincial)
    walk.act(pending, Act.WITHDRAW, by=cast.member, at=LATER)
    own = change.province_code == cast.provincial.province_code
    assert may_read(licence, cast.provincial) == own


def test_a_service_change_and_a_cancellation_are_decided_on_the_facts_in_force(cast: Cast) -> None:
    asked = build.change_asked(cast, at=MORNING + timedelta(days=1))
    applicant = asked.application.applicant
    changed = change_applicant(cast, applicant, MOVED, at=MORNING + timedelta(days=1, hours=1))
    approve(cast, changed, at=MORNING + timedelta(days=1, hours=2))
    page = Case(asked.application, cast.provincial, at=MORNING + timedelta(days=1, hours=3))
    assert value_of(page.materials, "applicant.name") == NEW_NAME
    assert [change.key for change in page.changes] == ["service.description"]
    changed_rows = {row.key for section in page.sections for row in section.rows if row.changed}
    assert changed_rows == {*MOVED, *PROOFS, "service.description"}


def test_the_proposal_of_a_change_of_the_applicant_is_never_replaced(cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    asked = change_applicant(cast, applicant, MOVED, at=MORNING + 5 * HOUR)
    assert value_of(materials_as_of(asked.application), "applicant.name") == NEW_NAME
    assert at_desk(asked, cast.provincial).moved_facts == []


def test_the_pages_say_what_moved(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    move(cast, applicant)
    with clock.stopped_at(LATER):
        page = sign_in(cast.provincial).get(url("case", pending)).content.decode()
        own = sign_in(cast.member).get(reverse("applicants:application", args=[pending.application_id]))
    assert "The applicant has changed since this was submitted" in page
    assert "The applicant has changed since this was submitted" in own.content.decode()
    assert {change.key for change in own.context["moved_facts"]} == {*MOVED, *PROOFS}
    assert NEW_NAME in own.content.decode()


def test_a_mark_on_what_moved_is_refused_before_the_ledger_too(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    move(cast, applicant)
    with pytest.raises(MarkRefused):
        mark(
            pending.application,
            ["applicant.name"],
            verdict=ChecklistMark.Verdict.FINE,
            revision_number=seen(pending.application)["revision"],
            officer=cast.provincial,
            at=LATER,
            facts_seen="",
        )


def test_the_history_names_the_applicant_only_where_its_name_is_new(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    changed = change_applicant(cast, applicant, {"applicant.group_name": "样例集团"}, at=MORNING + 5 * HOUR)
    approve(cast, changed, at=MORNING + 6 * HOUR)
    applicant.refresh_from_db()
    again = change_applicant(cast, applicant, {"applicant.name": NEW_NAME}, at=MORNING + 6 * HOUR)
    approve(cast, again, at=MORNING + 6 * HOUR)
    with override("en"):
        lines = [entry.text.splitlines() for entry in timeline(pending.application, internal=True)[1:]]
    assert [len(each) for each in lines] == [1, 2]
    assert lines[1][0] == f"The applicant is now: {NEW_NAME}"


def test_the_check_code_asked_for_is_that_of_the_statement_that_was_signed(cast: Cast) -> None:
    pending, applicant = pending_before(cast)
    code = statement_code(materials_as_of(pending.application))
    move(cast, applicant)
    texts = [check.text for check in at_desk(pending, cast.provincial).checks]
    assert any(code in text for text in texts)
