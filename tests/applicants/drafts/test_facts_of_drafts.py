"""A draft of a registered applicant shows, checks and submits the applicant as the register has it now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from applicants.amendments.amendment import start_amendment
from applicants.changes.change import start_applicant_change, start_change
from applicants.drafts.joint import copy_service
from applicants.drafts.pages.frame import examine
from applicants.drafts.store import copy_application, start_draft
from applicants.models import Draft
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.book.in_force import applicant_materials_in_force
from registry.book.revisions import get_revision, materials_of
from registry.models import Applicant
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.amendments.amending import rejected_for
from tests.applicants.pages import Desk, desk_at, value_in
from tests.builders import register as build
from tests.builders.register import (
    GUANGDONG_DIVISION,
    MORNING,
    Cast,
    approve,
    change_applicant,
    new_proofs,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW_NAME = "样例三鼎源区块链有限公司"
NEW_PERSON = "样例新负责人"
MOVED = {
    "applicant.name": NEW_NAME,
    "applicant.division_code": GUANGDONG_DIVISION,
    "applicant.mailing_address": "样例市样例路二号",
    "person_in_charge.name": NEW_PERSON,
}
OTHER_NUMBER = "110101199003071233"
PROOFS = ("organisation_certificate", "person_in_charge_document")


def change(cast: Cast, applicant: Applicant, values: Mapping[str, str] = MOVED, *, after: int = 4) -> None:
    at = MORNING + after * HOUR
    approve(cast, change_applicant(cast, applicant, values, at=at), at=at + HOUR)


def proofs_in(materials: Mapping[str, Any]) -> list[list[str]]:
    return [[file["sha256"] for file in materials["attachments"].get(name, ())] for name in PROOFS]


def second_service(desk: Desk, cast: Cast, applicant: Applicant) -> Draft:
    """A complete draft of another service, with its statement signed."""
    draft = desk.start(applicant.pk)
    desk.fill(draft, build.materials_for(cast, seed=2))
    desk.upload_all(draft)
    return draft


def test_what_is_submitted_after_a_change_of_the_applicant_has_its_name_and_its_documents(
    desk: Desk, cast: Cast
) -> None:
    applicant = build.in_force(cast).application.applicant
    draft = second_service(desk, cast, applicant)
    former = proofs_in(draft.materials)
    change(cast, applicant)
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        # The statement names the former applicant: it is asked for again, and before the last button.
        page = later.get("check", draft.pk).content.decode()
        assert reverse("applicants:submit", args=[draft.pk]) not in page
        assert {point.key for point in examine(Draft.objects.get(pk=draft.pk)).points} == set()
        assert later.upload(draft, "authenticity_statement").status_code == 302
        assert later.submit(draft).status_code == 302
    draft.refresh_from_db()
    assert draft.application_id is not None
    sent = materials_of(get_revision(draft.application_id, 1))
    held = applicant_materials_in_force(Applicant.objects.get(pk=applicant.pk))
    assert [value_of(sent, key) for key in MOVED] == list(MOVED.values())
    assert proofs_in(sent) == proofs_in(held) != former


def test_pages_of_a_draft_show_no_former_fact(desk: Desk, cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    former = applicant.name
    draft = second_service(desk, cast, applicant)
    pages = [desk.get("section", draft.pk, "applicant"), desk.get("check", draft.pk), desk.get("dashboard")]
    assert all(former in page.content.decode() for page in pages)
    change(cast, applicant)
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        page = later.get("section", draft.pk, "applicant").content.decode()
        assert NEW_NAME in page
        assert "样例市样例路二号" in page
        found = later.get("dashboard").context["drafts"]
        assert [row.applicant_name for row in found] == [NEW_NAME]
        # What the draft held is named once more, beside what the register has now.
        moved = later.get("check", draft.pk).context["moved_facts"]
        assert {each.key for each in moved} >= {*MOVED, *(f"attachments.{name}" for name in PROOFS)}


def test_a_document_uploaded_in_the_draft_after_the_change_stays(desk: Desk, cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    change(cast, applicant)
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        draft = later.start(applicant.pk)
        held = applicant_materials_in_force(Applicant.objects.get(pk=applicant.pk))
        assert proofs_in(draft.materials) == proofs_in(held)
        name = PROOFS[0]
        file = draft.materials["attachments"][name][0]["id"]
        assert later.post("remove_file", draft.pk, file).status_code == 302
        own = walk.sample_scan("own")
        assert later.upload(draft, name, content=own).status_code == 302
        draft.refresh_from_db()
        assert proofs_in(draft.materials)[0] != proofs_in(held)[0]
        change(cast, Applicant.objects.get(), {"applicant.group_name": "样例集团"}, after=7)
        later.get("check", draft.pk)
        draft.refresh_from_db()
        assert later.upload(draft, "product_introduction").status_code == 302
        kept = proofs_in(draft.materials)[0]
        draft.refresh_from_db()
        assert proofs_in(draft.materials)[0] == kept


def test_services_submitted_together_take_the_facts_together(desk: Desk, cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    first = second_service(desk, cast, applicant)
    second = copy_service(first.pk, new_id=uuid.uuid4(), account=cast.member, at=MORNING)
    change(cast, applicant)
    held = applicant_materials_in_force(Applicant.objects.get(pk=applicant.pk))
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        examined = later.get("check", first.pk).context["parts"]
        assert len(examined) == 2
        assert later.upload(first, "authenticity_statement").status_code == 302
    for draft in (first, second):
        draft.refresh_from_db()
        assert value_of(draft.materials, "applicant.name") == NEW_NAME
        assert proofs_in(draft.materials) == proofs_in(held)


def test_a_declaration_made_for_former_facts_is_made_again(desk: Desk, cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    draft = second_service(desk, cast, applicant)
    page = desk.get("check", draft.pk).content.decode()
    # Nothing that the statement prints: only the page that was seen tells.
    change(cast, applicant, {"applicant.group_name": "样例集团"})
    sent = {name: value_in(page, name) for name in ("version", "facts")}
    assert desk.post("submit", draft.pk, data={**sent, "declaration": "yes"}).status_code == 409
    assert desk.submit(draft).status_code == 302


def test_a_change_of_a_service_begun_before_names_the_applicant_as_it_is(cast: Cast) -> None:
    case = build.in_force(cast)
    draft = start_change(build.filing_of(case), account=cast.member, at=MORNING + 4 * HOUR)
    change(cast, case.application.applicant)
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        page = later.get("check", draft.pk)
        assert page.context["changes"] == []
        materials = page.context["matter"].draft.materials
    assert [value_of(materials, key) for key in MOVED] == list(MOVED.values())


def test_a_change_of_the_applicant_begun_before_another_brings_nothing_former_back(cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    draft = start_applicant_change(applicant, account=cast.member, at=MORNING + 3 * HOUR)
    materials = draft.materials
    materials["applicant"]["group_name"] = "样例集团"
    draft.materials = materials
    draft.save()
    change(cast, applicant)
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        changes = later.get("check", draft.pk).context["changes"]
    assert [each.key for each in changes] == ["applicant.group_name"]


def test_an_amendment_begun_before_takes_the_facts_and_their_documents(cast: Cast) -> None:
    pending = rejected_for(cast, "service.description")
    applicant = build.in_force(cast).application.applicant
    draft = start_amendment(pending.application, account=cast.member, at=MORNING + 4 * HOUR)
    change(cast, applicant)
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        materials = later.get("check", draft.pk).context["matter"].draft.materials
    held = applicant_materials_in_force(Applicant.objects.get(pk=applicant.pk))
    assert [value_of(materials, key) for key in MOVED] == list(MOVED.values())
    assert proofs_in(materials) == proofs_in(held)


def test_a_copy_of_a_withdrawn_filing_takes_the_facts_and_their_documents(cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    withdrawn = walk.submit(build.materials_for(cast), member=cast.member, at=MORNING + 3 * HOUR)
    walk.act(withdrawn, Act.WITHDRAW, by=cast.member, at=MORNING + 3 * HOUR)
    change(cast, applicant)
    copied = copy_application(withdrawn.application, account=cast.member, at=MORNING + 6 * HOUR)
    held = applicant_materials_in_force(Applicant.objects.get(pk=applicant.pk))
    assert value_of(copied.materials, "applicant.name") == NEW_NAME
    assert proofs_in(copied.materials) == proofs_in(held)


def test_a_new_draft_takes_no_document_of_a_change_that_is_not_decided(cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    held = applicant_materials_in_force(applicant)
    change_applicant(cast, applicant, MOVED, at=MORNING + 4 * HOUR)
    draft = start_draft(cast.member, applicant=applicant, at=MORNING + 5 * HOUR)
    assert proofs_in(draft.materials) == proofs_in(held)


def test_an_individual_with_a_new_document_submits_what_was_begun_with_the_former_one(cast: Cast) -> None:
    applicant = build.in_force(cast, nature="individual").application.applicant
    draft = start_draft(cast.member, applicant=applicant, at=MORNING + 3 * HOUR)
    number = OTHER_NUMBER
    assert value_of(draft.materials, "applicant.document_number") != number
    renew_document(cast, applicant, number)
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        materials = later.get("check", draft.pk).context["matter"].draft.materials
    assert value_of(materials, "applicant.document_number") == number
    held = applicant_materials_in_force(Applicant.objects.get(pk=applicant.pk))
    slot = "identity_document_front"
    assert materials["attachments"][slot] == held["attachments"][slot] != draft.materials["attachments"][slot]


def renew_document(cast: Cast, applicant: Applicant, number: str) -> None:
    """A change of the applicant's own document, approved."""
    at = MORNING + 4 * HOUR
    before = applicant_materials_in_force(applicant)
    materials = {**before, "applicant": {**before["applicant"], "document_number": number}}
    proofs = new_proofs(before, materials, member=cast.member, at=at)
    materials["attachments"] = {**before["attachments"], **proofs}
    days = [{"key": "applicant.document_number", "changed_on": "2026-02-27"}]
    request = Request(materials=materials, details={"changes": days}, declaration_accepted=True)
    event = ledger.submit(
        Kind.APPLICANT_CHANGE, applicant_id=applicant.pk, actor=Actor.of(cast.member), request=request, at=at
    )
    assert event.application_id is not None
    approve(cast, SampleCase(event.application_id, cast.member), at=at + HOUR)
