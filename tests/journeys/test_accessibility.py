"""No barrier on any page of the journey, in any of its states, in both languages, on a screen or a phone."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

import pytest
from playwright.sync_api import BrowserContext, Page

from registry.models import Account
from registry.rules.states import Role
from tests.journeys.axe import barriers, overflow
from tests.journeys.conftest import OpenBrowser
from tests.journeys.looks import Look, make_register, member_looks, public_looks, reviewer_looks
from tests.journeys.people import Visitor
from tests.journeys.watching import Watch
from tests.services.portal import WebProcess

pytestmark = pytest.mark.browser

WIDTHS = (1280, 320)
_HEIGHT = 900


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_holds_a_barrier(
    live_portal: WebProcess,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
    watches: list[Watch],
    language: str,
) -> None:
    home = live_portal.url
    register = make_register(officers)

    def visitor(login: str | None) -> Visitor:
        context = open_browser(home)
        watches[-1].expect(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
        found = Visitor(context.new_page(), home)
        if login is not None:
            found.sign_in(login)
        _speak(context, home, language)
        return found

    province, nation = officers[Role.PROVINCIAL_REVIEWER], officers[Role.NATIONAL_REVIEWER]
    # The same pages have the same colours in every language.
    with_colours = language == "zh-hans"
    found = [
        wrong
        for login, looks in (
            (None, public_looks(register)),
            (register.member.email, member_looks(register)),
            (province.email, reviewer_looks(register.open_case, "forward")),
            (nation.email, reviewer_looks(register.national_case, "propose_rejection")),
        )
        for wrong in _look(visitor(login), looks, with_colours=with_colours)
    ]
    assert found == []


def _speak(context: BrowserContext, home: str, language: str) -> None:
    context.add_cookies([{"name": "django_language", "value": language, "url": home}])


def _look(visitor: Visitor, looks: Iterable[Look], *, with_colours: bool) -> list[str]:
    """What is wrong, with the name of the page and its width."""
    page: Page = visitor.page
    wrong = []
    for look in looks:
        page.set_viewport_size({"width": WIDTHS[0], "height": _HEIGHT})
        answer = page.goto(f"{visitor.home}{look.path}")
        assert answer is not None
        if look.prepare is not None:
            look.prepare(page)
        elif answer.status != look.status:
            wrong.append(f"{look.name}: answered with {answer.status}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": _HEIGHT})
            wrong += [
                f"{look.name} at {width}: {barrier}" for barrier in barriers(page, with_colours=with_colours)
            ]
            if standing_out := overflow(page):
                wrong.append(f"{look.name} at {width} is too wide: {standing_out}")
    return wrong
