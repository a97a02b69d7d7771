"""An agent of two companies files three services of one of them in one go; the office decides each."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from registry import clock
from registry.integrity.register import verify_register
from registry.members import invitations
from registry.members.invitations import LetterGiven, Recipient
from registry.models import Account, Application, Event, Invitation, Membership
from registry.rules.members.permissions import MemberRole, Scope
from registry.rules.workflow.states import Act, Role
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.models import Assignment
from tests.builders.register import Cast, in_force
from tests.journeys.answers import plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import member
from tests.journeys.filling import fill_section
from tests.journeys.people import PASSWORD, STATEMENT, ApplicantMember, Reviewer, bring_session
from tests.registry.documents.reading import words_of
from tests.services.portal import WebProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("decoder"),
]

_EMAIL = "agent-journey@example.com"
_NAMES = ("样例旅程存证服务", "样例旅程溯源服务", "样例旅程版权服务")


class Agent(ApplicantMember):
    """Somebody who files for several companies."""

    def work_for(self, name: str) -> None:
        self.page.get_by_role("combobox", name="当前代表").select_option(label=name)
        self.press("切换")

    def begin_service(self) -> None:
        """Starts a draft for the applicant that is worked for; its own part is known."""
        self.open("/applicant/start/")
        self.press(self.words.begin)
        self.page.wait_for_url(re.compile("/applicant/drafts/.+/service/"))
        self.note_draft()

    def note_draft(self) -> None:
        found = re.search("/applicant/drafts/[^/]+/", self.page.url)
        assert found is not None
        self.draft = found.group()


@pytest.fixture
def agent(transactional_db: None) -> Account:
    return member(_EMAIL, password=PASSWORD)


def company(cast: Cast, agent: Account, *, seed: int, owner: Account, invited: bool) -> SampleCase:
    """A company with a filing in force, for which the agent acts if its invitation is to be accepted here."""
    at = clock.now() - timedelta(days=30)
    case = in_force(cast, seed=seed, at=at, member=owner)
    if invited:
        scan = SimpleUploadedFile("letter.png", walk.sample_scan("letter"), "image/png")
        letter = LetterGiven(scan, Scope.ALL_ACTS, clock.today() + timedelta(days=200))
        mailbox = Recipient(Invitation.Channel.EMAIL, agent.email or "")
        sent = invitations.invite(
            case.application.applicant_id,
            mailbox,
            role=MemberRole.EDITOR,
            letter=letter,
            by=owner,
            at=clock.now(),
        )
        invitations.accept(sent.pk, account=agent, at=clock.now())
    return case


def test_an_agent_of_two_companies_files_three_services_of_one_jointly(
    live_portal: WebProcess,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
    agent: Account,
) -> None:
    home, cast = live_portal.url, Cast()
    owner = walk.sample_account("样例持有人", Role.APPLICANT)
    first = company(cast, agent, seed=7_821, owner=owner, invited=False)
    other = company(cast, agent, seed=7_822, owner=cast.stranger, invited=True)
    untouched = _record_of(other)
    name, other_name = (case.application.applicant.name for case in (first, other))

    _invite(open_browser, home, owner, first)
    context = open_browser(home)
    bring_session(context, home, agent)
    hands = Agent(context.new_page(), home)
    page, main = hands.page, hands.page.get_by_role("main")
    hands.open("/applicant/")
    page.get_by_role("link", name=re.compile(f"{name}")).first.click()
    expect(main).to_contain_text("授权")
    hands.press("接受")
    assert Membership.objects.filter(account=agent, is_agent=True, revoked_at__isnull=True).count() == 2

    hands.open("/applicant/")
    expect(main).to_contain_text(other.application.service_name)
    hands.work_for(name)
    expect(main).to_contain_text(first.application.service_name)
    expect(main).not_to_contain_text(other.application.service_name)

    _fill_three(hands, name)
    page.get_by_role("link", name="下一步").click()
    expect(main).to_contain_text("3 项服务")
    hands.upload(STATEMENT, "承诺书.pdf", "application/pdf", hands.signed_statement())
    page.get_by_role("link", name="下一步").click()
    expect(page.get_by_text("审核所需的内容均已齐全。")).to_be_visible()
    for number, service_name in enumerate(_NAMES, start=1):
        expect(main).to_contain_text(f"第 {number} 项服务（共 3 项）：{service_name}")
    hands.declare()
    hands.press("提交备案")
    page.wait_for_url(re.compile("/applicant/applications/"))
    expect(main).to_contain_text("已一并提交 3 项服务。收件编号：")
    applications = list(Application.objects.filter(together_id__isnull=False).order_by("receipt_number"))
    assert [each.service_name for each in applications] == list(_NAMES)
    assert len({each.together_id for each in applications}) == 1
    address = page.get_by_role("link", name="收件回执").get_attribute("href")
    receipt = words_of(context.request.get(f"{home}{address}").body())
    for each in applications:
        expect(main).to_contain_text(each.receipt_number)
        assert each.receipt_number in receipt
    expect(main).to_contain_text(f"代表{name}")

    _decide_the_first(open_browser, home, officers, cast, applications)
    hands.open("/applicant/")
    expect(main).to_contain_text("备案编号发放中")
    assert [Application.objects.get(pk=each.pk).state for each in applications] == [
        "approved",
        "provincial_review",
        "provincial_review",
    ]
    hands.work_for(other_name)
    expect(main).to_contain_text(other.application.service_name)
    expect(main).not_to_contain_text(_NAMES[0])
    assert _record_of(other) == untouched
    assert [one for one in verify_register().violations if one.code != "file_without_row"] == []


def _record_of(case: SampleCase) -> tuple[object, ...]:
    """Everything the book holds of a filing, and everything about its applicant that is under way."""
    application = case.application
    filing = application.filing
    assert filing is not None
    events = list(Event.objects.filter(filing=filing).order_by("sequence").values_list("hash", flat=True))
    others = Application.objects.filter(applicant=application.applicant_id).count()
    return (filing.standing, filing.number, filing.service_name, application.state, tuple(events), others)


def _invite(open_browser: OpenBrowser, home: str, owner: Account, case: SampleCase) -> None:
    """The owner invites the agent and uploads the letter of authority."""
    context = open_browser(home)
    bring_session(context, home, owner)
    hands = ApplicantMember(context.new_page(), home)
    hands.open(f"/applicant/members/{case.application.applicant_id}/invite/")
    page = hands.page
    page.locator('[name="recipient"]').fill(_EMAIL)
    page.locator('[name="role"][value="agent"]').check()
    page.locator('[name="scope"][value="all_acts"]').check()
    page.locator('[name="letter"]').set_input_files(
        {"name": "授权委托书.png", "mimeType": "image/png", "buffer": walk.sample_scan("letter")}
    )
    page.locator('[name="letter_valid_until"]').fill(f"{clock.today() + timedelta(days=90)}")
    hands.press("发送邀请")
    page.wait_for_url(re.compile(f"/members/{case.application.applicant_id}/$"))


def _fill_three(hands: Agent, applicant_name: str) -> None:
    """The first service whole, the second copied and named, the third added and filled in."""
    page = hands.page
    materials = plain_organisation(today=clock.today(), seed=7_823)
    hands.begin_service()
    expect(page.get_by_role("main")).to_contain_text(f"代表{applicant_name}")
    hands.open(f"{hands.draft}applicant/")
    # The owner's letter is on file: neither whether an agent files nor until when is asked, and its scan is there.
    by_agent = {"agent_name": "郑样例", "authority_scope": "样例：代为办理备案。"}
    expect(
        page.locator('input[name="filed_by_agent"]:enabled, [name="authority_expires_on"]:enabled')
    ).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text(f"{clock.today() + timedelta(days=90):%Y-%m-%d}")
    materials["applicant"] |= by_agent | {"filed_by_agent": True}
    fill_section(page, "applicant", by_agent)
    hands.go_on()
    hands.open(f"{hands.draft}service/")
    materials["service"]["service_name"] = _NAMES[0]
    for section in ("service", "content"):
        hands.fill(materials, section)
    _upload_missing(hands, materials)

    hands.press("复制本项服务")
    page.wait_for_url(lambda address: hands.draft not in address)
    hands.note_draft()
    hands.type("服务名称", _NAMES[1])
    hands.go_on()

    before = hands.draft
    hands.press("添加一项服务")
    page.wait_for_url(lambda address: before not in address)
    hands.note_draft()
    materials["service"]["service_name"] = _NAMES[2]
    for section in ("service", "content"):
        hands.fill(materials, section)
    _upload_missing(hands, materials)
    titles = page.get_by_role("complementary").or_(page.locator(".services__list")).first
    for service_name in _NAMES:
        expect(titles).to_contain_text(service_name)


def _upload_missing(hands: Agent, materials: dict) -> None:
    """A scan into every slot that must have one and has none."""
    full = [
        str(slot.get_attribute("id")).removeprefix("slot-")
        for slot in hands.page.locator('section[id^="slot-"]:has(.files > li)').all()
    ]
    hands.upload_all(materials, but={STATEMENT, *full})


def _decide_the_first(
    open_browser: OpenBrowser,
    home: str,
    officers: dict[Role, Account],
    cast: Cast,
    applications: list[Application],
) -> None:
    """The reviewer sees the three together, claims them in one press, and one is decided."""
    context = open_browser(home)
    bring_session(context, home, officers[Role.PROVINCIAL_REVIEWER])
    reviewer = Reviewer(context.new_page(), home)
    reviewer.open("/review/")
    main = reviewer.page.get_by_role("main")
    for place in (1, 2, 3):
        expect(main).to_contain_text(f"一并提交的 3 项中的第 {place} 项")
    reviewer.open_case(_NAMES[0])
    for each in applications[1:]:
        expect(reviewer.page.get_by_role("main")).to_contain_text(each.receipt_number)
    reviewer.press("全部领办（3 件）")
    expect(reviewer.page.get_by_role("button", name="取消领办")).to_be_visible()
    officer = officers[Role.PROVINCIAL_REVIEWER]
    held = Assignment.objects.filter(officer=officer).values_list("application", flat=True)
    assert set(held) == {each.pk for each in applications}
    case = SampleCase(applications[0].pk, officer)
    at = clock.now()
    walk.act(case, Act.FORWARD, by=officer, at=at, recommends="approval", text="样例意见：均已核对")
    walk.act(case, Act.APPROVE, by=cast.national, at=at, text="样例意见")
