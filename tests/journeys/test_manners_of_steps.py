"""What people do at every step of the wizard besides filling it in; nothing typed is lost, nothing doubled.

Each run takes one step with fields and one with files, the proof every step. The last one, check and submit,
is sent twice, gone back to and sent from an older page in tests/applicants/drafts/test_submission.py; here its
sign-in ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from applicants.models import Draft
from registry import clock
from registry.models import Account, AccountSession, Application
from registry.sample import walk
from tests.journeys.answers import plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import complete_draft, member
from tests.journeys.people import PASSWORD, SECTIONS, STATEMENT, ApplicantMember, bring_session
from tests.journeys.watching import Watch
from tests.services.portal import WebProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("decoder"),
]

_EMAIL = "manners@example.com"
# One field of every section that is typed into; none is printed on the statement, which is signed.
_FIELDS = {
    "applicant": "mailing_address",
    "person_in_charge": "office_phone",
    "service": "consensus",
    "content": "other_application_service",
}
# The service stands on several pages: the field stands on this one.
_PAGES = {"service": "service/chain"}
_FOLLOWING = {**dict(pairwise((*SECTIONS, "attachments"))), "service": "service/duties"}
# As long as a hand holds a button down, so that the first click is sent before the second comes.
_HELD_MS = 120
_SLOTS = {"attachments": "product_introduction", "statement": STATEMENT}


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that are gone through: a field of each section by its name, a slot of each step with files."""

    fields: dict[str, str]
    slots: dict[str, str]


_ONE_OF_EACH = Steps({"service": _FIELDS["service"]}, {"attachments": _SLOTS["attachments"]})


@pytest.fixture(
    params=[
        pytest.param(_ONE_OF_EACH, id="one of each kind"),
        pytest.param(Steps(_FIELDS, _SLOTS), id="every step", marks=pytest.mark.proof),
    ]
)
def steps(request: pytest.FixtureRequest) -> Steps:
    return request.param


@dataclass
class Filler(ApplicantMember):
    """A member in front of a draft that lacks nothing."""

    account: Account | None = None

    def step(self, name: str, page: Page | None = None) -> Page:
        shown = page or self.page
        shown.goto(f"{self.home}{self.draft}{_PAGES.get(name, name)}/")
        return shown

    def expect_step(self, name: str) -> None:
        expect(self.page).to_have_url(re.compile(re.escape(f"{self.draft}{_PAGES.get(name, name)}/")))

    @property
    def materials(self) -> dict[str, Any]:
        return Draft.objects.get().materials

    def files(self, slot: str) -> list[str]:
        return [entry["name"] for entry in self.materials["attachments"][slot]]


def text_for(section: str, number: int) -> str:
    """What is typed; it differs by number."""
    return f"010-5550777{number}" if section == "person_in_charge" else f"样例：第{number}次填写的内容。"


def typed(materials: dict[str, Any], section: str, text: str) -> dict[str, Any]:
    """The materials with this text in the section's field."""
    return {**materials, section: {**materials[section], _FIELDS[section]: text}}


def choose(page: Page, slot: str, name: str) -> None:
    """Chooses a file in a slot; with scripts it is on its way at once."""
    page.locator(f"#upload-{slot}").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": walk.sample_scan(name)}
    )


@pytest.fixture
def context(live_portal: WebProcess, open_browser: OpenBrowser) -> BrowserContext:
    return open_browser(live_portal.url)


@pytest.fixture
def filler(live_portal: WebProcess, context: BrowserContext) -> Filler:
    account = member(_EMAIL, password=PASSWORD)
    draft = complete_draft(account, plain_organisation(today=clock.today(), seed=7_835))
    bring_session(context, live_portal.url, account)
    return Filler(
        context.new_page(), live_portal.url, draft=f"/applicant/drafts/{draft.pk}/", account=account
    )


def test_a_sign_in_that_ends_before_saving_costs_nothing_that_was_typed(
    steps: Steps, filler: Filler, context: BrowserContext, watches: list[Watch]
) -> None:
    watches[0].expect(HTTPStatus.FORBIDDEN)
    before, page = filler.materials, filler.page
    for section, name in steps.fields.items():
        text = text_for(section, 1)
        filler.step(section)
        page.locator(f'[name="{name}"]').fill(text)
        AccountSession.objects.all().delete()
        filler.press(filler.words.save_and_continue)
        page.wait_for_url(re.compile("/account/login/"))
        filler.enter(_EMAIL)
        filler.expect_step(section)
        expect(page.locator(f'[name="{name}"]')).to_have_value(text)
        filler.go_on()
        filler.expect_step(_FOLLOWING[section])
        before = typed(before, section, text)
        assert filler.materials == before

    for step, slot in steps.slots.items():
        filler.step(step)
        AccountSession.objects.all().delete()
        choose(page, slot, "样例-其后.png")
        expect(page.locator(f"#slot-{slot} .drop-zone__status--bad")).to_contain_text("登录")
        other = Filler(context.new_page(), filler.home)
        other.sign_in(_EMAIL)
        other.page.close()
        choose(page, slot, "样例-其后.png")
        expect(page.locator(f"#files-{slot} > li")).to_have_count(2)
        assert filler.files(slot)[1:] == ["样例-其后.png"]

    filler.step("check")
    filler.declare()
    AccountSession.objects.all().delete()
    filler.press(filler.words.submit_filing)
    page.wait_for_url(re.compile("/account/login/"))
    filler.enter(_EMAIL)
    filler.expect_step("check")
    filler.declare()
    filler.press(filler.words.submit_filing)
    page.wait_for_url(re.compile("/applicant/applications/"))
    assert Application.objects.count() == 1


def test_two_windows_that_save_the_same_step_lose_neither_text(
    steps: Steps, filler: Filler, context: BrowserContext, watches: list[Watch]
) -> None:
    watches[0].expect(HTTPStatus.CONFLICT)
    expected = filler.materials
    here, there = filler.page, context.new_page()
    for number, (section, name) in enumerate(steps.fields.items()):
        mine, theirs = text_for(section, 1), text_for(section, 2)
        for page in (here, there):
            filler.step(section, page)
        there.locator(f'[name="{name}"]').fill(theirs)
        there.get_by_role("button", name=filler.words.save_and_continue).click()
        expect(there).to_have_url(re.compile(f"/{_FOLLOWING[section]}/"))
        here.locator(f'[name="{name}"]').fill(mine)
        filler.press(filler.words.save_and_continue)
        main = here.get_by_role("main")
        expect(main).to_contain_text(mine)
        expect(main).to_contain_text(theirs)
        expect(main.locator("fieldset")).to_have_count(1)
        kept = "mine" if number % 2 else "saved"
        here.locator(f'[name="keep-{name}"][value="{kept}"]').check()
        filler.press("按此选择保存")
        expect(here.locator(f'[name="{name}"]')).to_have_value(mine if number % 2 else theirs)
        expected = typed(expected, section, mine if number % 2 else theirs)
        assert filler.materials == expected

    for step, slot in steps.slots.items():
        for page in (here, there):
            filler.step(step, page)
        for page, name, count in ((there, "样例-彼处.png", 2), (here, "样例-此处.png", 3)):
            choose(page, slot, name)
            expect(page.locator(f"#files-{slot} > li")).to_have_count(count)
        assert filler.files(slot)[1:] == ["样例-彼处.png", "样例-此处.png"]


def test_a_double_click_saves_once_and_goes_one_step(
    steps: Steps, live_portal: WebProcess, filler: Filler, open_browser: OpenBrowser
) -> None:
    expected, page = filler.materials, filler.page
    for section, name in steps.fields.items():
        version = Draft.objects.get().version_of(section)
        filler.step(section)
        page.locator(f'[name="{name}"]').fill(text_for(section, 1))
        page.get_by_role("button", name=filler.words.save_and_continue).dblclick(delay=_HELD_MS)
        filler.expect_step(_FOLLOWING[section])
        expected = typed(expected, section, text_for(section, 1))
        assert filler.materials == expected
        assert Draft.objects.get().version_of(section) == version + 1

    # With scripts a chosen file is on its way at once, and there is no button to click.
    without_scripts = open_browser(live_portal.url, java_script_enabled=False)
    assert filler.account is not None
    bring_session(without_scripts, live_portal.url, filler.account)
    plain = without_scripts.new_page()
    for step, slot in steps.slots.items():
        filler.step(step, plain)
        choose(plain, slot, "样例-双击.png")
        plain.locator(f"#slot-{slot} form[data-upload] button").dblclick(delay=_HELD_MS)
        expect(plain.locator(f"#files-{slot} > li")).to_have_count(2)
        live_portal.wait_until_idle()
        assert filler.files(slot)[1:] == ["样例-双击.png"]


def test_back_and_sending_again_repeats_nothing(steps: Steps, filler: Filler) -> None:
    expected, page = filler.materials, filler.page
    for section, name in steps.fields.items():
        filler.step(section)
        filler.type_and_wait(name, text_for(section, 1))
        filler.go_on()
        filler.expect_step(_FOLLOWING[section])
        page.go_back()
        field = page.locator(f'[name="{name}"]')
        expect(field).to_have_value(text_for(section, 1))
        filler.go_on()
        filler.expect_step(_FOLLOWING[section])
        page.go_back()
        field.fill(text_for(section, 2))
        filler.go_on()
        filler.expect_step(_FOLLOWING[section])
        expected = typed(expected, section, text_for(section, 2))
        assert filler.materials == expected

    for step, slot in steps.slots.items():
        filler.step(step)
        choose(page, slot, "样例-返回.png")
        expect(page.locator(f"#files-{slot} > li")).to_have_count(2)
        page.get_by_role("link", name=filler.words.next_step).click()
        expect(page).not_to_have_url(re.compile(f"/{step}/"))
        page.go_back()
        expect(page.locator(f"#files-{slot} > li")).to_have_count(2)
        page.reload()
        expect(page.locator(f"#files-{slot} > li")).to_have_count(2)
        assert filler.files(slot)[1:] == ["样例-返回.png"]

    filler.step("check")
    filler.declare()
    filler.press(filler.words.submit_filing)
    page.wait_for_url(re.compile("/applicant/applications/"))
    page.go_back()
    expect(page).to_have_url(re.compile("/applicant/applications/"))
    assert Application.objects.count() == 1
