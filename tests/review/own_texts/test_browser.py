"""An own text in a real browser: put in where the cursor stands, taken out again by undo, never cut short."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from registry import clock
from registry.rules.workflow.states import Act
from review.models import OwnText
from review.own_texts import own_texts
from tests.builders.register import MORNING, Cast, submitted
from tests.review.officers import mark_all, seen, sign_in
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN = "样例：经核对一致。"


def test_a_text_goes_where_the_cursor_stands_and_undo_takes_it_out_again(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, cast: Cast
) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    own_texts.add(cast.provincial, OwnText.Place.OPINION, name="样例模板", text=OWN, at=MORNING)
    own_texts.add(cast.provincial, OwnText.Place.OPINION, name="样例长文", text="长" * 2000, at=MORNING)
    clock.set_for_tests(None)
    key = sign_in(cast.provincial).cookies[settings.SESSION_COOKIE_NAME].value
    browser_context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_portal.url}]
    )
    address = reverse("review:act", args=[case.application_id, Act.FORWARD.value])
    page.goto(f"{live_portal.url}{address}?{urlencode(seen(case.application))}")
    field, around = page.locator("#id_text"), page.locator("[data-insert]")
    field.fill("甲乙")
    field.press("ArrowLeft")
    around.locator("select").select_option(label="样例模板")
    around.locator("[data-insert-into]").press("Enter")
    expect(field).to_have_value(f"甲{OWN}乙")
    expect(field).to_be_focused()
    expect(around.locator("select")).to_have_value("")
    field.press("Control+z")
    expect(field).to_have_value("甲乙")
    # What has no room is not cut short: it is said.
    field.fill("满" * 3990)
    around.locator("select").select_option(label="样例长文")
    around.locator("[data-insert-into]").click()
    expect(around.get_by_role("status")).not_to_have_text("")
    expect(field).to_have_value("满" * 3990)
