"""The applicant's and the public's journey in a browser that runs no scripts."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.models import Application
from tests.journeys.answers import plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import PATIENCE_MS, SECTIONS, STATEMENT, ApplicantMember, Visitor
from tests.journeys.watching import Watch
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("decoder")]


def test_everything_can_be_done_without_scripts(
    live_portal: WebProcess, open_browser: OpenBrowser, outbox: Path, watches: list[Watch]
) -> None:
    home = live_portal.url
    materials = plain_organisation(today=clock.today())
    member = ApplicantMember(open_browser(home, java_script_enabled=False).new_page(), home)
    page = member.page
    member.sign_up(name="吴样例", mobile="19900007342", email="no-scripts@example.com", outbox=outbox)
    member.begin()
    for section in SECTIONS:
        member.fill(materials, section)
    member.upload_all(materials)
    page.get_by_role("link", name="下一步").click()
    member.upload(STATEMENT, "承诺书.pdf", "application/pdf", member.signed_statement())
    page.get_by_role("link", name="下一步").click()
    expect(page.get_by_text("审核所需的内容均已齐全。")).to_be_visible()
    watches[-1].expect(HTTPStatus.BAD_REQUEST)
    member.press("提交备案")
    expect(page.locator("#declaration-error")).to_be_visible()
    member.declare()
    member.press("提交备案")
    page.wait_for_url(re.compile("/applicant/applications/"))
    expect(page.get_by_role("main")).to_contain_text(Application.objects.get().receipt_number)

    public = Visitor(open_browser(home, java_script_enabled=False).new_page(), home)
    watches[-1].expect(HTTPStatus.NOT_FOUND)
    public.look_up("样例")
    expect(public.page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)
    public.look_up("京网信备1101081963896882001X号")
    expect(public.page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)
