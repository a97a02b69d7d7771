"""A button that is pressed slowly, right after the last field, is still under the hand when it is let go of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from registry import clock
from tests.journeys.answers import organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import answered_draft, member
from tests.journeys.people import PASSWORD, SECTIONS, bring_session
from tests.services.portal import WebProcess

pytestmark = pytest.mark.browser

_HELD_MS = 300
# The form is saved a second after the last key: just before that, the word changes while the button is held.
_BEFORE_SAVING_MS = 850
_LAST_FIELDS = {
    "applicant": "authority_expires_on",
    "person_in_charge": "email",
    "service": "service_contact_email",
    "content": "technology_source_code_url",
}
# The service stands on several pages: its last field is on the last one.
_PAGES = {"service": "service/licences"}
_SIZES = [(1280, 900), (820, 600), (390, 844)]


@dataclass
class Hand:
    """A mouse on a section of a draft whose sections are all answered."""

    page: Page
    home: str
    draft: str
    materials: dict[str, Any]

    def type_last(self, section: str) -> None:
        """Opens the section at its top and types into its last field, which the page has to bring up first."""
        self.page.goto(f"{self.home}{self.draft}{_PAGES.get(section, section)}/")
        name = _LAST_FIELDS[section]
        field = self.page.locator(f'[name="{name}"]')
        if field.get_attribute("type") == "date":
            field.focus()
            self.page.keyboard.press("ArrowUp")
        else:
            # What is typed is new to the field, or it would not count as changed.
            field.evaluate("field => { field.value = ''; field.focus(); }")
            self.page.keyboard.insert_text(str(self.materials[section][name]))

    def press(self) -> None:
        """Presses 'save and continue' where it is now, and lets go of it at the same place."""
        button = self.page.locator('.save-state [value="forward"]')
        box = button.bounding_box()
        assert box is not None
        assert self.page.viewport_size is not None
        if box["y"] + box["height"] > self.page.viewport_size["height"]:
            button.evaluate("button => button.scrollIntoView({block: 'center'})")
            box = button.bounding_box()
            assert box is not None
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.wait_for_timeout(_HELD_MS)
        self.page.mouse.up()

    def expect_step(self, step: str) -> None:
        expect(self.page).to_have_url(f"{self.home}{self.draft}{step}/")


@pytest.fixture
def hand(live_portal: WebProcess, open_browser: OpenBrowser) -> Hand:
    home, account = live_portal.url, member("pressing@example.com", password=PASSWORD)
    materials = organisation(today=clock.today())
    draft = answered_draft(account, materials)
    context = open_browser(home)
    bring_session(context, home, account)
    return Hand(context.new_page(), home, f"/applicant/drafts/{draft.pk}/", materials)


def test_a_slow_press_after_the_last_field_goes_on_from_every_section(hand: Hand) -> None:
    for width, height in _SIZES:
        hand.page.set_viewport_size({"width": width, "height": height})
        for section, following in pairwise([*SECTIONS, "attachments"]):
            hand.type_last(section)
            hand.press()
            hand.expect_step(following)


def test_the_word_about_saving_does_not_move_the_button_that_is_pressed(hand: Hand) -> None:
    hand.page.route("**/autosave/", lambda route: route.fulfill(status=409, json={"code": "out_of_date"}))
    for width, height in _SIZES:
        hand.page.set_viewport_size({"width": width, "height": height})
        hand.type_last("person_in_charge")
        hand.page.wait_for_timeout(_BEFORE_SAVING_MS)
        hand.press()
        hand.expect_step("service")


def test_a_form_whose_sending_was_stopped_can_be_sent_again(hand: Hand) -> None:
    page = hand.page
    page.clock.install()
    hand.type_last("person_in_charge")
    # The page sends it by itself, and once more as an ordinary form: both are stopped.
    page.route("**/person_in_charge/", lambda route: route.abort("aborted"), times=2)
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        hand.press()
    hand.expect_step("person_in_charge")
    page.clock.fast_forward(10_000)
    hand.press()
    hand.expect_step("service")
