"""The dashboard and the application's page: what they say, and how much they ask of the database."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applicants.drafts import store as drafts
from applicants.drafts.store import SectionSave
from applicants.models import Draft
from registry import clock
from registry.models import Application, Membership
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from review.desk import claims
from tests.applicants.pages import Desk
from tests.builders.register import (
    MORNING,
    Cast,
    approved,
    filing_of,
    forwarded,
    in_force,
    materials_for,
    rejected,
    submitted,
)


def text_of(page: bytes) -> str:
    """The page's main part without tags, white space in one."""
    main = re.search(rb"<main.*?</main>", page, re.DOTALL)
    assert main is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main[0].decode()))


def test_an_empty_dashboard_says_what_to_do(desk: Desk) -> None:
    page = desk.get("dashboard").content.decode()

    assert "还没有备案" in page
    assert reverse("applicants:start") in page


def test_a_started_draft_shows_what_is_missing_and_when_it_is_due(desk: Desk) -> None:
    draft = desk.start()
    desk.save(draft, "service", {"service_name": "样例服务", "service_started_on": "2026-02-27"})

    page = text_of(desk.get("dashboard").content)

    # Saturday 28 February is worked.
    assert "服务已提供 2 个工作日" in page
    assert "2026-03-12" in page
    assert "项待完善" in page


def test_a_draft_is_to_be_filled_in_and_what_was_handed_in_is_to_be_mended(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    desk.save(draft, "service", {"service_name": "样例服务", "service_started_on": "2026-02-27"})
    for name, args in (("dashboard", ()), ("check", (draft.pk,)), ("section", (draft.pk, "service"))):
        words = text_of(desk.get(name, *args).content)
        assert "补正" not in words, name
        assert "待完善" in words, name
    case = rejected(cast)
    desk.post("amend", case.application_id)
    mending = Draft.objects.get(amends_application_id=case.application_id)
    assert "待补正" in text_of(desk.get("check", mending.pk).content)


@pytest.mark.parametrize(
    ("kind", "words"),
    [(Kind.INITIAL, "不予备案"), (Kind.CHANGE, "不予变更备案"), (Kind.CANCELLATION, "不予注销备案")],
)
def test_a_rejection_has_one_name_beside_the_status(desk: Desk, cast: Cast, kind: Kind, words: str) -> None:
    case = rejected(cast)
    Application.objects.filter(pk=case.application_id).update(kind=kind.value)
    status = "审核未通过"
    page = text_of(desk.get("application", case.application_id).content)
    assert f"{words}的理由" in page
    assert page.count(status) == 1
    page = text_of(desk.get("dashboard").content)
    assert f"{words}，请查看理由" in page
    assert page.count(status) == 1


def test_an_application_shows_stage_desk_day_and_due_day(desk: Desk, cast: Cast) -> None:
    case = forwarded(cast)
    clock.set_for_tests(MORNING + timedelta(days=9))

    # The national office has not taken it up yet; what the province did is not its doing.
    assert "未审核" in text_of(desk.get("dashboard").content)
    claims.claim(case.application_id, officer=cast.national, at=clock.now())
    page = text_of(desk.get("dashboard").content)

    assert "未审核" not in page
    assert "审核中" in page
    assert "复审" in page
    assert "国家网信办" in page
    assert "已用 7 个工作日，期限 20 个工作日" in page
    assert "2026-03-30" in page


def test_a_filing_in_force_shows_its_number(desk: Desk, cast: Cast) -> None:
    case = in_force(cast)
    number = filing_of(case).number
    assert number is not None

    assert number in desk.get("dashboard").content.decode()
    page = desk.get("application", case.application_id).content.decode()
    assert number in page
    assert "审核通过" in page


def test_a_number_being_issued_is_called_so(desk: Desk, cast: Cast) -> None:
    case = approved(cast)

    assert "备案编号发放中" in text_of(desk.get("application", case.application_id).content)


def test_a_pending_filing_is_shown_as_application_only(desk: Desk, cast: Cast) -> None:
    submitted(cast)

    assert 'id="filings"' not in desk.get("dashboard").content.decode()
    assert 'id="applications"' in desk.get("dashboard").content.decode()


def test_a_rejection_shows_its_reasons_at_the_particulars(desk: Desk, cast: Cast) -> None:
    case = rejected(cast)

    page = desk.get("application", case.application_id).content.decode()

    assert 'href="#row-service.description"' in page
    assert 'id="row-service.description"' in page
    assert "particular--deficient" in page
    assert "审核未通过" in page


def test_document_numbers_are_masked_until_asked_for(desk: Desk, cast: Cast) -> None:
    materials = materials_for(cast)
    case = walk.submit(materials, member=cast.member, at=MORNING)
    number = materials["person_in_charge"]["document_number"]

    masked = desk.get("application", case.application_id).content.decode()
    shown = desk.get("application", case.application_id, show="numbers").content.decode()

    assert number not in masked
    assert number in shown
    assert materials["person_in_charge"]["email"] in masked


def test_the_applicant_sees_offices_not_officers_nor_their_proposals(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    walk.act(
        case,
        Act.PROPOSE_REJECTION,
        by=cast.provincial,
        at=MORNING,
        reasons=[dict(walk.SAMPLE_REASON)],
        text="内部意见",
    )

    page = text_of(desk.get("application", case.application_id).content)

    assert "样例经办人" in page
    assert "初审 · 北京市网信办" in page
    for hidden in ("样例初审甲", "内部意见", "拟不予备案"):
        assert hidden not in page


def test_withdrawing_asks_first_and_twice_is_once(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    asked = desk.get("withdraw", case.application_id)
    assert case.application.state == "provincial_review"

    first = desk.post("withdraw", case.application_id, data={"explanation": "样例原因"})
    second = desk.post("withdraw", case.application_id, data={"explanation": "样例原因"})

    assert asked.status_code == 200
    assert (first.status_code, second.status_code) == (302, 302)
    assert case.application.state == "withdrawn"
    page = text_of(desk.get("application", case.application_id).content)
    assert "样例原因" in page
    assert "复制为新的草稿" in page


def test_a_reason_that_is_too_long_is_given_back(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)

    answer = desk.post("withdraw", case.application_id, data={"explanation": "长" * 2001})

    assert answer.status_code == 400
    assert "长" * 2001 in answer.content.decode()
    assert case.application.state == "provincial_review"


def test_an_approved_filing_offers_no_withdrawal(desk: Desk, cast: Cast) -> None:
    case = in_force(cast)

    assert desk.get("withdraw", case.application_id).status_code == 404
    assert reverse("applicants:withdraw", args=[case.application_id]) not in (
        desk.get("application", case.application_id).content.decode()
    )


def test_the_rows_of_a_list_are_headed_by_what_one_of_them_is(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    desk.fill(draft, materials_for(cast))
    address = reverse("applicants:section", args=[draft.pk, "service"])
    page = desk.client.get(address, headers={"accept-language": "en"}).content.decode()
    heads = re.findall(r"<legend>([^<]*) <span data-repeat-number>(\d+)</span>", page)
    assert ("Website", "1") in heads
    assert {"Websites", "APIs", "Nodes that users connect to"}.isdisjoint(name for name, _number in heads)


@pytest.mark.parametrize("what", ["drafts", "applications"])
def test_the_dashboard_asks_the_same_of_the_database_for_1_and_30(desk: Desk, cast: Cast, what: str) -> None:
    materials = materials_for(cast)

    def more(count: int) -> None:
        for number in range(count):
            if what == "drafts":
                draft = drafts.start_draft(cast.member, applicant=None, at=MORNING)
                answers = {"service_name": f"样例 {number}", "service_started_on": "2026-02-27"}
                drafts.save_section(draft.pk, SectionSave("service", answers), at=MORNING)
            else:
                walk.submit(materials, member=cast.member, at=MORNING)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("dashboard").status_code == 200
        return len(captured)

    more(1)
    desk.get("dashboard")
    with_one = queries()
    more(29)
    assert queries() == with_one
    assert with_one <= 16


def test_the_dashboard_asks_the_same_of_the_database_for_2_and_20_applicants(desk: Desk, cast: Cast) -> None:
    """Of each a filing in force and a draft of a second service."""

    def enter(seeds: range) -> None:
        for seed in seeds:
            filing = filing_of(in_force(cast, seed=seed))
            drafts.start_draft(cast.member, applicant=filing.applicant, at=MORNING)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("dashboard").status_code == 200
        return len(captured)

    enter(range(81, 83))
    queries()
    with_two = queries()
    enter(range(83, 101))
    assert queries() == with_two


def test_a_revoked_member_sees_nothing(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    assert case.application.service_name in desk.get("dashboard").content.decode()

    Membership.objects.update(revoked_at=MORNING)

    assert case.application.service_name not in desk.get("dashboard").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_there_in_both_languages(desk: Desk, cast: Cast, language: str) -> None:
    desk.client.cookies["django_language"] = language
    case = submitted(cast)
    draft = desk.start(case.application.applicant_id)
    pages = [desk.get(name) for name in ("dashboard", "start")]
    pages += [desk.get(name, draft.pk) for name in ("attachments", "statement", "check", "delete_draft")]
    pages += [
        desk.get("section", draft.pk, name)
        for name in ("applicant", "person_in_charge", "service", "content")
    ]
    pages += [desk.get(name, case.application_id) for name in ("application", "withdraw")]

    assert {page.status_code for page in pages} == {200}
    for page in pages:
        assert f'<html lang="{language}"' in page.content.decode()
        assert b"style=" not in page.content
        assert b"onclick" not in page.content
