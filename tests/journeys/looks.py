"""The pages in the states they can be in, for looking at each of them: what everybody and applicants see."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from playwright.sync_api import Page

from applicants.drafts.parts import parts_of
from registry import clock
from registry.publication.addresses import leaving_path
from tests.journeys.looks_scene import ApplicantScene
from tests.journeys.people import SECTIONS


@dataclass(frozen=True, slots=True)
class Look:
    """One page in one state: `prepare` brings it into the state, `status` is the answer it may give."""

    name: str
    path: str
    prepare: Callable[[Page], None] | None = None
    status: int = HTTPStatus.OK


def press(selector: str) -> Callable[[Page], None]:
    """Sends a form as it is."""

    def send(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return send


SEND = press("main form:not([role=search]) button.btn-primary, main form button.btn-seal")

STATUS_BUTTON = "main form[action*=filing-status] button"


def filled(answers: dict[str, str], button: str) -> Callable[[Page], None]:
    """Types into the fields of these names, then sends the form with a button."""

    def fill(page: Page) -> None:
        for name, text in answers.items():
            page.locator(f'main [name="{name}"]').fill(text)
        press(button)(page)

    return fill


def public_looks(number: str) -> Iterator[Look]:
    """What everybody sees, signing in included."""
    wrong_check = number[:-2] + ("1" if number[-2] != "1" else "2")
    yield Look("home", "/")
    yield Look("record", f"/filings/{number}/")
    yield Look("wrong-check", f"/filings/{wrong_check}/", status=HTTPStatus.NOT_FOUND)
    yield Look("no-number", "/filings/123/", status=HTTPStatus.NOT_FOUND)
    yield Look("data-interface", "/data/")
    yield Look("filing-status", "/filing-status/")
    yield Look(
        "filing-status-refused",
        "/filing-status/",
        prepare=filled({"receipt_number": "2026-11-999999", "code": "ABCD-EFGH"}, STATUS_BUTTON),
    )
    yield Look("register", "/filings/")
    yield Look("register-empty", "/filings/?q=没有这样的服务")
    yield Look("statistics", "/statistics/")
    yield Look("statistics-no-day", "/statistics/?as_of=2999-01-01", status=HTTPStatus.BAD_REQUEST)
    yield Look("scope", "/do-i-need-to-file/")
    yield Look("help", "/help/")
    yield Look("templates", "/help/templates/")
    yield Look("reasons", "/help/reasons/")
    yield Look("privacy", "/privacy/")
    yield Look("privacy-version", "/privacy/1/")
    yield Look("identity-documents", "/privacy/identity-documents/")
    yield Look("accessibility", "/accessibility/")
    yield Look("site-map", "/site-map/")
    yield Look("problem", "/problems/not-a-filing-number/")
    yield Look("not-found", "/nothing-here/", status=HTTPStatus.NOT_FOUND)
    yield Look("login", "/account/login/")
    yield Look("login-empty", "/account/login/", prepare=SEND)
    yield Look("signup", "/account/signup/")
    yield Look("signup-empty", "/account/signup/", prepare=SEND)
    yield Look("signup-codes", "/account/signup/", prepare=_begin_sign_up)
    yield Look("reset", "/account/password/reset/", prepare=SEND)
    yield from _planner_looks()


def news_looks(article: int) -> Iterator[Look]:
    """News, policies, the search of the site, and the way out of it; the article after this one is withdrawn."""
    yield Look("news", "/news/")
    yield Look("policies", "/policies/")
    yield Look("article", f"/articles/{article}/")
    yield Look("article-earlier", f"/articles/{article}/editions/1/")
    yield Look("article-withdrawn", f"/articles/{article + 2}/", status=HTTPStatus.GONE)
    yield Look("site-search", "/search/")
    yield Look("site-search-found", "/search/?q=样例")
    yield Look("site-search-nothing", "/search/?q=没有这样的东西")
    yield Look("site-search-receipt", "/search/?q=2026-11-000001")
    yield Look("leaving", leaving_path("http://example.com/guide?a=1"))


def _planner_looks() -> Iterator[Look]:
    today, page = clock.today(), "/deadlines/"
    far = date_in_a_year_not_announced()
    yield Look("planner", page)
    yield Look("planner-past", f"{page}?period=decision&event_date=2025-09-22")
    yield Look("planner-end", f"{page}?period=cancellation&event_date={today + timedelta(days=90)}")
    yield Look("planner-provisional", f"{page}?period=filing&event_date={far}")
    yield Look("planner-nonsense", f"{page}?period=&event_date=never", status=HTTPStatus.BAD_REQUEST)
    yield Look(
        "planner-too-far", f"{page}?period=change&event_date=2099-01-04", status=HTTPStatus.BAD_REQUEST
    )


def date_in_a_year_not_announced() -> str:
    """A day whose period reaches a year that has no holiday notice."""
    return f"{clock.today().year + 1}-03-01"


def member_looks(scene: ApplicantScene) -> Iterator[Look]:
    """What a member sees of drafts and applications, and of the account."""
    yield Look("dashboard", "/applicant/")
    yield Look("start", "/applicant/start/")
    yield Look("privacy-agreed", "/account/privacy/")
    yield Look("identity-consented", "/applicant/identity-documents/")
    for state, draft in (("empty", scene.empty_draft), ("filled", scene.draft)):
        base = f"/applicant/drafts/{draft}/"
        for step in (*SECTIONS, "attachments", "statement", "check"):
            yield Look(f"{step}-{state}", f"{base}{step}/")
        for part in parts_of("service")[1:]:
            yield Look(f"service-{part.name}-{state}", f"{base}service/{part.name}/")
        yield Look(f"service-{state}-gaps", f"{base}service/chain/?gaps=1")
    base = f"/applicant/drafts/{scene.draft}/"
    yield Look("upload-refused", f"{base}attachments/", _upload_wrong, HTTPStatus.BAD_REQUEST)
    yield Look("delete-draft", f"{base}delete/")
    yield Look("two-windows", f"{base}service/purpose/", _save_stale, HTTPStatus.CONFLICT)
    several = f"/applicant/drafts/{scene.several}/"
    for step in ("service", "content", "statement", "check", "delete"):
        yield Look(f"{step}-of-several", f"{several}{step}/")
    yield from _application_looks(scene)
    yield from _inbox_looks(scene)
    yield Look("account", "/account/")
    yield Look("notifications", "/account/notifications/")


def _application_looks(scene: ApplicantScene) -> Iterator[Look]:
    for name, case in scene.cases.items():
        yield Look(f"application-{name}", f"/applicant/applications/{case}/")
    yield Look("withdraw", f"/applicant/applications/{scene.cases['open']}/withdraw/")
    base = f"/applicant/drafts/{scene.amendment}/"
    for step in ("amendment", "service", "check", "open/content"):
        yield Look(f"{step}-again", f"{base}{step}/")
    yield Look("amendment-gaps", f"{base}amendment/?gaps=1")


def _inbox_looks(scene: ApplicantScene) -> Iterator[Look]:
    yield Look("inbox", "/applicant/inbox/")
    for name, notice in scene.notices.items():
        yield Look(f"notice-{name}", f"/applicant/inbox/{notice}/")


def in_force_looks(scene: ApplicantScene) -> Iterator[Look]:
    """What a member sees of filings in force: changing them, ending them, and their days."""
    for name, filing in scene.filings.items():
        yield Look(f"filing-{name}", f"/applicant/filings/{filing}/")
    change = f"/applicant/drafts/{scene.change}/"
    for step in ("service", "changes", "check"):
        yield Look(f"{step}-of-change", f"{change}{step}/")
    yield Look("changes-gaps", f"{change}changes/?gaps=1")
    yield Look("changes-empty", f"/applicant/drafts/{scene.unchanged}/changes/")
    yield Look("check-unchanged", f"/applicant/drafts/{scene.unchanged}/check/")
    cancel = f"/applicant/filings/{scene.filings['in-force']}/cancel/"
    soon = f"{clock.today() + timedelta(days=3)}"
    plan, send = 'main button[name="step"][value="plan"]', 'main button[name="step"][value="submit"]'
    yield Look("cancel", cancel)
    yield Look("cancel-empty", cancel, filled({"ends_on": ""}, send))
    yield Look("cancel-planned", cancel, filled({"arrangement": "样例：逐一通知用户。"}, plan))
    yield Look("cancel-too-early", cancel, filled({"ends_on": soon, "arrangement": "样例"}, send))
    yield Look("cancel-blocked", f"/applicant/filings/{scene.filings['ending']}/cancel/")
    cancellation = f"/applicant/applications/{scene.cancellation}/"
    yield Look("application-of-cancellation", cancellation)
    yield Look("cancellation-again", f"{cancellation}cancellation/")
    yield Look("withdraw-of-cancellation", f"{cancellation}withdraw/")
    ended = f"/applicant/applications/{scene.approved_cancellation}/"
    yield Look("application-of-approved-cancellation", ended)
    yield Look("withdraw-cancellation", f"{ended}withdraw-cancellation/")
    yield Look("deadlines", "/applicant/deadlines/")
    yield Look("deadlines-address", "/applicant/deadlines/", press('button[name="act"][value="make"]'))
    yield Look(
        "deadlines-nonsense",
        "/applicant/deadlines/",
        filled_first('form.planned-end [name$="ends_on"]', "2020-01-01", "form.planned-end button"),
    )


def owner_looks(scene: ApplicantScene) -> Iterator[Look]:
    """What an owner sees of members, agents and those who would be."""
    yield Look("memberships", "/applicant/members/")
    members = f"/applicant/members/{scene.applicant}/"
    yield Look("members", members)
    yield Look("invite", f"{members}invite/")
    yield Look("invite-empty", f"{members}invite/", SEND)
    for name, membership in scene.memberships.items():
        yield Look(f"member-{name}", f"/applicant/members/of/{membership}/")
        yield Look(f"revoke-{name}", f"/applicant/members/of/{membership}/revoke/")
    yield Look("answer-claim", f"/applicant/claims/{scene.claims['asked']}/answer/")
    yield Look("answer-claim-empty", f"/applicant/claims/{scene.claims['asked']}/answer/", SEND)


def newcomer_looks(scene: ApplicantScene) -> Iterator[Look]:
    """What somebody sees who acts for nobody yet, but was invited and has asked."""
    for name, invitation in scene.invitations.items():
        yield Look(f"invitation-{name}", f"/applicant/invitations/{invitation}/")
    claim = f"/applicant/drafts/{scene.claiming_draft}/claim/"
    yield Look("claim", claim)
    yield Look("claim-empty", claim, SEND)
    yield Look("claim-number", "/applicant/claims/number/")
    yield Look("check-claimable", f"/applicant/drafts/{scene.claiming_draft}/check/")
    for name, claimed in scene.claims.items():
        yield Look(f"claim-{name}", f"/applicant/claims/{claimed}/")


def empty_desk_looks() -> Iterator[Look]:
    """What somebody sees who has nothing at all."""
    for name, path in (
        ("dashboard", "/applicant/"),
        ("inbox", "/applicant/inbox/"),
        ("memberships", "/applicant/members/"),
        ("start", "/applicant/start/"),
        ("deadlines", "/applicant/deadlines/"),
    ):
        yield Look(f"{name}-of-newcomer", path)


# Nobody gets two codes within a minute.
_NEWCOMERS = itertools.count(1)


def _begin_sign_up(page: Page) -> None:
    number = next(_NEWCOMERS)
    page.locator('main [name="agreement"]').check()
    answers = {
        "name": "钱样例",
        "mobile": f"1990000{6_000 + number}",
        "email": f"looks-{number}@example.com",
        "password1": "Sample-lantern-88",
    }
    filled(answers, "main form button.btn-primary")(page)


def filled_first(field: str, text: str, button: str) -> Callable[[Page], None]:
    """Types into the first field that fits, then presses the first button that fits."""

    def fill(page: Page) -> None:
        page.locator(field).first.fill(text)
        press(button)(page)

    return fill


def _upload_wrong(page: Page) -> None:
    """A file that is no picture, whatever its name says."""
    form = page.locator("form[data-upload]").first
    form.locator("input[type=file]").set_input_files(
        {"name": "样例.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    page.locator(".drop-zone__status--bad").first.wait_for()


def _save_stale(page: Page) -> None:
    """Saves a page that another window has overtaken."""
    page.evaluate("() => { document.querySelector('main [name=version]').value = '0'; }")
    page.locator('main textarea[name="description"]').fill(f"样例：另一窗口。{page.url}")
    with page.expect_navigation(url=re.compile("/service/")):
        page.locator('main button.btn-primary[name="next_step"]').first.click()
