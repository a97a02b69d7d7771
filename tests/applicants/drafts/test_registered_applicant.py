"""A registered applicant files again: its facts come from the register, whatever was typed or approved meanwhile."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.urls import reverse

from applicants.changes.change import FilingChange, start_change
from applicants.models import Draft
from registry.book.in_force import applicant_materials_in_force
from registry.book.revisions import get_revision, materials_of
from registry.models import Applicant, Application, Filing
from registry.rules.workflow.states import Kind
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.amendments.amending import answer_reasons, begin, mend, rejected_for
from tests.applicants.pages import Desk, as_form, desk_at
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, approve, change_applicant

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


def cancelled_filing(cast: Cast) -> Filing:
    """The only filing of its applicant, approved and then cancelled."""
    filing = build.filing_of(build.in_force(cast))
    at = MORNING + timedelta(days=1)
    cancelled = walk.submit(
        applicant_materials_in_force(Applicant.objects.get()),
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
    return filing


def test_an_applicant_without_a_filing_in_force_can_still_be_changed(cast: Cast) -> None:
    filing = cancelled_filing(cast)
    with desk_at(MORNING + timedelta(days=7), cast) as desk:
        page = desk.get("filing", filing.pk).content.decode()
        assert reverse("applicants:change_applicant", args=[filing.applicant_id]) in page
        assert reverse("applicants:change", args=[filing.pk]) not in page
        desk.post("change_applicant", filing.applicant_id)
        draft = Draft.objects.get(kind="applicant_change")
        sent = {**as_form("applicant", draft.materials), "group_name": "样例集团"}
        assert desk.save(draft, "applicant", sent).status_code == 302
        days = {"on-applicant.group_name": "2026-03-06", "next_step": "forward"}
        assert desk.post("changes", draft.pk, data=days).status_code == 302
        assert desk.submit(draft).status_code == 302
        # One that is open keeps a second from being begun.
        page = desk.get("filing", filing.pk).content.decode()
        assert reverse("applicants:change_applicant", args=[filing.applicant_id]) not in page
    application = Application.objects.get(kind="applicant_change")
    approve(cast, SampleCase(application.pk, cast.member), at=MORNING + timedelta(days=8))
    applicant = Applicant.objects.get()
    assert applicant_materials_in_force(applicant)["applicant"]["group_name"] == "样例集团"


def test_what_the_register_has_of_the_applicant_is_mended_by_a_change_of_it(desk: Desk, cast: Cast) -> None:
    """A first filing is rejected for a fact of its applicant, which another filing has established meanwhile."""
    case = rejected_for(cast, "applicant.mailing_address")
    draft, _url = begin(desk, case)
    way = reverse("applicants:change_applicant", args=[case.application.applicant_id])

    def pages() -> tuple[str, str]:
        reasons, form = desk.get("amendment", draft.pk), desk.get("section", draft.pk, "applicant")
        return reasons.content.decode(), form.content.decode()

    def asks(form: str) -> bool:
        return re.search(r'<(textarea|input type="text") name="mailing_address"', form) is not None

    reasons, form = pages()
    assert (way in reasons, way in form, asks(form)) == (False, False, True)

    applicant = build.in_force(cast).application.applicant
    reasons, form = pages()
    assert (way in reasons, way in form, asks(form)) == (True, True, False)

    values = {"applicant.mailing_address": "样例市样例路二号"}
    approve(cast, change_applicant(cast, applicant, values, at=MORNING + 4 * HOUR), at=MORNING + 5 * HOUR)
    with desk_at(MORNING + 6 * HOUR, cast) as later:
        mend(later, draft, "applicant")
        answer_reasons(later, draft, {"1": "样例：已办理主体信息变更。"})
        assert later.submit(draft).status_code == 302
    latest = materials_of(get_revision(case.application_id, 2))
    assert latest["applicant"]["mailing_address"] == "样例市样例路二号"
