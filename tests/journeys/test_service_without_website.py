"""A service that has no website, only an API: filled in with scripts, from the first answer to its number."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.models import Account, Application, Filing
from registry.publication.record import Found, look_up
from registry.rules.workflow.states import Role
from registry.sample.walk import SampleCase
from tests.journeys.answers import plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import member, number_of
from tests.journeys.people import PASSWORD, STATEMENT, ApplicantMember
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("decoder")]

_EMAIL = "api-only@example.com"
_API = {"documentation_url": "https://docs.example.com/journey/api"}
_WITH_ROWS = ("websites", "apps", "mini_programs", "official_accounts", "apis", "nodes")


def api_alone() -> dict[str, Any]:
    materials = plain_organisation(today=clock.today())
    service = {name: given for name, given in materials["service"].items() if name not in _WITH_ROWS}
    materials["service"] = {**service, "service_forms": ["api"], "apis": [_API]}
    return materials


def test_a_service_of_an_api_alone_comes_to_its_number(
    live_portal: WebProcess, open_browser: OpenBrowser, officers: dict[Role, Account]
) -> None:
    account, home, materials = member(_EMAIL, password=PASSWORD), live_portal.url, api_alone()
    applicant = ApplicantMember(open_browser(home).new_page(), home)
    applicant.sign_in(_EMAIL)
    applicant.begin()
    page = applicant.page
    for section in ("applicant", "person_in_charge"):
        applicant.fill(materials, section)
    expect(page.locator(".field--error, .error-summary")).to_have_count(0)
    # A website is taken for the form of a service until another is ticked.
    for name in _WITH_ROWS:
        expect(page.locator(f"#group-{name}")).to_be_visible(visible=name == "websites")
    applicant.fill(materials, "service")
    applicant.fill(materials, "content")
    assert "icp_proof" not in applicant.upload_all(materials)
    page.get_by_role("link", name="下一步").click()
    statement = applicant.signed_statement()
    applicant.upload(STATEMENT, "承诺书.pdf", "application/pdf", statement)
    page.get_by_role("link", name="下一步").click()
    # A wallet needs something to look at, which an API alone does not offer.
    applicant.answer_questions("钱包的界面由调用接口的第三方程序提供（样例）。")
    expect(page.get_by_text("审核所需的内容均已齐全。")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(_API["documentation_url"])
    applicant.declare()
    applicant.press("提交备案")
    page.wait_for_url(re.compile("/applicant/applications/"))

    application = Application.objects.get()
    stated = materials_of(get_revision(application.pk, 1))
    assert stated["form"] == {"version": 3}
    assert {name for name in _WITH_ROWS if name in stated["service"]} == {"apis"}
    number = number_of(SampleCase(application.pk, account), officers)
    page.reload()
    expect(page.locator(".number-panel__number")).to_have_text(number)
    found = look_up(number)
    assert isinstance(found, Found)
    page.goto(f"{home}/applicant/filings/{Filing.objects.get().pk}/")
    expect(page.get_by_role("main")).to_contain_text(number)
