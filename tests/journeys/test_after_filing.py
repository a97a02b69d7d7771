"""A filing's life after its number, in Chinese: changed, changed again after a rejection, moved, cancelled."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.book import numbering
from registry.book.in_force import materials_in_force
from registry.calendar.current import current_calendar
from registry.integrity.register import verify_register
from registry.models import Account, Applicant, Application, Filing
from registry.models.account import email_index
from registry.rules.days.deadlines import earliest_service_end
from registry.rules.workflow.states import Act, Role, State
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, Cast, filing_of, in_force
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import member
from tests.journeys.filling import fill_section
from tests.journeys.people import (
    PASSWORD,
    PATIENCE_MS,
    ApplicantMember,
    Reviewer,
    Visitor,
    bring_session,
)
from tests.journeys.watching import Watch
from tests.review.officers import mark_all
from tests.services.portal import WebProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("decoder"),
]

_EMAIL = "after@example.com"
_DESCRIPTION = "样例：共识机制改为权威证明，节点由三个增至五个，分别部署在北京、上海、广州、成都和武汉。"
_ARRANGEMENT = "样例：提前公告并逐一通知用户，用户可在终止前导出数据，链上凭证继续可查。"
# An applicant that moves keeps its credit code, which holds the province of its registrar.
_MOVED = "样例：主体由北京迁至广东，统一社会信用代码不变，网站备案号正在变更。"
_MANY_DAYS_AGO = timedelta(days=40)


class Owner(ApplicantMember):
    """A member who looks after filings in force."""

    def open_filing(self, filing: Filing) -> None:
        self.open("/applicant/")
        self.page.get_by_role("link", name=filing.service_name, exact=True).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(filing.service_name)

    def begin_change(self, button: str, first_section: str) -> None:
        self.press(button)
        self.page.wait_for_url(re.compile(f"/applicant/drafts/.+/{first_section}/"))
        found = re.search("/applicant/drafts/[^/]+/", self.page.url)
        assert found is not None
        self.draft = found.group()

    def date_changes(self, on: date) -> None:
        """Gives every change the same day, and goes on."""
        self.open(f"{self.draft}changes/")
        for field in self.page.locator('input[type="date"][name^="on-"]').all():
            if field.get_attribute("name") != "on-all":
                field.fill(on.isoformat())
        self.go_on()

    def renew(self, slot: str) -> None:
        """Replaces the scan in a slot by a new one, as the page asks once what the old one states has changed."""
        box = self.page.locator(f"#slot-{slot}")
        expect(box).to_contain_text("载明的是变更前的")
        box.get_by_role("button", name="移除").click()
        expect(self.page.locator(f"#files-{slot} > li")).to_have_count(0)
        self.upload(slot, "新扫描件.png", "image/png", walk.sample_scan(f"new {slot}"))

    def sign_anew(self) -> None:
        """Uploads a statement that was signed for what is printed now."""
        self.open(f"{self.draft}statement/")
        self.upload("authenticity_statement", "承诺书.png", "image/png", walk.sample_scan("statement"))
        expect(self.page.locator("#files-authenticity_statement")).to_contain_text("承诺书.png")

    def submit_change(self, *, answer: str = "") -> Application:
        """Sends the change; `answer` is given to what the check page asks, where it asks something."""
        self.open(f"{self.draft}check/")
        if answer:
            self.answer_questions(answer)
        self.declare()
        self.press("提交变更")
        self.page.wait_for_url(re.compile("/applicant/applications/"))
        expect(self.page.get_by_text("已提交。收件编号：")).to_be_visible()
        return Application.objects.latest("submitted_at")


@pytest.fixture
def owner(live_portal: WebProcess, open_browser: OpenBrowser, transactional_db: None) -> Owner:
    member(_EMAIL, password=PASSWORD)
    found = Owner(open_browser(live_portal.url).new_page(), live_portal.url)
    found.sign_in(_EMAIL)
    return found


def filing_in_force(cast: Cast, seed: int, **choices: Any) -> Filing:
    case = in_force(cast, seed=seed, at=clock.now() - _MANY_DAYS_AGO, member=_account(), **choices)
    return filing_of(case)


def document_slot(filing: Filing) -> str:
    """The slot with the document that proves the applicant's name."""
    given = materials_in_force(filing)["attachments"]
    return next(slot for slot in ("business_licence", "organisation_certificate") if slot in given)


def further_service(cast: Cast, seed: int, name: str, *, at: datetime) -> SampleCase:
    """Another first filing of the applicant with this seed, handed in."""
    materials = walk.complete_materials(seed, member=_account(), at=at, division_code="110108")
    materials["service"]["service_name"] = name
    return walk.submit(materials, member=_account(), at=at)


def _account() -> Account:
    return Account.objects.get(email_index=email_index(_EMAIL))


def approve(cast: Cast, application: Application, *, by_province: Account | None = None) -> None:
    case = SampleCase(application.pk, _account())
    officer = by_province or cast.provincial
    walk.act(case, Act.FORWARD, by=officer, at=clock.now(), recommends="approval", text="样例意见：均已核对")
    walk.act(case, Act.APPROVE, by=cast.national, at=clock.now(), text="样例")


def test_a_change_travels_from_the_form_to_the_public_record(
    live_portal: WebProcess, owner: Owner, open_browser: OpenBrowser, officers: dict[Role, Account]
) -> None:
    home = live_portal.url
    filing = filing_in_force(Cast(), 7_501)
    yesterday = clock.today() - timedelta(days=1)

    owner.open_filing(filing)
    owner.begin_change("变更服务信息", "service")
    owner.open(f"{owner.draft}changes/")
    expect(owner.page.get_by_text("与现行备案相比尚无变化")).to_be_visible()
    owner.open(f"{owner.draft}service/")
    owner.page.locator('textarea[name="description"]').fill(_DESCRIPTION)
    owner.go_on()
    owner.date_changes(yesterday)
    application = owner.submit_change()
    assert (application.kind, application.event_on) == ("change", yesterday)
    expect(owner.page.get_by_role("main")).to_contain_text(f"变更于 {yesterday:%Y-%m-%d}")

    province = Reviewer(open_browser(home).new_page(), home)
    province.sign_in(officers[Role.PROVINCIAL_REVIEWER].email or "")
    province.open_case(filing.service_name)
    expect(province.page.get_by_role("main")).to_contain_text(_DESCRIPTION)
    province.claim()
    province.mark_all()
    province.forward("变更内容与材料一致，建议予以变更备案。")
    nation = Reviewer(open_browser(home).new_page(), home)
    nation.sign_in(officers[Role.NATIONAL_REVIEWER].email or "")
    nation.open_case(filing.service_name)
    nation.mark_all()
    nation.approve("予以变更备案")

    public = Visitor(open_browser(home).new_page(), home)
    public.look_up(filing.number or "")
    expect(public.page.get_by_role("main")).to_contain_text("最近变更", timeout=PATIENCE_MS)
    owner.open_filing(filing)
    expect(owner.page.get_by_role("main")).to_contain_text(_DESCRIPTION)


def test_a_rejected_change_is_mended_at_its_reason_and_resubmitted(owner: Owner) -> None:
    cast = Cast()
    filing = filing_in_force(cast, 7_502)
    owner.open_filing(filing)
    owner.begin_change("变更服务信息", "service")
    owner.page.locator('textarea[name="description"]').fill(_DESCRIPTION)
    owner.go_on()
    owner.date_changes(clock.today() - timedelta(days=1))
    application = owner.submit_change()
    case = SampleCase(application.pk, _account())
    walk.act(
        case,
        Act.FORWARD,
        by=cast.provincial,
        at=clock.now(),
        recommends="rejection",
        text="样例意见：均已核对",
    )
    walk.act(case, Act.REJECT, by=cast.national, at=clock.now(), reasons=[dict(SAMPLE_REASON)], text="样例")
    owner.mend(
        application.pk,
        section="service",
        name="description",
        text=f"{_DESCRIPTION}机房均在境内。",
        answer="样例：已写明节点机房。",
    )
    application.refresh_from_db()
    assert (application.round_number, application.state) == (2, "provincial_review")
    approve(cast, application)
    filing.refresh_from_db()
    assert filing.changed_at is not None


def test_an_applicant_moves_to_another_province_with_three_filings(
    live_portal: WebProcess, owner: Owner, open_browser: OpenBrowser
) -> None:
    cast = Cast()
    first = filing_in_force(cast, 7_503)
    at = clock.now() - _MANY_DAYS_AGO
    filings = [first]
    for number in (2, 3):
        case = further_service(cast, 7_503, f"样例第{number}项服务", at=at)
        walk.act(
            case, Act.FORWARD, by=cast.provincial, at=at, recommends="approval", text="样例意见：均已核对"
        )
        walk.act(case, Act.APPROVE, by=cast.national, at=at, text="样例")
        filings.append(filing_of(case))
        numbering.issue_number(filings[-1].pk, at=at)
    owner.open_filing(first)
    owner.begin_change("变更主体信息", "applicant")
    expect(owner.page.get_by_text("全部备案（3 项）")).to_be_visible()
    fill_section(
        owner.page, "applicant", {"name": "样例迁址科技有限公司", "division_code": GUANGDONG_DIVISION}
    )
    owner.go_on()
    owner.open(f"{owner.draft}attachments/")
    owner.renew(document_slot(first))
    owner.date_changes(clock.today() - timedelta(days=1))
    owner.sign_anew()
    application = owner.submit_change(answer=_MOVED)
    assert (application.kind, application.province_code) == ("applicant_change", "440000")
    approve(cast, application, by_province=cast.elsewhere)
    public = Visitor(open_browser(live_portal.url).new_page(), live_portal.url)
    for filing in filings:
        filing_number = Filing.objects.get(pk=filing.pk).number or ""
        public.look_up(filing_number)
        main = public.page.get_by_role("main")
        expect(main).to_contain_text("样例迁址科技有限公司", timeout=PATIENCE_MS)
        expect(main).to_contain_text(filing_number)
        expect(main).to_contain_text("广东")


def test_one_applicant_has_one_name_everywhere_whatever_was_pending_and_is_approved_later(
    live_portal: WebProcess,
    owner: Owner,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
) -> None:
    """Name, province and person in charge change while a first filing is pending; then a change of the group."""
    home, cast, at, new_name = live_portal.url, Cast(), clock.now() - _MANY_DAYS_AGO, "样例迁址科技有限公司"
    first = filing_in_force(cast, 7_506)
    old_name = first.applicant_name
    numbered = further_service(cast, 7_506, "样例第二项服务", at=at)
    build.approve(cast, numbered, at=at + timedelta(hours=4))
    pending = further_service(cast, 7_506, "样例待定服务", at=clock.now() - timedelta(days=1))
    walk.act(
        pending,
        Act.FORWARD,
        by=cast.provincial,
        at=clock.now(),
        recommends="approval",
        text="样例意见：均已核对",
    )

    owner.open_filing(first)
    owner.begin_change("变更主体信息", "applicant")
    fill_section(owner.page, "applicant", {"name": new_name, "division_code": GUANGDONG_DIVISION})
    owner.go_on()
    fill_section(owner.page, "person_in_charge", {"name": "样例新负责人"})
    owner.go_on()
    owner.open(f"{owner.draft}attachments/")
    owner.renew(document_slot(first))
    owner.renew("person_in_charge_document")
    owner.date_changes(clock.today() - timedelta(days=1))
    owner.sign_anew()
    change = owner.submit_change(answer=_MOVED)
    # Until it is approved, the applicant is called what it is called in force.
    expect(owner.page.get_by_role("heading", level=1)).to_have_text(old_name)

    province = Reviewer(open_browser(home).new_page(), home)
    bring_session(province.page.context, home, cast.elsewhere)
    province.open(f"/review/cases/{change.pk}/")
    expect(province.page.get_by_role("heading", level=1)).to_have_text(old_name)
    expect(province.page.get_by_role("main")).to_contain_text(new_name)
    others = province.page.locator("#others")
    for named in (first.service_name, first.number or "", "样例第二项服务", "样例待定服务"):
        expect(others).to_contain_text(named)
    expect(others.get_by_role("link")).to_have_count(0)
    change_case = SampleCase(change.pk, _account())
    mark_all(change_case, cast.elsewhere, at=clock.now())
    province.page.reload()
    province.forward("主体变更与证照一致，建议予以备案。")
    nation = Reviewer(open_browser(home).new_page(), home)
    nation.sign_in(officers[Role.NATIONAL_REVIEWER].email or "")
    mark_all(change_case, Account.objects.get(pk=officers[Role.NATIONAL_REVIEWER].pk), at=clock.now())
    nation.open(f"/review/cases/{change.pk}/")
    approval = re.compile("^予以(变更)?备案$")
    nation.page.get_by_role("link", name=approval).click()
    nation.page.get_by_role("button", name=approval).click()
    nation.page.wait_for_url(re.compile("/review/cases/[^/]+/$"))
    change.refresh_from_db()
    assert change.state == State.APPROVED

    # What was pending is approved after it, and then a change of nothing but the group.
    walk.act(pending, Act.APPROVE, by=cast.national, at=clock.now(), text="样例")
    numbering.issue_number(filing_of(pending).pk, at=clock.now())
    applicant = Applicant.objects.get(pk=first.applicant_id)
    values = {"applicant.group_name": "样例集团"}
    group = build.change_applicant(cast, applicant, values, at=clock.now(), member=_account())
    build.approve(cast, group, at=clock.now())

    public = Visitor(open_browser(home).new_page(), home)
    main = public.page.get_by_role("main")
    for case, has_moved in ((first, True), (filing_of(numbered), True), (filing_of(pending), False)):
        filing = Filing.objects.get(pk=case.pk)
        public.look_up(filing.number or "")
        expect(main).to_contain_text(filing.service_name, timeout=PATIENCE_MS)
        expect(main).to_contain_text(new_name)
        expect(main).to_contain_text("广东")
        moved = main.get_by_text(f"原为：{old_name}")
        expect(moved).to_have_count(1 if has_moved else 0)
        if not has_moved:
            expect(main).not_to_contain_text(old_name)
        materials = materials_in_force(filing)
        assert materials["person_in_charge"]["name"] == "样例新负责人"
        assert materials["applicant"]["group_name"] == "样例集团"
    assert {(filing.applicant_name, filing.province_code) for filing in Filing.objects.all()} == {
        (new_name, "440000")
    }
    owner.open(f"/applicant/applications/{pending.application_id}/")
    expect(owner.page.get_by_role("main")).to_contain_text(f"备案主体现为：{new_name}")
    assert verify_register().violations == []


def test_a_cancellation_is_offered_its_earliest_day_withdrawn_and_declared_late(
    live_portal: WebProcess,
    owner: Owner,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
    watches: list[Watch],
) -> None:
    cast = Cast()
    filing = filing_in_force(cast, 7_504)
    earliest = earliest_service_end(clock.today(), current_calendar())
    too_early = (earliest - timedelta(days=1)).isoformat()
    # The form is refused once with its text kept, and once more for the late one without a reason.
    watches[0].expect(HTTPStatus.BAD_REQUEST)

    owner.open_filing(filing)
    owner.page.get_by_role("link", name="注销备案").click()
    day = owner.page.locator('[name="ends_on"]')
    expect(day).to_have_value(earliest.isoformat())
    day.fill(too_early)
    owner.page.locator('[name="arrangement"]').fill(_ARRANGEMENT)
    owner.page.locator('[name="declaration"]').check()
    owner.press("提交注销")
    expect(owner.page.locator("[data-error-summary]")).to_contain_text(f"{earliest:%Y-%m-%d}")
    owner.page.get_by_role("button", name=re.compile("^改用最早日期")).click()
    expect(day).to_have_value(earliest.isoformat())
    expect(owner.page.locator('[name="arrangement"]')).to_have_value(_ARRANGEMENT)
    owner.page.locator('[name="declaration"]').check()
    owner.press("提交注销")
    owner.page.wait_for_url(re.compile("/applicant/applications/"))
    application = Application.objects.get(kind="cancellation")
    assert (application.event_on, application.late_by_working_days) == (earliest, 0)

    approve(cast, application)
    public = Visitor(open_browser(live_portal.url).new_page(), live_portal.url)
    public.look_up(filing.number or "")
    expect(public.page.get_by_role("main")).to_contain_text(f"{earliest:%Y-%m-%d}")
    owner.page.reload()
    owner.page.get_by_role("link", name="撤回注销").click()
    owner.page.locator('[name="explanation"]').fill("样例：服务继续。")
    owner.press("撤回注销")
    expect(owner.page.get_by_text("已撤回注销申请")).to_be_visible()
    filing.refresh_from_db()
    assert (filing.standing, filing.ends_on) == ("in_force", None)

    owner.open_filing(filing)
    owner.page.get_by_role("link", name="注销备案").click()
    day.fill(too_early)
    owner.page.locator('[name="arrangement"]').fill(_ARRANGEMENT)
    owner.page.locator('[name="is_declared_late"]').check()
    owner.page.locator('[name="late_reason"]').fill("样例：合作方突然终止。")
    owner.page.locator('[name="declaration"]').check()
    owner.press("提交注销")
    owner.page.wait_for_url(re.compile("/applicant/applications/"))
    late = Application.objects.filter(kind="cancellation").latest("submitted_at")
    assert late.late_by_working_days >= 1
    province = Reviewer(open_browser(live_portal.url).new_page(), live_portal.url)
    province.sign_in(officers[Role.PROVINCIAL_REVIEWER].email or "")
    province.open_case(filing.service_name)
    main = province.page.get_by_role("main")
    expect(main).to_contain_text("样例：合作方突然终止。")
    expect(main).to_contain_text(_ARRANGEMENT)
    assert [one for one in verify_register().violations if one.code != "file_without_row"] == []
