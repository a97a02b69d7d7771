"""A description that is pasted from Word, with the characters that Word writes, first to a number and on the papers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.models import Account
from registry.rules.workflow.states import Role
from tests.journeys.answers import plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import ApplicantMember
from tests.journeys.whole_way import number_from_the_offices, sign_and_submit, sign_up_and_fill_in
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("decoder")]

PASTED = (
    "\ufeff“样例”服务说明：\u200b把业务记录的摘要写入区块链，供用户核对。\v"
    "\uf0b7\t谁上链：样例\u00adBank\u00a0Co.\u00a0的“授权”员工\u2028"
    "\uf0d8\t用户怎样使用：登录后查询 – 下载 — 核验…\r\n"
    "\uf0fc\t境内节点：4 个 \U0001f680\u2029"
    "It\u2019s a sample.\u200b"
)
MEANT = (
    "“样例”服务说明：把业务记录的摘要写入区块链，供用户核对。\n"
    "•\t谁上链：样例Bank\u00a0Co.\u00a0的“授权”员工\n"
    "➢\t用户怎样使用：登录后查询 – 下载 — 核验…\n"
    "✓\t境内节点：4 个 \U0001f680\n"
    "It\u2019s a sample."
)


def test_a_description_from_word_is_kept_as_what_it_means_to_the_record_and_the_papers(
    live_portal: WebProcess, open_browser: OpenBrowser, officers: dict[Role, Account], outbox: Path
) -> None:
    home, materials = live_portal.url, plain_organisation(today=clock.today())
    name = materials["service"]["service_name"]
    materials["service"] |= {"service_name": f"\ufeff{name}\u200b\u2028", "description": PASTED}
    applicant = ApplicantMember(open_browser(home).new_page(), home)
    sign_up_and_fill_in(applicant, materials, outbox)
    applicant.upload_all(materials)
    application = sign_and_submit(applicant)

    stated = materials_of(get_revision(application.pk, 1))["service"]
    assert (stated["service_name"], stated["description"]) == (name, MEANT)
    expect(applicant.page.get_by_role("main")).to_contain_text("✓\t境内节点：4 个 \U0001f680")
    request = applicant.page.context.request
    for link in ("备案申请材料", "收件回执"):
        path = applicant.page.get_by_role("link", name=link).first.get_attribute("href")
        paper = request.get(f"{home}{path}")
        assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
        printed = _text_of(paper.body())
        assert name in printed
        if link == "备案申请材料":
            # An emoji prints as its code point, the rest as it stands.
            for line in ("“样例”服务说明：", "谁上链：样例Bank", "核验…", "U+1F680", "It’s a sample."):
                assert line in printed, line
    number = number_from_the_offices(open_browser, home, officers, application)
    applicant.page.reload()
    expect(applicant.page.locator(".number-panel__number")).to_have_text(number)


def _text_of(content: bytes) -> str:
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return shown.stdout.decode()
