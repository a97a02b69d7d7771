"""What a change replaces is shown on every page and paper of it, and on the filing that it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from applicants.changes.change import FilingChange, start_applicant_change
from applicants.models import Draft
from applicants.words import CHANGE, STEP_LEADS
from registry.calendar.current import current_calendar
from registry.documents.case_files import case_file
from registry.models import Applicant
from registry.notices.subject import subject_of
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from review.review_forms.content import facts_of
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, approve, change_applicant
from tests.registry.documents.reading import words_of
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW_NAME = "样例拟改名称有限公司"


def test_a_change_shows_before_and_after_and_the_day_to_applicant_office_and_leader(cast: Cast) -> None:
    first = build.in_force(cast)
    applicant, name = first.application.applicant, first.application.applicant_name
    change = change_applicant(cast, applicant, {"applicant.name": NEW_NAME}, at=MORNING + 4 * HOUR)
    own = sign_in(cast.member).get(reverse("applicants:application", args=[change.application_id]))
    desk = sign_in(cast.provincial).get(url("case", change))
    for page in (own, desk):
        compared = page.content.decode().split('class="changes"')[1].split("</li>")[0]
        assert name in compared
        assert NEW_NAME in compared
        assert "changed on" in compared
    # On the desk the days stand in the comparison alone, which is the first thing below the head.
    assert "asked-title" not in desk.content.decode()
    paper = "".join(words_of(case_file(change.application, for_office=False)).split())
    assert f"{name}{NEW_NAME}" in paper
    form = facts_of(change.application, calendar=current_calendar())
    assert f"{name} → {NEW_NAME}（2026-03-02）" in form.asked[0]


def test_a_filing_leads_to_the_change_of_its_applicant_while_it_waits_and_afterwards(cast: Cast) -> None:
    first = build.in_force(cast)
    filing, member = build.filing_of(first), sign_in(cast.member)
    address = reverse("applicants:filing", args=[filing.pk])
    button = reverse("applicants:change_applicant", args=[filing.applicant_id])
    assert button in member.get(address).content.decode()
    withdrawn = change_applicant(
        cast, filing.applicant, {"applicant.name": "样例不再"}, at=MORNING + 4 * HOUR
    )
    walk.act(withdrawn, Act.WITHDRAW, by=cast.member, at=MORNING + 5 * HOUR)
    change = change_applicant(cast, filing.applicant, {"applicant.name": NEW_NAME}, at=MORNING + 6 * HOUR)
    link = reverse("applicants:application", args=[change.application_id])
    waiting = member.get(address).content.decode()
    assert button not in waiting
    assert "is under review" in waiting
    assert waiting.count(link) == 2
    approve(cast, change, at=MORNING + 7 * HOUR)
    decided = member.get(address).content.decode()
    assert button in decided
    assert decided.count(link) == 1
    assert reverse("applicants:application", args=[withdrawn.application_id]) not in decided


def test_the_form_counts_the_filings_that_the_application_names_afterwards(cast: Cast) -> None:
    build.in_force(cast)
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = "样例待定服务"
    walk.submit(materials, member=cast.member, at=MORNING + HOUR)
    applicant = Applicant.objects.get()
    draft = start_applicant_change(applicant, account=cast.member, at=MORNING + 4 * HOUR)
    begun = FilingChange(draft)
    page = sign_in(cast.member).get(reverse("applicants:section", args=[draft.pk, "applicant"]))
    shown = text_of(page)
    assert "all 2 filings of the applicant" in shown
    assert "1 has no number yet" in shown
    change = change_applicant(cast, applicant, {"applicant.name": NEW_NAME}, at=MORNING + 5 * HOUR)
    assert (begun.filing_count, begun.unnumbered_count) == (2, 1)
    assert subject_of(change.application).filing_count == begun.filing_count


def test_the_steps_of_a_change_ask_for_what_changed_and_not_who_files(cast: Cast) -> None:
    case = build.in_force(cast)
    draft = start_applicant_change(case.application.applicant, account=cast.member, at=MORNING)
    page = (
        sign_in(cast.member).get(reverse("applicants:section", args=[draft.pk, "applicant"])).content.decode()
    )
    assert str(CHANGE.leads["applicant"]) in page
    assert str(STEP_LEADS["applicant"]) not in page


def test_a_change_of_the_applicant_is_mended_and_deleted_under_the_applicants_name(cast: Cast) -> None:
    first = build.in_force(cast)
    applicant, name = first.application.applicant, first.application.applicant_name
    change = change_applicant(cast, applicant, {"applicant.name": NEW_NAME}, at=MORNING + 4 * HOUR)
    walk.act(
        change,
        Act.FORWARD,
        by=cast.provincial,
        at=MORNING + 5 * HOUR,
        recommends="rejection",
        text="样例意见：均已核对",
    )
    reasons = [dict(SAMPLE_REASON, key="applicant.name")]
    walk.act(change, Act.REJECT, by=cast.national, at=MORNING + 6 * HOUR, reasons=reasons, text="样例")
    member = sign_in(cast.member)
    member.post(reverse("applicants:amend", args=[change.application_id]))
    draft = Draft.objects.get(amends_application_id=change.application_id)
    pages = {
        step: text_of(member.get(reverse(f"applicants:{step}", args=[draft.pk])))
        for step in ("amendment", "delete_draft")
    }
    for shown in pages.values():
        assert name in shown
        assert first.application.service_name not in shown
    page = member.get(reverse("applicants:amendment", args=[draft.pk])).content.decode()
    assert reverse("applicants:section", args=[draft.pk, "applicant"]) in page
    assert reverse("applicants:section", args=[draft.pk, "service"]) not in page
