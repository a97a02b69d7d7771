"""The journeys' own eyes: what they are to find is found."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys.axe import barriers, overflow
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

_HOME = "http://portal.example"
_POLICY = "default-src 'none'; img-src *; connect-src *"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<img src='http://elsewhere.example/x.png' alt=''>", "request to another host"),
        ("<img src='/missing.png' alt=''>", "answer 404"),
        ("<script>console.log(1)</script>", "Content Security Policy"),
    ],
)
def test_a_page_that_offends_is_noticed(browser: Browser, body: str, fault: str) -> None:
    context = browser.new_context()
    watch = Watch(_HOME)
    watch.on(context)
    context.route("**/*", lambda route: route.fulfill(status=404))
    context.route(
        f"{_HOME}/",
        lambda route: route.fulfill(
            body=body, content_type="text/html", headers={"Content-Security-Policy": _POLICY}
        ),
    )
    context.new_page().goto(f"{_HOME}/", wait_until="networkidle")
    context.close()
    assert any(fault in found for found in watch.faults), watch.faults


def test_barriers_and_pages_that_are_too_wide_are_found(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 600})
    page = context.new_page()
    page.set_content("<p style='width: 500px; color: #999'>grey</p><img src='data:,'><input>")
    found = "\n".join(barriers(page))
    assert {"image-alt", "label", "color-contrast"} <= {line.split(":")[0] for line in found.splitlines()}
    assert "grey" in overflow(page)
    context.close()
