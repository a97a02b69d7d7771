"""One filing travels the whole way: PostgreSQL, Redis, a Celery worker, gunicorn and Chromium, in Chinese."""

from __future__ import annotations

import io
import re
from http import HTTPStatus
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect

from registry import clock
from registry.calendar.current import current_calendar
from registry.integrity.register import verify_register
from registry.models import Account, Application, Filing
from registry.rules.days.deadlines import decision_due
from registry.rules.workflow.states import Role, Standing
from tests.journeys.answers import organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import (
    PATIENCE_MS,
    SECTIONS,
    STATEMENT,
    ApplicantMember,
    Reviewer,
    Visitor,
    wait_for_number,
)
from tests.journeys.watching import Watch
from tests.services.portal import WebProcess, WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("decoder")]

# The member files as an agent: its mobile is not that of the person in charge.
_MOBILE, _EMAIL = "19900007346", "journey@example.com"
_LEFT_OUT = "complaint_channel"
_OPINION = "材料齐全，形式审查无误，建议予以备案。"


def test_a_filing_travels_from_sign_up_to_public_look_up(
    live_portal: WebProcess,
    celery_worker_process: WorkerProcess,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
    outbox: Path,
    watches: list[Watch],
) -> None:
    home = live_portal.url
    materials = organisation(today=clock.today())
    service_name = materials["service"]["service_name"]

    member = ApplicantMember(open_browser(home).new_page(), home)
    member.sign_up(name="钱样例", mobile=_MOBILE, email=_EMAIL, outbox=outbox)
    member.begin()
    _fill_in(member, materials)
    _attach(member, materials)
    _mend_the_gap(member, materials)
    _submit(member)

    application = Application.objects.get()
    due = decision_due(application.received_on, current_calendar())
    main = member.page.get_by_role("main")
    expect(main).to_contain_text(application.receipt_number)
    expect(main).to_contain_text("未审核")
    expect(main).to_contain_text("自次日起算，共 20 个工作日")
    expect(main).to_contain_text(f"{due.due_on:%Y-%m-%d}")

    province = Reviewer(open_browser(home).new_page(), home)
    province.sign_in(officers[Role.PROVINCIAL_REVIEWER].email or "")
    province.open_case(service_name)
    province.claim()
    assert len(province.documents()) == len(application.revisions.get().files.all())
    province.mark_all()
    province.forward(_OPINION)

    nation = Reviewer(open_browser(home).new_page(), home)
    nation.sign_in(officers[Role.NATIONAL_REVIEWER].email or "")
    nation.open_case(service_name)
    expect(nation.page.get_by_role("main")).to_contain_text(_OPINION)
    nation.claim()
    nation.mark_all()
    nation.approve()

    member.page.reload()
    number = wait_for_number(member.page)
    filing = Filing.objects.get()
    assert (filing.number, filing.standing) == (number, Standing.IN_FORCE)

    public = Visitor(open_browser(home).new_page(), home)
    watches[-1].expect(HTTPStatus.NOT_FOUND)
    _look_up(public, number, service_name)
    # Other tests' databases are gone, their files are not: those are nobody's business here.
    assert [one for one in verify_register().violations if one.code != "file_without_row"] == []


def _fill_in(member: ApplicantMember, materials: dict) -> None:
    """Every section; the first one is saved while typing, and one answer of the service is forgotten."""
    page = member.page
    member.type_and_wait("name", "样例旅程")
    page.reload()
    expect(page.locator('[name="name"]')).to_have_value("样例旅程")
    for section in SECTIONS:
        member.fill(materials, section, leaving_out={_LEFT_OUT})


def _attach(member: ApplicantMember, materials: dict) -> None:
    """Scans into every slot, then the statement: downloaded, signed, uploaded."""
    page = member.page
    expect(page).to_have_url(f"{member.home}{member.draft}attachments/")
    slots = member.upload_all(materials)
    assert {"letter_of_authority", "related_licence_network_publishing", "technology_documents"} <= set(slots)
    page.get_by_role("link", name="下一步").click()
    statement = member.signed_statement()
    with pikepdf.open(io.BytesIO(statement)) as document:
        assert len(document.pages) >= 1
    member.upload(STATEMENT, "承诺书.pdf", "application/pdf", statement)
    page.get_by_role("link", name="下一步").click()
    # The introduction has one page for three forms.
    member.answer_questions("产品介绍的截图依次展示每种形式（样例）。")


def _mend_the_gap(member: ApplicantMember, materials: dict) -> None:
    """The list names the one thing that was forgotten; its link leads to the field."""
    page = member.page
    expect(page.get_by_role("heading", name="还有 1 项待完善")).to_be_visible()
    page.locator(".points a").click()
    field = page.locator(f'[name="{_LEFT_OUT}"]')
    expect(field).to_be_in_viewport()
    field.fill(materials["service"][_LEFT_OUT])
    page.locator('.save-state [name="next_step"][value="stay"]').click()
    member.open(f"{member.draft}check/")
    expect(page.get_by_text("审核所需的内容均已齐全。")).to_be_visible()


def _submit(member: ApplicantMember) -> None:
    """A double click makes one application."""
    member.declare()
    member.page.get_by_role("button", name="提交备案").dblclick()
    member.page.wait_for_url(re.compile("/applicant/applications/"))
    expect(member.page.get_by_text("已提交。收件编号：")).to_be_visible()
    assert Application.objects.count() == 1


def _look_up(public: Visitor, number: str, service_name: str) -> None:
    """Typed as people type: full-width, in lower case, without prefix; then with one digit wrong."""
    digits = re.sub(r"^.*?备|号$", "", number)
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in digits.lower())
    public.look_up(f" {full_width[:6]} {full_width[6:]}")
    heading = public.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(service_name, timeout=PATIENCE_MS)
    expect(public.page.locator(".filing-number").first).to_have_text(number)
    expect(public.page.get_by_role("main")).to_contain_text("已备案")
    wrong = digits[:9] + str((int(digits[9]) + 1) % 10) + digits[10:]
    public.look_up(wrong)
    expect(heading).to_have_text("这不是备案编号：校验码错误")
