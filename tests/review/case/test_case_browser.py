"""The case page in a real browser: marks and documents change in place, and without a script by reloading."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from registry import clock
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.models import ChecklistMark
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast
from tests.review.officers import sign_in, url
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "#mark-applicant-document_number"


@pytest.fixture
def people() -> Cast:
    """The cast, with its files where the web process finds them too."""
    return Cast()


@pytest.fixture
def case(people: Cast) -> SampleCase:
    """A case with a document of its own in every slot."""
    materials = walk.complete_materials(1, member=people.member, at=MORNING, division_code=BEIJING_DIVISION)
    return walk.submit(materials, member=people.member, at=MORNING)


def enter(context: BrowserContext, portal: WebProcess, people: Cast) -> None:
    """Signs the provincial reviewer in to the running portal."""
    clock.set_for_tests(None)
    client = sign_in(people.provincial)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": portal.url}])


def test_marks_and_documents_change_in_place(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast, case: SampleCase
) -> None:
    enter(browser_context, live_portal, people)
    page.goto(live_portal.url + url("case", case))
    page.click(f"{NUMBER}-fine")
    expect(page.locator(f"{NUMBER}-fine")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"{NUMBER}-fine")).to_be_focused()
    page.click(f"{NUMBER}-deficient")
    remark = page.locator("#remark-applicant-document_number")
    remark.fill("与营业执照不一致")
    remark.press("Enter")
    expect(page.locator("#checklist-progress")).to_contain_text("1 项有问题")
    page.wait_for_load_state("networkidle")
    found = ChecklistMark.objects.values_list("key", "verdict", "remark")
    assert list(found) == [("applicant.document_number", "deficient", "与营业执照不一致")]
    fault = page.locator("#fault-applicant-document_number")
    remark.fill("与营业执照不一致，请核对")
    chosen = fault.locator("option").nth(1)
    fault.select_option(index=1)
    expect(page.locator(f"{NUMBER}-who")).to_contain_text(chosen.text_content() or "?")
    expect(remark).to_have_value("与营业执照不一致，请核对")
    # Pressed again, the verdict takes nothing of it away.
    page.click(f"{NUMBER}-deficient")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(fault).to_have_value(chosen.get_attribute("value") or "?")
    expect(remark).to_have_value("与营业执照不一致，请核对")
    page.click('[id="row-service.websites"] a[data-document]')
    expect(page.locator("#documents .document-list__label")).to_have_text("ICP 备案证明")
    page.click('[data-viewer-do="zoom-in"]')
    expect(page.locator("[data-viewer]")).to_have_attribute("data-zoom", "150")
    width = page.locator("[data-viewer-image]").evaluate(
        "image => image.decode().then(() => image.naturalWidth)"
    )
    assert width > 0
    assert page.url == live_portal.url + url("case", case)


def test_the_same_without_a_script(
    live_portal: WebProcess,
    browser: Browser,
    browser_context_arguments: dict[str, Any],
    people: Cast,
    case: SampleCase,
) -> None:
    context = browser.new_context(**browser_context_arguments, java_script_enabled=False)
    enter(context, live_portal, people)
    page = context.new_page()
    page.goto(live_portal.url + url("case", case))
    page.click(f"{NUMBER}-deficient")
    expect(page.locator(f"{NUMBER}-deficient")).to_have_attribute("aria-pressed", "true")
    page.click('[id="row-service.websites"] a[data-document]')
    expect(page.locator("#documents .document-list__label")).to_have_text("ICP 备案证明")
    expect(page.locator(f"{NUMBER}-deficient")).to_have_attribute("aria-pressed", "true")
    fault = page.locator("#fault-applicant-document_number")
    fault.select_option(index=1)
    page.click("#remark-applicant-document_number-save")
    expect(page.locator("#fault-applicant-document_number")).not_to_have_value("")
    page.click(f"{NUMBER}-deficient")
    expect(page.locator("#fault-applicant-document_number")).not_to_have_value("")
    context.close()


def test_the_bar_of_decisions_stays_in_view_on_a_phone(
    live_portal: WebProcess,
    browser: Browser,
    browser_context_arguments: dict[str, Any],
    people: Cast,
    case: SampleCase,
) -> None:
    small = browser_context_arguments | {"viewport": {"width": 390, "height": 844}}
    context = browser.new_context(**small)
    enter(context, live_portal, people)
    page = context.new_page()
    page.goto(live_portal.url + url("case", case))
    bar = page.locator(".decision-bar")
    for place in ("0", "document.body.scrollHeight / 2"):
        page.evaluate(f"window.scrollTo(0, {place})")
        box = bar.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 845
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()
