"""A company without a printer: it signs the statement electronically, uploads the PDF, and comes to its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry import clock
from registry.integrity.register import verify_register
from registry.models import Account, Application, Attachment
from registry.rules.workflow.states import Role
from registry.sample.walk import SampleCase
from tests.builders.signed_documents import certificate, signed
from tests.journeys.answers import plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import member, number_of
from tests.journeys.people import PASSWORD, PATIENCE_MS, SECTIONS, STATEMENT, ApplicantMember, Reviewer
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("decoder")]

_EMAIL = "no-printer@example.com"
_ORIGINAL = "下载签名原件"


def test_a_company_files_with_a_signed_pdf_and_no_printer(
    live_portal: WebProcess, open_browser: OpenBrowser, officers: dict[Role, Account]
) -> None:
    account, home = member(_EMAIL, password=PASSWORD), live_portal.url
    materials = plain_organisation(today=clock.today())
    name = materials["applicant"]["name"]
    applicant = ApplicantMember(open_browser(home).new_page(), home)
    applicant.sign_in(_EMAIL)
    applicant.begin()
    page, main = applicant.page, applicant.page.get_by_role("main")
    for section in SECTIONS:
        applicant.fill(materials, section)
    applicant.upload_all(materials)
    page.get_by_role("link", name="下一步").click()
    expect(main).to_contain_text("电子签署（无需打印）")

    content = signed(applicant.download_statement(), by=certificate(name), is_visible=True)
    applicant.upload(STATEMENT, "承诺书（已签署）.pdf", "application/pdf", content)
    expect(main).to_contain_text(re.compile(f"由{re.escape(name)}于.*签署后未经改动"))
    assert _downloaded(page, _ORIGINAL) == content
    page.get_by_role("link", name="下一步").click()
    if page.locator("#questions textarea").count():
        applicant.answer_questions("样例答复。")
    expect(page.get_by_text("审核所需的内容均已齐全。")).to_be_visible(timeout=PATIENCE_MS)
    expect(main).to_contain_text("签署后未经改动")
    applicant.declare()
    applicant.press("提交备案")
    page.wait_for_url(re.compile("/applicant/applications/"))

    application = Application.objects.get()
    reviewer = Reviewer(open_browser(home).new_page(), home)
    reviewer.sign_in(officers[Role.PROVINCIAL_REVIEWER].email or "")
    original = Attachment.objects.exclude(original_sha256="").get()
    reviewer.open(f"/review/cases/{application.pk}/?file={original.pk}")
    documents = reviewer.page.locator("#documents")
    expect(documents).to_contain_text(re.compile(f"由{re.escape(name)}于.*签署后未经改动"))
    expect(documents).to_contain_text("未核验证书的颁发机构")
    expect(reviewer.page.locator("#checks")).to_contain_text("已签署的 PDF 印有本备案信息的核对码")
    with reviewer.page.expect_download(timeout=PATIENCE_MS) as download:
        documents.get_by_role("link", name=_ORIGINAL).click()
    assert Path(download.value.path()).read_bytes() == content

    number = number_of(SampleCase(application.pk, account), officers)
    page.reload()
    expect(page.locator(".number-panel__number")).to_have_text(number)
    assert [each for each in verify_register().violations if not each.code.endswith("_without_row")] == []


def _downloaded(page: Page, link: str) -> bytes:
    with page.expect_download(timeout=PATIENCE_MS) as download:
        page.get_by_role("link", name=link).first.click()
    return Path(download.value.path()).read_bytes()
