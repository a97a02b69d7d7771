"""What came after the first filing, in a browser that runs no scripts: members, inbox, services, change, end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.calendar.current import current_calendar
from registry.models import Account, Application, Filing, Membership, Notice
from registry.rules.days.deadlines import decision_due, earliest_service_end
from registry.sample import walk
from tests.builders.register import Cast, in_force
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import member
from tests.journeys.people import PASSWORD, ApplicantMember, Visitor, bring_session
from tests.journeys.watching import Watch
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[[Account], ApplicantMember]

_EMAIL = "plain-pages@example.com"
_DESCRIPTION = "样例：节点由三个增至五个，分别部署在北京、上海、广州、成都和武汉。"
_ARRANGEMENT = "样例：提前公告并逐一通知用户，用户可在终止前导出数据。"


@pytest.fixture
def without_scripts(live_portal: WebProcess, open_browser: OpenBrowser) -> OpenPage:
    """Opens a page without scripts, signed in as an account."""

    def open_page(account: Account) -> ApplicantMember:
        context = open_browser(live_portal.url, java_script_enabled=False)
        bring_session(context, live_portal.url, account)
        return ApplicantMember(context.new_page(), live_portal.url)

    return open_page


def test_an_applicant_uses_the_later_pages_without_scripts(
    without_scripts: OpenPage, watches: list[Watch]
) -> None:
    cast, colleague = Cast(), member(_EMAIL, password=PASSWORD)
    case = in_force(cast, seed=7_841, at=clock.now() - timedelta(days=30))
    filing = case.application.filing
    assert filing is not None
    owner = without_scripts(cast.member)
    _invite(owner, filing)
    _accept(without_scripts(colleague), filing, colleague)
    _several_services(owner)
    _change(owner, filing)
    watches[0].expect(HTTPStatus.BAD_REQUEST)
    _cancel(owner, filing)


def _invite(owner: ApplicantMember, filing: Filing) -> None:
    """The letter of an agent is asked for though no script shows it only then."""
    owner.open("/applicant/members/")
    owner.page.get_by_role("link", name=re.compile("^查看成员")).click()
    owner.page.get_by_role("link", name="邀请成员").click()
    owner.page.locator('[name="recipient"]').fill(_EMAIL)
    owner.page.locator('[name="role"][value="agent"]').check()
    owner.page.locator('[name="letter"]').set_input_files(
        {"name": "授权委托书.png", "mimeType": "image/png", "buffer": walk.sample_scan("letter")}
    )
    owner.page.locator('[name="letter_valid_until"]').fill(f"{clock.today() + timedelta(days=90)}")
    owner.press("发送邀请")
    expect(owner.page.get_by_text("邀请已发出")).to_be_visible()


def _accept(colleague: ApplicantMember, filing: Filing, account: Account) -> None:
    """From the inbox over the notice to the invitation, and on to the members."""
    colleague.open("/applicant/")
    colleague.page.get_by_role("navigation").get_by_role("link", name=re.compile("收件箱")).first.click()
    notice = Notice.objects.get(account=account, kind="member_invited")
    colleague.page.get_by_role("link", name=notice.subject).click()
    expect(colleague.page.get_by_role("main")).to_contain_text(filing.applicant_name)
    colleague.page.locator("main a.btn-primary").click()
    colleague.press("接受")
    expect(colleague.page.get_by_role("main")).to_contain_text(account.name)
    membership = Membership.objects.get(account=account)
    assert (membership.is_agent, membership.applicant_id) == (True, filing.applicant_id)
    notice.refresh_from_db()
    assert notice.opened_at is not None


def _several_services(owner: ApplicantMember) -> None:
    """One service is added beside another, one copied; put in another order, and taken out again."""
    page = owner.page
    owner.open("/applicant/start/")
    owner.press("开始填写")
    aside = page.locator(".wizard__steps .services")
    owner.type("服务名称", "样例甲服务")
    owner.go_on()
    for button, name in (("复制本项服务", "样例乙服务"), ("添加一项服务", "样例丙服务")):
        aside.get_by_role("button", name=button).click()
        owner.type("服务名称", name)
        owner.go_on()
    names = aside.locator(".services__list a[href*='/drafts/']:not(.services__remove)")
    expect(names).to_have_text(["样例甲服务", "样例乙服务", "样例丙服务"])
    aside.get_by_role("button", name="上移").click()
    expect(names).to_have_text(["样例甲服务", "样例丙服务", "样例乙服务"])
    aside.locator(".services__remove").click()
    page.locator("main button.btn-seal").click()
    expect(names).to_have_text(["样例甲服务", "样例乙服务"])


def _change(owner: ApplicantMember, filing: Filing) -> None:
    page = owner.page
    owner.open(f"/applicant/filings/{filing.pk}/")
    owner.press("变更服务信息")
    found = re.search("/applicant/drafts/[^/]+/", page.url)
    assert found is not None
    owner.draft = found.group()
    page.locator('textarea[name="description"]').fill(_DESCRIPTION)
    owner.go_on()
    owner.open(f"{owner.draft}changes/")
    page.locator('input[type="date"][name^="on-"]').last.fill(f"{clock.today() - timedelta(days=1)}")
    owner.go_on()
    owner.open(f"{owner.draft}check/")
    owner.declare()
    owner.press("提交变更")
    expect(page.get_by_text("已提交。收件编号：")).to_be_visible()
    assert Application.objects.get(kind="change").state == "provincial_review"


def _cancel(owner: ApplicantMember, filing: Filing) -> None:
    """The day is worked out by a button; one too early is refused with what was typed, and put right."""
    page, earliest = owner.page, earliest_service_end(clock.today(), current_calendar())
    owner.open(f"/applicant/filings/{filing.pk}/cancel/")
    day = page.locator('[name="ends_on"]')
    day.fill((earliest - timedelta(days=1)).isoformat())
    page.locator('[name="arrangement"]').fill(_ARRANGEMENT)
    owner.press("推算日期")
    expect(page.locator('[name="arrangement"]')).to_have_value(_ARRANGEMENT)
    page.locator('[name="declaration"]').check()
    owner.press("提交注销")
    expect(page.locator("[data-error-summary]")).to_contain_text(f"{earliest:%Y-%m-%d}")
    page.get_by_role("button", name=re.compile("^改用最早日期")).click()
    expect(day).to_have_value(earliest.isoformat())
    page.locator('[name="declaration"]').check()
    owner.press("提交注销")
    expect(page.get_by_text("已提交。收件编号：")).to_be_visible()
    cancellation = Application.objects.get(kind="cancellation")
    assert (cancellation.event_on, cancellation.late_by_working_days) == (earliest, 0)
    assert Application.objects.get(kind="change").state == "withdrawn"


def test_the_public_plans_a_deadline_without_scripts(
    live_portal: WebProcess, open_browser: OpenBrowser, watches: list[Watch]
) -> None:
    context = open_browser(live_portal.url, java_script_enabled=False)
    watches[-1].expect(HTTPStatus.BAD_REQUEST)
    public = Visitor(context.new_page(), live_portal.url)
    page, main = public.page, public.page.get_by_role("main")
    public.open("/")
    page.get_by_role("link", name="期限测算").first.click()
    public.press("计算到期日")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.locator('[name="period"][value="decision"]').check()
    page.locator('[name="event_date"]').fill("2025-09-22")
    public.press("计算到期日")
    expect(page.locator(".planner-answer__due time")).to_have_attribute("datetime", "2025-10-24")
    page.locator("details.disclosure summary").click()
    expect(page.locator(".day-list__due")).to_contain_text("20")
    with page.expect_download() as download:
        page.get_by_role("link", name="加入我的日历").click()
    assert "DTSTART;VALUE=DATE:20251024" in download.value.path().read_text(encoding="utf-8")
    today = clock.today()
    page.locator('[name="event_date"]').fill(today.isoformat())
    public.press("计算到期日")
    due = decision_due(today, current_calendar())
    expect(main).to_contain_text(f"{due.due_on:%Y-%m-%d}")
