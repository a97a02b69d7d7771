"""What follows from an answer appears in the browser while the answer is typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from registry import clock
from tests.applicants.drafts.test_scripts import Wizard
from tests.applicants.pages import Desk
from tests.builders.register import Cast
from tests.registry.rules.particulars.test_credit_code import completed
from tests.services.portal import WebProcess

CODE = completed("91110108MA0000000")


@pytest.fixture(autouse=True)
def _morning() -> None:
    """The web process runs by the present clock, and so must the sessions it is given."""


@pytest.fixture
def wizard(page: Page, live_portal: WebProcess, cast: Cast) -> Wizard:
    return Wizard(page, live_portal, Desk.of(cast.member))


def test_the_code_is_read_on_the_start_page(wizard: Wizard) -> None:
    page = wizard.page
    page.goto(f"{wizard.base}{reverse('applicants:start')}")
    code, read = page.locator("#credit-code"), page.locator("#code-read")
    code.press_sequentially(CODE[:10])
    expect(read).to_contain_text("已填 10 位")
    code.fill(CODE[:17] + ("1" if CODE[17] != "1" else "2"))
    expect(read).to_contain_text("末位校验码不符")
    page.locator("#deviates").check()
    expect(read).to_contain_text("由代码读取")
    expect(page.locator("#deviates")).to_be_checked()
    code.fill(CODE)
    expect(read).to_contain_text("北京市海淀区")
    page.locator("#who-self").check()
    expect(code).to_be_hidden()


def test_the_kind_of_a_known_chain_is_chosen_with_the_chain(wizard: Wizard) -> None:
    page, row = wizard.page, "application_main_chains-0"
    wizard.open("content")
    page.check('[name="application_service_types"][value="wallet"]')
    chain = page.locator(f'[name="{row}-chain"]')
    kind = page.locator(f'[name="{row}-kind"]:checked')
    chain.select_option("chainmaker")
    expect(kind).to_have_value("consortium")
    expect(page.locator(f'[name="{row}-uses_contract"]').first).to_be_hidden()
    chain.select_option("bitcoin")
    expect(kind).to_have_value("public")
    expect(page.locator(f'[name="{row}-uses_contract"]').first).to_be_visible()
    # What was chosen by hand stays.
    page.check(f'[name="{row}-kind"][value="private"]')
    chain.select_option("chainmaker")
    expect(kind).to_have_value("private")


def test_the_tick_for_the_same_address_takes_the_question_away(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("applicant")
    page.fill("#id_document_address", "样例路 1 号")
    page.check("#id_mailing_address__same")
    expect(page.locator("#id_mailing_address")).to_be_hidden()
    given = {"document_address": "样例路 1 号", "mailing_address": "样例路 1 号"}
    wizard.expect_saved("applicant", given)
    page.reload()
    expect(page.locator("#id_mailing_address__same")).to_be_checked()
    page.uncheck("#id_mailing_address__same")
    expect(page.locator("#id_mailing_address")).to_be_visible()


def test_the_deadline_appears_beside_the_start(wizard: Wizard) -> None:
    page = wizard.page
    address = reverse("applicants:part", args=[wizard.draft.pk, "service", "purpose"])
    page.goto(f"{wizard.base}{address}")
    expect(page.locator("[data-deadline]")).to_be_hidden()
    page.fill("#id_service_started_on", f"{clock.today() - timedelta(days=2):%Y-%m-%d}")
    expect(page.locator("[data-deadline]")).to_contain_text("截止日期")
    page.fill("#id_service_started_on", f"{clock.today() - timedelta(days=60):%Y-%m-%d}")
    expect(page.locator("[data-deadline]")).to_contain_text("已超期")


def test_what_follows_appears_while_it_is_typed_and_gives_way_to_what_is_typed(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("service")
    page.fill("#id_service_name", "样例")
    page.check('[name="service_forms"][value="website"]')
    name = page.locator('[name="websites-0-name"]')
    expect(name).to_have_value("样例")
    page.fill("#id_service_name", "样例平台")
    expect(name).to_have_value("样例平台")
    name.press("End")
    name.press_sequentially("门户")
    page.fill("#id_service_name", "样例存证平台")
    page.locator("form[data-autosave-url]:not([data-unsaved])").wait_for()
    expect(name).to_have_value("样例平台门户")


def test_the_place_is_chosen_from_the_address_until_somebody_chooses(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("applicant")
    county = page.locator('[name="division_code__2"]')
    page.fill("#id_document_address", "北京市海淀区样例路 1 号")
    expect(county).to_have_value("110108")
    county.select_option("110101")
    page.fill("#id_document_address", "北京市海淀区样例路 2 号")
    page.locator("form[data-autosave-url]:not([data-unsaved])").wait_for()
    expect(county).to_have_value("110101")


def test_the_reason_for_being_late_appears_with_the_late_day(wizard: Wizard) -> None:
    page = wizard.page
    address = reverse("applicants:part", args=[wizard.draft.pk, "service", "purpose"])
    page.goto(f"{wizard.base}{address}")
    expect(page.locator("#id_late_reason")).to_be_hidden()
    page.fill("#id_service_started_on", f"{clock.today() - timedelta(days=60):%Y-%m-%d}")
    expect(page.locator("#id_late_reason")).to_be_visible()


def test_the_next_page_takes_the_place_of_this_one_without_a_load(wizard: Wizard) -> None:
    page = wizard.page
    loads: list[str] = []
    wizard.open("service")
    page.on("domcontentloaded", lambda each: loads.append(each.url))
    page.uncheck('[name="service_forms"][value="website"]')
    page.fill("#id_service_name", "样例平台")
    going_on = page.locator('.save-state [value="forward"]')
    going_on.click()
    expect(page.locator("h1")).to_have_text("用途与开始时间")
    expect(page.locator("h1")).to_be_focused()
    assert page.url.endswith("/service/purpose/")
    # The page that came is as alive as one that was loaded.
    page.fill("#id_description", "样例说明")
    wizard.expect_saved("service", {"service_name": "样例平台", "description": "样例说明"})
    page.fill("#id_description", "样例说明，改过。")
    page.go_back()
    expect(page.locator("#id_service_name")).to_have_value("样例平台")
    page.go_forward()
    expect(page.locator("#id_description")).to_have_value("样例说明，改过。")
    assert loads == []
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_what_a_bare_host_is_understood_as_is_said_while_it_is_typed(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("service")
    page.check('[name="service_forms"][value="website"]')
    address = page.locator('[name="websites-0-url"]')
    said = page.locator(".field:has([name='websites-0-url']) .field__note")
    address.fill("docs.example.com/规则")
    expect(said).to_have_text("将按 https://docs.example.com/规则 登记。")
    page.reload()
    expect(address).to_have_value("docs.example.com/规则")
    expect(said).to_have_text("将按 https://docs.example.com/规则 登记。")
    address.fill("https://docs.example.com/规则")
    expect(said).to_have_count(0)
    address.fill("规则.docx")
    page.locator("form[data-autosave-url]:not([data-unsaved])").wait_for()
    expect(said).to_have_count(0)
