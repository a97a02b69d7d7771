"""A registered applicant files again: its facts come from the register, whatever was typed or approved meanwhile."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from applicants.changes.change import FilingChange, start_applicant_change, start_change
from applicants.models import Draft
from registry.book.in_force import applicant_materials_in_force
from registry.models import Applicant, Application
from registry.rules.workflow.states import Kind
from registry.sample import walk
from tests.applicants.pages import Desk
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast
from tests.registry.book.test_applicant_facts import approve, change_applicant

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_a_second_service_is_filed_through_the_forms(desk: Desk, cast: Cast) -> None:
    case = build.in_force(cast)
    draft = desk.start(case.application.applicant_id)
    desk.fill(draft, build.materials_for(cast, seed=2))
    desk.upload_all(draft)
    assert desk.submit(draft).status_code == 302
    draft.refresh_from_db()
    assert draft.application_id is not None
    second = Application.objects.get(pk=draft.application_id)
    assert second.applicant_id == case.application.applicant_id


def test_a_draft_begun_before_a_change_of_the_applicant_takes_the_new_facts(desk: Desk, cast: Cast) -> None:
    case = build.in_force(cast)
    applicant = case.application.applicant
    draft = desk.start(applicant.pk)
    desk.fill(draft, build.materials_for(cast, seed=2))
    desk.upload_all(draft)
    changed = change_applicant(cast, applicant, {"applicant.group_name": "样例集团"}, at=MORNING + 4 * HOUR)
    approve(cast, changed, at=MORNING + 5 * HOUR)
    desk.submit(draft)
    draft.refresh_from_db()
    assert draft.materials["applicant"]["group_name"] == "样例集团"


def test_a_service_change_begun_before_a_move_says_nothing_of_the_applicant(cast: Cast) -> None:
    case = build.in_force(cast)
    applicant, filing = case.application.applicant, build.filing_of(case)
    draft = start_change(filing, account=cast.member, at=MORNING + 4 * HOUR)
    materials = deepcopy(draft.materials)
    materials["service"]["description"] += "样例"
    draft.materials = materials
    draft.save()
    values = {"applicant.name": "样例迁址有限公司", "applicant.division_code": GUANGDONG_DIVISION}
    approve(cast, change_applicant(cast, applicant, values, at=MORNING + 5 * HOUR), at=MORNING + 6 * HOUR)
    change = FilingChange(Draft.objects.get(pk=draft.pk))
    assert change.changed(draft.materials) == ("service.description",)


def test_an_applicant_without_a_filing_in_force_can_still_be_changed(cast: Cast) -> None:
    case = build.in_force(cast)
    applicant = Applicant.objects.get()
    filing = build.filing_of(case)
    at = MORNING + timedelta(days=1)
    cancelled = walk.submit(
        applicant_materials_in_force(applicant),
        member=cast.member,
        at=at,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={
            "ends_on": "2026-03-03",
            "arrangement": "样例安排",
            "late_reason": "样例原因",
        },
    )
    approve(cast, cancelled, at=at + HOUR)
    filing.refresh_from_db()
    assert filing.standing == "cancelled"
    draft = start_applicant_change(applicant, account=cast.member, at=at + 2 * HOUR)
    assert draft.materials["applicant"]["name"] == applicant.name
