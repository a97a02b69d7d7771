"""One field finds a place by its Chinese or English name and puts it into the three lists, which work without it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.applicants.drafts.test_scripts import Wizard
from tests.applicants.pages import Desk
from tests.builders.register import Cast
from tests.services.portal import WebProcess

SEARCH = ".place-search [role=combobox]"


@pytest.fixture(autouse=True)
def _morning() -> None:
    """The web process runs by the present clock, and so must the sessions it is given."""


@pytest.fixture
def wizard(page: Page, live_portal: WebProcess, cast: Cast) -> Wizard:
    return Wizard(page, live_portal, Desk.of(cast.member))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("广东深圳南山", "440305"),
        ("广东省深圳市南山区", "440305"),
        ("nanshan shenzhen", "440305"),
        ("Nanshan District, Shenzhen, Guangdong", "440305"),
        # Ends at the prefecture, which has no counties.
        ("东莞", "441900"),
        ("dongguan", "441900"),
        ("北京 海淀", "110108"),
    ],
)
def test_a_place_is_found_by_its_name_in_either_language(wizard: Wizard, typed: str, code: str) -> None:
    page = wizard.page
    wizard.open("applicant")
    page.locator(SEARCH).fill(typed)
    expect(page.locator(".place-search [role=option]").first).to_be_visible()
    page.locator(SEARCH).press("Enter")
    expect(page.locator("[data-linked-value]")).to_have_value(code)
    expect(page.locator("#id_division_code__0")).to_have_value(f"{code[:2]}0000")
    # What is typed into the search is no answer; the place alone is saved.
    wizard.expect_saved("applicant", {"division_code": code})


def test_the_field_is_used_by_keyboard_and_says_when_nothing_is_found(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("applicant")
    search = page.locator(SEARCH)
    expect(search).to_have_attribute("aria-expanded", "false")
    search.fill("无此地名县")
    expect(page.locator(".place-search [role=status]")).to_have_text(
        "没有找到该名称的地区，请在下方列表中选择。"
    )
    search.fill("朝阳区")
    options = page.locator(".place-search [role=option]")
    # Those whose name it is stand before those whose names have the characters apart.
    for place in range(2):
        expect(options.nth(place)).to_contain_text("朝阳区")
    search.press("ArrowDown")
    search.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(search).to_have_attribute("aria-activedescendant", re.compile("-1$"))
    chosen = options.nth(1).inner_text()
    search.press("Enter")
    expect(search).to_have_value(chosen)
    expect(search).to_have_attribute("aria-expanded", "false")
    # Enter chose a place and sent nothing.
    expect(page).to_have_url(re.compile("/applicant/$"))
    search.fill("海淀")
    search.press("Escape")
    expect(options.first).to_be_hidden()
    # The lists go on working beside it.
    page.select_option("#id_division_code__0", "440000")
    page.select_option("#id_division_code__1", "441900")
    wizard.expect_saved("applicant", {"division_code": "441900"})
