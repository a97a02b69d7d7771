"""A case from the queue to the next one with the keyboard alone, and how few keys and loads that takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from registry.models import Application
from registry.rules.workflow.states import State
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.models import ChecklistMark
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast
from tests.review.case.test_case_browser import case, enter, people
from tests.review.officers import url
from tests.services.portal import WebProcess

__all__ = ["case", "people"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_MOST_KEYS = 12
_MOST_LOADS = 3
_QUEUE = "/review/"


@dataclass
class Officer:
    """Somebody with no mouse, whose keys and loads of pages are counted."""

    page: Page
    keys: int = 0
    loads: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.page.on("load", self._count)

    def _count(self, _page: Page) -> None:
        self.loads += 1

    def begin(self, address: str) -> None:
        self.page.goto(address)
        self.keys = self.loads = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def go(self, key: str) -> None:
        """Presses a key that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)

    def expect_marked(self, number: int) -> None:
        expect(self.page.locator("#checklist-progress")).to_contain_text(re.compile(rf"\D{number}/"))


@pytest.fixture
def officer(live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast) -> Officer:
    enter(browser_context, live_portal, people)
    return Officer(page)


def another(people: Cast) -> SampleCase:
    """A case received a day later: of those of one day, whichever has the lower id comes first in the queue."""
    at = MORNING + timedelta(days=1)
    materials = walk.complete_materials(2, member=people.member, at=at, division_code=BEIJING_DIVISION)
    return walk.submit(materials, member=people.member, at=at)


def test_a_clean_first_filing_takes_few_keys_and_loads_from_the_queue_to_the_next_case(
    live_portal: WebProcess, officer: Officer, people: Cast, case: SampleCase
) -> None:
    following, page = another(people), officer.page
    officer.begin(live_portal.url + _QUEUE)
    officer.go("n")
    sections = page.locator(".section-rest button").count()
    # The first press leads to the first section: nothing is marked that was not shown.
    officer.press("a")
    assert not ChecklistMark.objects.exists()
    for done in range(1, sections + 1):
        expect(page.locator(".particulars__section:has(:focus) .section-rest button")).to_have_count(1)
        officer.press("a")
        expect(page.locator(".section-rest [role=status]")).to_have_count(done)
    expect(page.locator(".decision-bar__acts a").first).to_be_focused()
    officer.go("e")
    officer.press("1")
    # On a link these keys open a window, and on the button beside it they save a draft or do nothing.
    for other in (".breadcrumbs a", "[name=keep]"):
        page.locator(other).first.focus()
        page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert Application.objects.get(pk=case.application.pk).state == State.PROVINCIAL_REVIEW
    page.locator("main form textarea").first.focus()
    expect(page.locator("main form textarea")).not_to_have_value("")
    officer.go("Control+Enter")
    assert Application.objects.get(pk=case.application.pk).state == State.NATIONAL_REVIEW
    assert officer.keys <= _MOST_KEYS, officer.keys
    assert officer.loads <= _MOST_LOADS, officer.loads
    officer.go("n")
    expect(page).to_have_url(live_portal.url + url("case", following))


def test_sections_and_documents_follow_each_other(
    live_portal: WebProcess, officer: Officer, case: SampleCase
) -> None:
    page = officer.page
    officer.begin(live_portal.url + url("case", case))
    shown = page.locator("#documents .document-list__label")
    seen = []
    for section in page.locator(".particulars__section").all():
        officer.press("l")
        expect(section.locator(":focus")).to_have_count(1)
        labels = section.locator(".compare a[data-document]").all_text_contents()
        if labels:
            expect(shown).to_have_text(re.compile("|".join(map(re.escape, labels))))
        seen.append(shown.text_content())
    assert len(set(seen)) > 1
    officer.press("h")
    expect(page.locator(".particulars__section").nth(-2).locator(":focus")).to_have_count(1)
    before = shown.text_content()
    officer.press("v")
    expect(shown).not_to_have_text(before or "?")
    officer.press("+")
    expect(page.locator("[data-viewer]")).to_have_attribute("data-zoom", "150")
    officer.press("-", "r")
    expect(page.locator("[data-viewer]")).to_have_attribute("data-zoom", "100")
    expect(page.locator("[data-viewer]")).to_have_attribute("data-rotation", "90")


def test_a_fault_is_marked_with_its_reason_and_the_officer_is_back_at_the_line(
    live_portal: WebProcess, officer: Officer, case: SampleCase
) -> None:
    page = officer.page
    officer.begin(live_portal.url + url("case", case))
    officer.press("m", "f", "f")
    officer.expect_marked(2)
    row = page.locator(".particular:has(:focus)")
    name = row.get_attribute("id")
    officer.press("d")
    reason = page.locator(f'[id="{name}"] .remark select')
    expect(reason).to_be_focused()
    # The keys of the page are letters like any other where something is typed.
    officer.press("ArrowDown", "Tab")
    page.keyboard.insert_text("与营业执照不一致")
    officer.press("a", "Enter")
    officer.expect_marked(3)
    expect(page.locator(f'[id="{name}"] .remark [name=remark]')).to_have_value("与营业执照不一致a")
    officer.press("Escape")
    expect(page.locator(f'[id="{name}"] [value=fine]')).to_be_focused()
    officer.press("j")
    expect(page.locator(f'[id="{name}"] :focus')).to_have_count(0)
    saved = page.locator(f'[id="{name}"] .verdict__history summary')
    expect(saved).to_contain_text("3")
    found = ChecklistMark.objects.filter(verdict="deficient").values_list("remark", flat=True)
    assert list(found) == ["与营业执照不一致a"]
    # The section's rest leaves the fault as it is.
    officer.press("a")
    expect(page.locator(".section-rest [role=status]")).to_have_count(1)
    assert ChecklistMark.objects.filter(verdict="deficient").count() == 1


def test_keys_that_are_turned_off_do_nothing_and_are_not_read_out(
    live_portal: WebProcess, officer: Officer, case: SampleCase
) -> None:
    page = officer.page
    officer.begin(live_portal.url + url("case", case))
    claim = page.locator('[data-key="c"]')
    expect(claim).to_have_attribute("aria-keyshortcuts", "c")
    officer.press("?")
    box = page.locator("[data-shortcut-toggle]")
    expect(box).to_be_visible()
    for action in page.locator(".decision-bar__acts a").all():
        assert (action.text_content() or "?") in (page.locator(".shortcut-help").text_content() or "")
    box.uncheck()
    page.keyboard.press("Escape")
    expect(claim).not_to_have_attribute("aria-keyshortcuts", "c")
    officer.press("c", "a", "l", "?")
    expect(page.locator(".shortcut-help")).not_to_be_visible()
    expect(claim).to_be_visible()
    assert not ChecklistMark.objects.exists()
