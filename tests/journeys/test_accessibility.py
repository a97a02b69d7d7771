"""No barrier on any page, in any of its states: in both languages, on a screen and a phone, in large text.

Each run measures every page once, in Chinese on a screen, and whether it fits a narrow phone and large text.
The proof measures every state of every page in both languages and widths, and in high contrast too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from registry.models import Account
from tests.journeys import looks, looks_of_agents, looks_of_desks, looks_of_lists
from tests.journeys.axe import barriers, bring_axe, forms_without_button, overflow
from tests.journeys.conftest import OpenBrowser
from tests.journeys.looks import Look
from tests.journeys.looks_scene import make_applicant_scene, make_article, make_desk_scene, make_number
from tests.journeys.people import bring_session
from tests.journeys.watching import Watch
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE, NARROW, PHONE = 1280, 320, 390
WIDTHS = (WIDE, NARROW)
_HEIGHT, _TALLEST = 900, 12_000
CHINESE, ENGLISH = "zh-hans", "en"


@dataclass(frozen=True, slots=True)
class Sight:
    """One way of looking at every page: its language, and the widths at which its barriers are measured.

    Whether it fits is seen at every width of WIDTHS. Without `of_all_states` each page is looked at once,
    in the first state that needs no hand to bring it there.
    """

    language: str
    measured_at: tuple[int, ...]
    of_all_states: bool = True
    in_high_contrast: bool = False


QUICK = (Sight(CHINESE, (WIDE,), of_all_states=False),)
FULL = tuple(Sight(language, WIDTHS, in_high_contrast=True) for language in (CHINESE, ENGLISH))

Visits = Iterable[tuple[Account | None, Iterable[Look]]]


def _public() -> Callable[[], Visits]:
    number, article = make_number(), make_article()
    return lambda: [(None, [*looks.public_looks(number), *looks.news_looks(article)])]


def _applicants() -> Callable[[], Visits]:
    scene = make_applicant_scene()
    return lambda: [
        (scene.member, looks.member_looks(scene)),
        (scene.member, looks.in_force_looks(scene)),
        (scene.member, looks.owner_looks(scene)),
        (scene.newcomer, looks.newcomer_looks(scene)),
        (scene.nobody, looks.empty_desk_looks()),
    ]


def _desks() -> Callable[[], Visits]:
    scene = make_desk_scene()
    cast, desks = scene.cast, looks_of_desks
    return lambda: [
        (cast.provincial, desks.case_looks(scene.provincial_cases["open"], "forward")),
        (cast.provincial, desks.province_looks(scene)),
        (cast.national, desks.case_looks(scene.national_case, "propose_rejection")),
        (cast.elsewhere, desks.empty_office_looks()),
        (cast.provincial_head, desks.head_looks(scene)),
        (cast.national_head, desks.calendar_looks()),
        (cast.national_head, desks.list_looks(scene)),
        (cast.national, desks.second_officer_looks(scene)),
        (cast.administrator, desks.administrator_looks(scene)),
        (cast.auditor, desks.auditor_looks()),
    ]


def _lists() -> Callable[[], Visits]:
    scene = looks_of_lists.make_list_scene()
    cast, of_lists = scene.cast, looks_of_lists
    return lambda: [
        (None, of_lists.public_list_looks(scene)),
        (None, of_lists.objector_looks(scene)),
        (cast.member, of_lists.applicant_of_list_looks(scene)),
        (cast.stranger, of_lists.claimant_looks(scene)),
        (cast.provincial, of_lists.office_of_claims_looks(scene)),
        (cast.national_head, of_lists.composer_looks(scene)),
        (cast.national, of_lists.national_desk_looks(scene)),
    ]


def _agents() -> Callable[[], Visits]:
    scene = looks_of_agents.make_agent_scene()
    return lambda: [
        (scene.agent, looks_of_agents.agent_looks(scene)),
        (scene.in_charge, looks_of_agents.offered_looks(scene)),
    ]


FRONTS = {"public": _public, "applicants": _applicants, "agents": _agents, "desks": _desks, "lists": _lists}


@dataclass
class Findings:
    """What was looked at, and what was wrong about it."""

    wrong: list[str] = field(default_factory=list)
    states: set[str] = field(default_factory=set)
    measured: int = 0


@pytest.fixture
def look_at(
    live_portal: WebProcess, open_browser: OpenBrowser, watches: list[Watch]
) -> Callable[[str, Iterable[Sight]], Findings]:
    """Goes through all pages of a front in each of the ways of looking."""

    def look(front: str, sights: Iterable[Sight]) -> Findings:
        visits = FRONTS[front]()
        findings = Findings()
        for sight in sights:
            for account, found in visits():
                context = open_browser(live_portal.url)
                bring_axe(context)
                watches[-1].expect(
                    HTTPStatus.BAD_REQUEST,
                    HTTPStatus.NOT_FOUND,
                    HTTPStatus.CONFLICT,
                    HTTPStatus.GONE,
                    HTTPStatus.UNPROCESSABLE_ENTITY,
                )
                if account is not None:
                    bring_session(context, live_portal.url, account)
                _speak(context, live_portal.url, sight.language)
                _walk(context.new_page(), live_portal.url, found, sight, findings)
                # Limits count what one visitor does in an hour, not what a test does in a minute.
                cache.clear()
        return findings

    return look


@pytest.mark.parametrize("front", FRONTS)
def test_no_page_holds_a_barrier(front: str, look_at: Callable[..., Findings]) -> None:
    assert "\n".join(look_at(front, QUICK).wrong) == ""


@pytest.mark.proof
@pytest.mark.parametrize("front", FRONTS)
def test_no_page_holds_a_barrier_in_any_language_width_or_contrast(
    front: str, look_at: Callable[..., Findings]
) -> None:
    findings = look_at(front, FULL)
    print(
        f"\n{front}: {len(findings.states)} page states, {findings.measured} measurements"
        f" in 2 languages, 2 widths and 2 contrasts, {len(findings.wrong)} findings"
    )
    assert findings.wrong == []


def _speak(context: BrowserContext, home: str, language: str) -> None:
    context.add_cookies([{"name": "django_language", "value": language, "url": home}])


def _walk(page: Page, home: str, found: Iterable[Look], sight: Sight, findings: Findings) -> None:
    """Notes what is wrong, with the name of the page, its language and its width."""
    for look in found if sight.of_all_states else _once_each(found):
        name = f"{look.name} ({sight.language})"
        page.set_viewport_size({"width": WIDE, "height": _HEIGHT})
        answer = page.goto(f"{home}{look.path}")
        assert answer is not None
        findings.states.add(look.name)
        findings.wrong += [
            f"{name}: no button sends the form {form}" for form in forms_without_button(answer.text())
        ]
        if look.prepare is not None:
            try:
                look.prepare(page)
            except PlaywrightError as error:
                # The other pages are looked at all the same.
                findings.wrong.append(f"{name}: cannot be brought into this state: {error.message[:300]}")
        elif answer.status != look.status:
            findings.wrong.append(f"{name}: answered with {answer.status}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": _HEIGHT})
            if width in sight.measured_at:
                _make_as_tall_as_the_page(page, width)
                findings.measured += 1
                findings.wrong += [f"{name} at {width}: {barrier}" for barrier in barriers(page)]
            if standing_out := overflow(page):
                findings.wrong.append(f"{name} at {width} is too wide: {standing_out}")
        _look_again(page, name, sight, findings)


def _make_as_tall_as_the_page(page: Page, width: int) -> None:
    """A bar that stays at the lower edge covers what happens to lie under it, until one scrolls: not here."""
    height = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(height, _HEIGHT), _TALLEST)})


def _once_each(found: Iterable[Look]) -> Iterator[Look]:
    """One state of each page: pages are told apart by their address without the ids in it."""
    seen: set[str] = set()
    for look in found:
        page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", look.path.partition("?")[0])
        if look.prepare is None and page not in seen:
            seen.add(page)
            yield look


def _look_again(page: Page, name: str, sight: Sight, findings: Findings) -> None:
    """The same page in large text, as the cookie has it, and with high contrast if it is asked for."""
    page.set_viewport_size({"width": PHONE, "height": _HEIGHT})
    page.evaluate("() => { document.documentElement.dataset.text = 'large'; }")
    if standing_out := overflow(page):
        findings.wrong.append(f"{name} in large text is too wide: {standing_out}")
    if sight.in_high_contrast:
        page.evaluate("() => { document.documentElement.dataset.contrast = 'high'; }")
        findings.measured += 1
        findings.wrong += [f"{name} in high contrast: {barrier}" for barrier in barriers(page)]
        if standing_out := overflow(page):
            findings.wrong.append(f"{name} in high contrast is too wide: {standing_out}")
