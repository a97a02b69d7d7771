"""The pages of the journey in the states they can be in, for looking at each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from playwright.sync_api import Page

from applicants import drafts
from applicants.models import Draft
from registry import clock, numbering
from registry.models import Account
from registry.rules.states import Act, Role
from registry.sample.walk import act, complete_materials, submit
from tests.journeys.answers import organisation
from tests.journeys.drafting import complete_draft, member
from tests.journeys.people import PASSWORD, SECTIONS

MEMBER_EMAIL = "looks@example.com"


@dataclass(frozen=True, slots=True)
class Look:
    """One page in one state: `prepare` brings it into the state, `status` is the answer it may give."""

    name: str
    path: str
    prepare: Callable[[Page], None] | None = None
    status: int = HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class Register:
    """What there is to look at."""

    member: Account
    draft: Draft
    empty_draft: Draft
    open_case: str
    national_case: str
    in_force: str
    number: str


def make_register(officers: Mapping[Role, Account]) -> Register:
    """A draft with faults, one that is nearly empty, a case at each office, and a filing in force."""
    at = clock.now()
    account = member(MEMBER_EMAIL, password=PASSWORD)
    wrong = organisation(today=clock.today())
    wrong["service"] |= {"published_rules_url": "no address", "log_retention_months": 3}
    cases = [
        submit(complete_materials(seed, member=account, at=at, division_code="110108"), member=account, at=at)
        for seed in (7_361, 7_362, 7_363)
    ]
    for case in cases[1:]:
        act(
            case,
            Act.FORWARD,
            by=officers[Role.PROVINCIAL_REVIEWER],
            at=at,
            recommends="approval",
            text="材料齐全。",
        )
    act(cases[2], Act.APPROVE, by=officers[Role.NATIONAL_REVIEWER], at=at)
    filing = cases[2].application.filing
    return Register(
        member=account,
        draft=complete_draft(account, wrong),
        empty_draft=drafts.start_draft(account, applicant=None, at=at),
        open_case=str(cases[0].application_id),
        national_case=str(cases[1].application_id),
        in_force=str(cases[2].application_id),
        number=numbering.issue_number(filing.pk, at=at),
    )


def _press(selector: str) -> Callable[[Page], None]:
    """Sends a form as it is."""

    def press(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return press


_SEND = _press("main form:not([role=search]) button.btn-primary, main form button.btn-seal")


def public_looks(register: Register) -> Iterator[Look]:
    """What everybody sees, signing in included."""
    wrong_check = register.number[:-2] + ("1" if register.number[-2] != "1" else "2")
    yield Look("home", "/")
    yield Look("record", f"/filings/{register.number}/")
    yield Look("wrong-check", f"/filings/{wrong_check}/", status=HTTPStatus.NOT_FOUND)
    yield Look("no-number", "/filings/123/", status=HTTPStatus.NOT_FOUND)
    yield Look("register", "/filings/")
    yield Look("register-empty", "/filings/?q=没有这样的服务")
    yield Look("scope", "/do-i-need-to-file/")
    yield Look("help", "/help/")
    yield Look("site-map", "/site-map/")
    yield Look("not-found", "/nothing-here/", status=HTTPStatus.NOT_FOUND)
    yield Look("login", "/account/login/")
    yield Look("login-empty", "/account/login/", prepare=_SEND)
    yield Look("signup", "/account/signup/")
    yield Look("signup-empty", "/account/signup/", prepare=_SEND)
    yield Look("reset", "/account/password/reset/", prepare=_SEND)


def member_looks(register: Register) -> Iterator[Look]:
    """What the applicant's member sees."""
    yield Look("dashboard", "/applicant/")
    yield Look("start", "/applicant/start/")
    for state, draft in (("empty", register.empty_draft), ("filled", register.draft)):
        base = f"/applicant/drafts/{draft.pk}/"
        for step in (*SECTIONS, "attachments", "statement", "check"):
            yield Look(f"{step}-{state}", f"{base}{step}/")
        yield Look(f"applicant-{state}-gaps", f"{base}service/?gaps=1")
    base = f"/applicant/drafts/{register.draft.pk}/"
    yield Look("upload-refused", f"{base}attachments/", _upload_wrong, HTTPStatus.BAD_REQUEST)
    yield Look("delete-draft", f"{base}delete/")
    yield Look("application-open", f"/applicant/applications/{register.open_case}/")
    yield Look("withdraw", f"/applicant/applications/{register.open_case}/withdraw/")
    yield Look("application-in-force", f"/applicant/applications/{register.in_force}/")
    yield Look("deadlines", "/applicant/deadlines/")
    yield Look("account", "/account/")


def reviewer_looks(case: str, act_name: str) -> Iterator[Look]:
    """What an officer sees whose office has this case; the act is one that takes words."""
    yield Look("queue", "/review/")
    yield Look("queue-empty", "/review/?q=没有这样的案件")
    yield Look("case", f"/review/cases/{case}/")
    yield Look("case-claimed", f"/review/cases/{case}/", _claim)
    yield Look("case-deficient", f"/review/cases/{case}/", _mark_deficient)
    yield Look("act", f"/review/cases/{case}/", _open_act(act_name))
    yield Look("act-empty", f"/review/cases/{case}/", _open_act(act_name, send=True))
    yield Look(
        "other-case", "/review/cases/00000000-0000-0000-0000-000000000000/", None, HTTPStatus.NOT_FOUND
    )


def _upload_wrong(page: Page) -> None:
    """A file that is no picture, sent past the script's own check."""
    form = page.locator("form[data-upload]").first
    page.evaluate(
        "() => document.querySelectorAll('form[data-upload]').forEach((form) => form.dataset.uploadAccept = '')"
    )
    form.locator("input[type=file]").set_input_files(
        {"name": "样例.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    page.locator(".drop-zone__status--bad").first.wait_for()


def _open_act(name: str, *, send: bool = False) -> Callable[[Page], None]:
    """Goes from the case to the page of an act, and sends it without a word if asked to."""

    def open_act(page: Page) -> None:
        with page.expect_navigation():
            page.locator(f'.decision-bar a[href*="/acts/{name}/"]').click()
        if send:
            _SEND(page)

    return open_act


def _claim(page: Page) -> None:
    button = page.locator('form[action$="/claim/"] button')
    if button.count():
        with page.expect_navigation():
            button.click()


def _mark_deficient(page: Page) -> None:
    page.locator('[name="verdict"][value="deficient"]').first.click()
    page.locator('[name="verdict"][value="deficient"][aria-pressed="true"]').first.wait_for()
