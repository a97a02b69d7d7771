"""What happens when materials are wrong: rejected by the province, by the nation, mended, and a stale page."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.accounts.officers import create_officer
from registry.integrity.register import verify_register
from registry.models import Account, Application
from registry.rules.workflow.states import Act, Role
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.journeys.conftest import BEIJING, OpenBrowser
from tests.journeys.drafting import member
from tests.journeys.people import PASSWORD, PATIENCE_MS, ApplicantMember, Reviewer, wait_for_number
from tests.journeys.watching import Watch
from tests.services.portal import WebProcess, WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_EMAIL = "both-ways@example.com"
_DESCRIPTION = "样例：共识机制为实用拜占庭容错，节点共四个，分别部署在北京、上海、广州和成都的自有机房。"
_REMEDY = "样例：请写明共识机制、节点数量和部署地点。"
_ANSWER = "样例：已写明共识机制和节点部署地点。"


@pytest.fixture
def case(transactional_db: None) -> SampleCase:
    """An organisation's filing in provincial review in Beijing, handed in by a member who can sign in."""
    account, at = member(_EMAIL, password=PASSWORD), clock.now()
    materials = walk.complete_materials(7_601, member=account, at=at, division_code="110108")
    return walk.submit(materials, member=account, at=at)


@pytest.fixture
def seconds(transactional_db: None) -> dict[Role, Account]:
    """A second officer at either office."""
    return {
        role: create_officer(name=name, role=role, email=email, province_code=province, password=PASSWORD)
        for role, name, email, province in (
            (Role.PROVINCIAL_REVIEWER, "吴样例", "beijing-second@example.com", BEIJING),
            (Role.NATIONAL_REVIEWER, "郑样例", "national-second@example.com", ""),
        )
    }


def at_desk(open_browser: OpenBrowser, home: str, account: Account) -> Reviewer:
    reviewer = Reviewer(open_browser(home).new_page(), home)
    reviewer.sign_in(account.email or "")
    return reviewer


def test_rejected_by_the_province_with_confirmation_mended_and_approved(
    live_portal: WebProcess,
    celery_worker_process: WorkerProcess,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
    seconds: dict[Role, Account],
    case: SampleCase,
) -> None:
    home, name = live_portal.url, case.application.service_name
    first = at_desk(open_browser, home, officers[Role.PROVINCIAL_REVIEWER])
    first.open_case(name)
    first.claim()
    first.mark_deficient("service.description")
    first.mark_all()
    first.propose_rejection(
        fault="technical_description_vague", remedy=_REMEDY, grounds="样例意见：服务简介过于笼统。"
    )
    second = at_desk(open_browser, home, seconds[Role.PROVINCIAL_REVIEWER])
    second.open(f"/review/cases/{case.application_id}/")
    expect(second.page.get_by_role("main")).to_contain_text("服务简介")
    second.confirm("确认不予备案")
    assert case.application.state == "rejected"

    applicant = ApplicantMember(open_browser(home).new_page(), home)
    applicant.sign_in(_EMAIL)
    applicant.open(f"/applicant/applications/{case.application_id}/")
    main = applicant.page.get_by_role("main")
    expect(main).to_contain_text("审核未通过")
    expect(main).to_contain_text(_REMEDY)
    applicant.mend(
        case.application_id, section="service", name="description", text=_DESCRIPTION, answer=_ANSWER
    )
    expect(main).to_contain_text("自次日起算，共 20 个工作日")

    first.open(f"/review/cases/{case.application_id}/")
    expect(first.page.get_by_role("main")).to_contain_text(_ANSWER)
    first.mark_all()
    first.forward("样例意见：已按要求补正，建议予以备案。")
    nation = at_desk(open_browser, home, officers[Role.NATIONAL_REVIEWER])
    nation.open_case(name)
    nation.mark_all()
    nation.approve()
    applicant.page.reload()
    assert wait_for_number(applicant.page).startswith("京网信备")
    assert [one for one in verify_register().violations if one.code != "file_without_row"] == []


def test_rejected_by_the_nation_against_the_opinion_of_the_province(
    live_portal: WebProcess,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
    seconds: dict[Role, Account],
    case: SampleCase,
) -> None:
    home, name = live_portal.url, case.application.service_name
    walk.act(
        case,
        Act.FORWARD,
        by=officers[Role.PROVINCIAL_REVIEWER],
        at=clock.now(),
        recommends="approval",
        text="样例意见：建议予以备案。",
    )
    nation = at_desk(open_browser, home, officers[Role.NATIONAL_REVIEWER])
    nation.open_case(name)
    expect(nation.page.get_by_role("main")).to_contain_text("样例意见：建议予以备案。")
    nation.mark_deficient("service.description")
    nation.mark_all()
    nation.propose_rejection(
        fault="technical_description_vague", remedy=_REMEDY, grounds="样例：与省级意见不同，简介笼统。"
    )
    second = at_desk(open_browser, home, seconds[Role.NATIONAL_REVIEWER])
    second.open(f"/review/cases/{case.application_id}/")
    second.confirm("确认不予备案")
    assert case.application.state == "rejected"
    applicant = ApplicantMember(open_browser(home).new_page(), home)
    applicant.sign_in(_EMAIL)
    applicant.open(f"/applicant/applications/{case.application_id}/")
    main = applicant.page.get_by_role("main")
    expect(main).to_contain_text(_REMEDY)
    # Proposals among officers are not the applicant's business.
    expect(main).not_to_contain_text("与省级意见不同")


def test_a_supplement_while_a_reviewer_has_the_case_open_refuses_the_stale_act_and_keeps_its_text(
    live_portal: WebProcess,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
    case: SampleCase,
    watches: list[Watch],
) -> None:
    home, name = live_portal.url, case.application.service_name
    reviewer = at_desk(open_browser, home, officers[Role.PROVINCIAL_REVIEWER])
    watches[-1].expect(HTTPStatus.CONFLICT)
    reviewer.open_case(name)
    reviewer.claim()
    reviewer.mark_all()
    reviewer.page.get_by_role("link", name="报送国家网信办").click()
    reviewer.page.locator('[name="recommends"][value="approval"]').check()
    opinion = "样例意见：补充之前写下的意见。"
    reviewer.page.locator('textarea[name="text"]').fill(opinion)

    applicant = ApplicantMember(open_browser(home).new_page(), home)
    applicant.sign_in(_EMAIL)
    applicant.open(f"/applicant/applications/{case.application_id}/")
    applicant.press("补充材料")
    applicant.page.wait_for_url(re.compile("/amendment/"))
    found = re.search("/applicant/drafts/[^/]+/", applicant.page.url)
    assert found is not None
    draft = found.group()
    applicant.page.locator('[name="explanation"]').fill("样例：补充说明节点部署地点。")
    applicant.go_on()
    applicant.open(f"{draft}open/service/")
    applicant.page.get_by_role("main").locator("form button").last.click()
    applicant.page.locator('textarea[name="description"]').fill(_DESCRIPTION)
    applicant.go_on()
    applicant.open(f"{draft}check/")
    applicant.declare()
    applicant.page.get_by_role("main").locator("button.btn-seal").click()
    applicant.page.wait_for_url(re.compile("/applicant/applications/"))

    reviewer.press("报送国家网信办")
    expect(reviewer.page.get_by_role("main")).to_contain_text("已补充材料", timeout=PATIENCE_MS)
    # What was supplemented has to be marked anew; then the form opens with what was written.
    reviewer.page.get_by_role("main").get_by_role("link", name="转到第一个未核对事项").click()
    reviewer.mark_all()
    reviewer.page.get_by_role("link", name="报送国家网信办").click()
    expect(reviewer.page.locator('textarea[name="text"]')).to_have_value(opinion, timeout=PATIENCE_MS)
    application = Application.objects.get(pk=case.application_id)
    assert (application.state, application.revision_number) == ("provincial_review", 2)
