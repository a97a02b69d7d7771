"""From signing in to a submitted filing with the keyboard alone; where the focus is can always be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from registry import clock
from registry.models import Application
from tests.journeys.answers import plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import complete_draft, member
from tests.journeys.people import PASSWORD
from tests.services.portal import WebProcess

pytestmark = pytest.mark.browser

_EMAIL = "keyboard@example.com"
_MOST_STOPS = 150
_LOOKS, _BETWEEN_LOOKS_MS = 20, 50

# A sign of focus is an outline or a shadow on the control or on the label drawn around it; and nothing that
# stays on the screen may lie over the control.
_FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return {name: "body", seen: true, covered: ""};
  const drawn = [focused, focused.closest("label"), focused.closest(".field")].filter(Boolean);
  const seen = drawn.some((element) => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== "none";
  });
  const box = focused.getBoundingClientRect();
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  const covered = Boolean(above) && !focused.contains(above) && !above.contains(focused)
    && !(focused.labels && [...focused.labels].some((label) => label.contains(above)));
  return {name: focused.outerHTML.slice(0, 160), seen, covered: covered ? above.outerHTML.slice(0, 160) : ""};
}"""


@dataclass
class Keyboard:
    """Somebody with no mouse."""

    page: Page

    def go_to(self, selector: str) -> None:
        """Presses Tab until the element has the focus, looking at each stop on the way."""
        wanted = self.page.locator(selector).first
        wanted.wait_for(state="attached")
        for _stop in range(_MOST_STOPS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self._look_at_focus()
        raise AssertionError(f"{selector} is not reached with the Tab key")

    def _look_at_focus(self) -> None:
        """The page may still be rolling to the control, so it is looked at more than once."""
        for _look in range(_LOOKS):
            focus = self.page.evaluate(_FOCUS)
            if focus["seen"] and not focus["covered"]:
                return
            self.page.wait_for_timeout(_BETWEEN_LOOKS_MS)
        assert focus["seen"], f"the focus cannot be seen on {focus['name']}"
        assert not focus["covered"], f"{focus['covered']} lies over {focus['name']}"

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, selector: str, text: str) -> None:
        self.go_to(selector)
        self.page.keyboard.insert_text(text)

    def follow(self, selector: str) -> None:
        """Goes to a link or button, presses Enter, and waits for the page behind it."""
        self.go_to(selector)
        with self.page.expect_navigation():
            self.press("Enter")


def test_signing_in_mending_a_draft_and_submitting_need_no_mouse(
    live_portal: WebProcess, open_browser: OpenBrowser
) -> None:
    materials = plain_organisation(today=clock.today())
    account = member(_EMAIL, password=PASSWORD)
    complete_draft(account, materials, leaving_out={"complaint_channel", "real_name_methods"})
    page = open_browser(live_portal.url).new_page()
    hands = Keyboard(page)

    page.goto(f"{live_portal.url}/")
    hands.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    hands.follow('header a[href^="/account/login/"]')
    hands.type('[name="login"]', _EMAIL)
    hands.type('[name="password"]', PASSWORD)
    with page.expect_navigation():
        hands.press("Enter")
    if "/applicant/" not in page.url:
        hands.follow('nav a[href="/applicant/"]')
    hands.follow(".to-do__title a")
    hands.follow('a[href$="/check/"]')
    hands.follow(".points a")
    hands.go_to('[name="real_name_methods"]')
    hands.press("Space")
    hands.type('[name="complaint_channel"]', str(materials["service"]["complaint_channel"]))
    with page.expect_navigation():
        hands.press("Enter")
    expect(page.locator('[name="complaint_channel"]')).to_have_value(
        str(materials["service"]["complaint_channel"])
    )
    hands.follow('a[href$="/check/"]')
    hands.go_to("#declaration")
    hands.press("Space")
    hands.follow(".btn-seal")
    expect(page).to_have_url(re.compile("/applicant/applications/"))
    assert Application.objects.count() == 1


def test_a_section_of_a_new_filing_can_be_filled_in_with_the_keyboard(
    live_portal: WebProcess, open_browser: OpenBrowser
) -> None:
    given = plain_organisation(today=clock.today())["applicant"]
    member(_EMAIL, password=PASSWORD)
    page = open_browser(live_portal.url).new_page()
    hands = Keyboard(page)

    page.goto(f"{live_portal.url}/account/login/?next=/applicant/start/")
    hands.type('[name="login"]', _EMAIL)
    hands.type('[name="password"]', PASSWORD)
    hands.press("Enter")
    page.wait_for_url(re.compile("/applicant/start/"))
    hands.go_to('[name="who"]')
    hands.press("Space")
    hands.press("ArrowDown")
    expect(page.locator('[name="who"]:checked')).to_have_value("staff")
    hands.type('[name="credit_code"]', given["document_number"])
    expect(page.locator("#code-read")).to_contain_text("由代码读取")
    hands.follow("main form .actions button")
    hands.go_to('[name="nature"]')
    expect(page.locator('[name="organisation_type"]:checked')).to_have_value("enterprise")
    expect(page.locator('[name="document_number"]')).to_have_value(given["document_number"])
    hands.type('[name="name"]', given["name"])
    hands.type('[name="document_address"]', given["document_address"])
    hands.type('[name="investor_or_governing_body"]', given["investor_or_governing_body"])
    expect(page.locator('[name="mailing_address__same"]')).to_be_checked()
    expect(page.locator('[name="mailing_address"]')).to_be_hidden()
    expect(page.locator('[name="filed_by_agent"]:checked')).to_have_value("no")
    hands.follow('.save-state [name="next_step"][value="forward"]')
    expect(page).to_have_url(re.compile("/person_in_charge/$"))
