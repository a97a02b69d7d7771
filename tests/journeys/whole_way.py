"""The two ends of a filing's way that many journeys share: signing and sending it, and the offices until its number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from applicants.drafts.steps import FORM_SECTIONS
from registry import clock
from registry.book import numbering
from registry.models import Account, Application
from registry.rules.workflow.states import Role
from tests.journeys.conftest import OpenBrowser, officer_at
from tests.journeys.people import STATEMENT, ApplicantMember, Visitor

_OPINION = "材料齐全，形式审查无误，建议予以备案。"


def sign_up_and_fill_in(applicant: ApplicantMember, materials: Mapping[str, Any], outbox: Path) -> None:
    """Opens an account with the contact of the person in charge, and answers every section."""
    person = materials["person_in_charge"]
    name = person.get("name") or "样例本人"
    applicant.sign_up(name=name, mobile=person["mobile"], email=person["email"], outbox=outbox)
    applicant.begin()
    for section in FORM_SECTIONS:
        applicant.fill(materials, section)


def sign_and_submit(applicant: ApplicantMember) -> Application:
    """From the attachments, which are all there, over the statement and the check page to the receipt."""
    page, words = applicant.page, applicant.words
    page.get_by_role("link", name=words.next_step).click()
    applicant.upload(STATEMENT, "承诺书.pdf", "application/pdf", applicant.signed_statement())
    page.get_by_role("link", name=words.next_step).click()
    applicant.declare()
    applicant.press(words.submit_filing)
    page.wait_for_url(re.compile("/applicant/applications/"))
    return Application.objects.get()


def number_from_the_offices(
    open_browser: OpenBrowser, home: str, officers: Mapping[Role, Account], application: Application
) -> str:
    """Both offices look, mark and approve in their browsers; the number is issued, and the public finds it."""
    province = officer_at(open_browser, home, officers[Role.PROVINCIAL_REVIEWER])
    province.open_case(application.service_name)
    province.claim()
    province.mark_all()
    province.forward(_OPINION)
    nation = officer_at(open_browser, home, officers[Role.NATIONAL_REVIEWER])
    nation.open_case(application.service_name)
    expect(nation.page.get_by_role("main")).to_contain_text(_OPINION)
    nation.claim()
    nation.mark_all()
    nation.approve()
    application.refresh_from_db()
    filing = application.filing
    assert filing is not None
    number = numbering.issue_number(filing.pk, at=clock.now() + timedelta(seconds=1))
    public = Visitor(open_browser(home).new_page(), home)
    public.look_up(number)
    expect(public.page.get_by_role("heading", level=1)).to_have_text(application.service_name)
    expect(public.page.locator(".filing-number").first).to_have_text(number)
    return number
