"""Takes pictures of every page from the sample data: `make screenshots`.

All of them go to var/screenshots; those that a page of the documentation shows are also put into docs/screenshots.

Needs the development environment (Chromium and Playwright). The portal runs meanwhile, on a free port, in a
directory that is removed afterwards.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[1]
PICTURES = REPOSITORY / "var" / "screenshots"
SHOWN = REPOSITORY / "docs" / "screenshots"
_SHOWN = re.compile(r"screenshots/([\w-]+\.png)")
NOTICES = REPOSITORY / "tests" / "data" / "holiday_notices.toml"

SIZES = {1280: 900, 390: 844}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
STEPS = ("applicant", "person_in_charge", "service", "content", "attachments", "statement", "check")

# The sample logins, as `manage.py sample_data --logins` prints them.
PASSWORD = "Sample-lantern-88"  # noqa: S105  # nosec B105
MEMBER, REVIEWER = "applicant@example.com", "beijing.one@example.com"
OTHER_REVIEWER, NATIONAL_REVIEWER = "guangdong.one@example.com", "national.one@example.com"
NATIONAL_HEAD = "national.head@example.com"
HEAD, ADMINISTRATOR = "beijing.head@example.com", "administrator@example.com"

# A tall page is cut here: who wants to see all of it runs the portal.
_MOST_PIXELS = 2_600
_CASE_PIXELS = 1_150
_COLOURS = 128
# What `deploy/setup.sh dev` installs.
_CHROMIUM = "chromium-headless-shell"
_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"]


def main() -> None:
    """Takes every picture: from the portal at the address given, or from one started for it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1:
        take_all(sys.argv[1].rstrip("/"))
    else:
        with running_portal() as home:
            take_all(home)
    put_into_documentation()


def put_into_documentation() -> None:
    """Copies the pictures that README and docs show beside them, and removes what none of them shows any more."""
    pages = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")]
    shown = {name for page in pages for name in _SHOWN.findall(page.read_text(encoding="utf-8"))}
    for name in shown:
        shutil.copy(PICTURES / name, SHOWN / name)
    for picture in SHOWN.glob("*.png"):
        if picture.name not in shown:
            picture.unlink()


@contextmanager
def running_portal() -> Iterator[str]:
    """A portal with fresh sample data; gives its address without a slash at the end."""
    directory = tempfile.mkdtemp(prefix="filing-portal-screenshots-")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = {**os.environ, "FILING_PORTAL_VAR_DIR": directory}
    environment["DJANGO_SETTINGS_MODULE"] = "filing_portal.settings.embedded"
    portal = subprocess.Popen(
        [sys.executable, "-m", "filing_portal.supervisor", "--prepare", "--with-parent", "--port", str(port)],
        cwd=REPOSITORY,
        env=environment,
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", portal)
        yield f"http://127.0.0.1:{port}"
    finally:
        portal.send_signal(signal.SIGTERM)
        portal.wait(timeout=20)
        shutil.rmtree(directory, ignore_errors=True)


def _wait_until_ready(home: str, portal: subprocess.Popen[bytes]) -> None:
    while portal.poll() is None:
        try:
            with urlopen(f"{home}/readyz", timeout=2):  # noqa: S310  # nosec B310
                return
        except (URLError, OSError):
            time.sleep(0.5)
    sys.exit("The portal did not start.")


def take_all(home: str) -> None:
    """Every page in every language and width."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(_CHROMIUM), args=_ARGUMENTS)
        for language, code in LANGUAGES.items():
            take_public(_profile(browser, home, code), home, language)
            take_member(_profile(browser, home, code, MEMBER), home, language)
            take_reviewer(_profile(browser, home, code, REVIEWER), home, language)
            take_cases(_profile(browser, home, code, OTHER_REVIEWER), home, language)
            take_late_case(_profile(browser, home, code, NATIONAL_REVIEWER), home, language)
            head = _profile(browser, home, code, NATIONAL_HEAD)
            take_calendar(head, home, language)
            take_composer(head, home, language)
            take(_profile(browser, home, code, HEAD), f"{home}/review/workload/", "workload", language)
            take_operator(_profile(browser, home, code, ADMINISTRATOR), home, language)
        # Papers are in Chinese, whatever language the pages are in.
        take_papers(_profile(browser, home, "zh-hans", MEMBER), home)
        take_review_form(_profile(browser, home, "zh-hans", REVIEWER), home)
        browser.close()


def take_public(page: Page, home: str, language: str) -> None:
    page.goto(f"{home}/filings/")
    record = page.locator('main table a[href^="/filings/"]').first.get_attribute("href") or ""
    take(page, f"{home}/", "home", language)
    take(page, f"{home}{record}", "record", language)
    take(page, f"{home}/deadlines/?period=decision&event_date=2026-12-18", "planner", language)
    take(page, f"{home}{_linked(page, home, record, '.record-head__all')}", "applicant-filings", language)
    for name in ("lists", "statistics", "announced-notices", "verify", "news", "policies", "search"):
        take(page, f"{home}/{name}/", f"public-{name}", language)
    newest = _linked(page, home, "/lists/", 'main table th a[href^="/lists/"]:not([href*="-"])')
    take(page, f"{home}{newest}", "list", language)


def take_member(page: Page, home: str, language: str) -> None:
    draft = _draft_that_has(page, home, f"{STEPS[0]}/")
    # One that is under review shows the most: its stage, its day, and why it is due when it is.
    rows = page.locator("main table tr").filter(has=page.locator(".status")).filter(has=page.locator("td"))
    open_row = rows.filter(has_not=page.locator(".is-none")).filter(
        has=page.locator('a[href^="/applicant/applications/"]')
    )
    application = open_row.locator("a").first.get_attribute("href") or ""
    take(page, f"{home}/applicant/", "dashboard", language)
    for step in STEPS:
        before = choose_categories if step == "content" else None
        take(page, f"{home}{draft}{step}/", step.replace("_", "-"), language, before=before)
    for part in ("purpose", "chain", "duties", "licences"):
        take(page, f"{home}{draft}service/{part}/", f"service-{part}", language)
    take(page, f"{home}{application}", "application", language)
    for name in ("inbox", "members", "deadlines"):
        take(page, f"{home}/applicant/{name}/", name, language)
    take(page, f"{home}{_linked(page, home, '/applicant/inbox/', '.inbox__row a')}", "notice", language)
    take(page, f"{home}/account/notifications/", "notice-settings", language)
    page.goto(f"{home}/applicant/members/")
    members = page.locator('main a[href^="/applicant/members/"]').first.get_attribute("href") or ""
    agent = _linked(page, home, members, 'a[href^="/applicant/members/of/"]')
    take(page, f"{home}{agent}", "agent-letter", language)
    take_filing(page, home, language)


def _draft_that_has(page: Page, home: str, name: str) -> str:
    """The first draft with such a page: drafts of changes have other steps, and only some can be signed yet."""
    page.goto(f"{home}/applicant/")
    drafts = dict.fromkeys(re.findall("/applicant/drafts/[^/]+/", page.content()))
    return next(draft for draft in drafts if page.request.get(f"{home}{draft}{name}").ok)


def _linked(page: Page, home: str, path: str, selector: str) -> str:
    """Where the last link of a page that fits leads, as a path."""
    page.goto(f"{home}{path}")
    return page.locator(selector).last.get_attribute("href") or ""


def take_filing(page: Page, home: str, language: str) -> None:
    """A filing in force, its service's name being changed late, and its end planned too early."""
    page.goto(f"{home}/applicant/")
    filing = page.locator('a[href^="/applicant/filings/"]').first.get_attribute("href") or ""
    take(page, f"{home}{filing}", "filing", language)
    with page.expect_navigation():
        page.locator(f'form[action="{filing}change/"] button').click()
    found = re.search("/applicant/drafts/[^/]+/", page.url)
    draft = found.group() if found else ""
    page.locator('input[name="service_name"]').fill("样例变更后的服务名称")
    with page.expect_navigation():
        page.locator('.save-state [value="stay"]').click()
    take(page, f"{home}{draft}changes/", "changes", language, before=date_change)
    take(page, f"{home}{draft}check/", "change-check", language)
    take(page, f"{home}{filing}cancel/", "cancel", language, before=end_too_early)


def date_change(page: Page) -> None:
    """A change of weeks ago: filed late, with the question why."""
    page.locator('input[name="on-service.service_name"]').fill(_days_from_now(-20))
    with page.expect_navigation():
        page.locator('.save-state [value="forward"]').click()


def end_too_early(page: Page) -> None:
    """An end before the earliest lawful day: the choice between that day and a late cancellation."""
    page.locator('[name="ends_on"]').fill(_days_from_now(20))
    page.locator('[name="arrangement"]').fill("样例：提前公告并逐一通知用户，用户可在终止前导出数据。")
    with page.expect_navigation():
        page.locator('button[value="submit"]').click()


def _days_from_now(days: int) -> str:
    # The pictures are taken on one day: which one it is in China matters to none of them.
    return (datetime.now(tz=UTC) + timedelta(days=days)).date().isoformat()


def choose_categories(page: Page) -> None:
    """Answers enough for the form to ask what it asks of an application operator with an explorer."""
    page.locator('[name="categories"][value="application_operator"]').check()
    page.locator('[name="application_service_types"][value="explorer"]').check()
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")


def take_reviewer(page: Page, home: str, language: str) -> None:
    take(page, f"{home}/review/", "queue", language)
    case = page.locator('a[href^="/review/cases/"]').first.get_attribute("href") or ""
    take(page, f"{home}{case}", "case", language, most_pixels=_CASE_PIXELS)
    act = _linked(page, home, case, 'a[href*="/acts/propose_rejection/"]')
    take(page, f"{home}{act}", "rejection", language)
    take(page, f"{home}/review/not-told/", "not-told", language)


def take_cases(page: Page, home: str, language: str) -> None:
    """A change, with what was before beside what is to be; and one of several services handed in together."""
    change = _linked(page, home, "/review/?kind=change", 'a[href^="/review/cases/"]:not([href$="-form/"])')
    take(
        page,
        f"{home}{change}",
        "case-change",
        language,
        most_pixels=_CASE_PIXELS,
        before=show_comparison,
        keeps_place=True,
    )
    together = _linked(page, home, "/review/", ".queue__together a")
    take(page, f"{home}{together}", "case-together", language, most_pixels=_CASE_PIXELS)


def show_comparison(page: Page) -> None:
    """Makes the window as tall as the picture, and goes to what was before beside what is to be."""
    page.set_viewport_size({"width": page.viewport_size["width"], "height": _CASE_PIXELS})  # type: ignore[index]
    page.locator(".change, .changes, ins, .change-side").first.scroll_into_view_if_needed()


def take_late_case(page: Page, home: str, language: str) -> None:
    """A case whose working days have run out, at the national office."""
    take(page, f"{home}/review/", "queue-national", language, most_pixels=_CASE_PIXELS)
    late = _linked(page, home, "/review/?left=late", 'a[href^="/review/cases/"]:not([href$="-form/"])')
    take(page, f"{home}{late}", "case-late", language, most_pixels=_CASE_PIXELS)


def take_composer(page: Page, home: str, language: str) -> None:
    """The desk of the lists: the composer of each kind, objections and strikings off."""
    lists = f"{home}/review/batches/"
    take(page, lists, "desk-lists", language)
    for name, path in {
        "compose": "",
        "compose-cancelled": "cancelled/",
        "compose-struck-off": "struck-off/",
        "compose-corrigendum": "corrigenda/",
    }.items():
        take(page, f"{lists}compose/{path}", name, language)
    take(page, f"{lists}announcement-text/", "announcement-text", language)
    take(page, f"{home}/review/objections/", "objections", language)
    take(page, f"{home}/review/objections/letter/", "objection-letter", language)
    take(page, f"{home}/review/endings/", "strikings-off", language)


def take_operator(page: Page, home: str, language: str) -> None:
    take(page, f"{home}/office/jobs/", "jobs", language)
    take(page, f"{home}/office/notices/", "notice-texts", language, most_pixels=_CASE_PIXELS)
    take(page, f"{home}/office/notices/rejected/{LANGUAGES[language]}/", "notice-text", language)


def take_papers(page: Page, home: str) -> None:
    """The papers an applicant downloads, from the pages that offer them."""
    take_paper(page, f"{home}{_draft_that_has(page, home, 'statement.pdf')}statement.pdf", "statement")
    approved = _linked(page, home, "/applicant/", 'a[href^="/applicant/applications/"]')
    page.goto(f"{home}/applicant/")
    rejected = page.locator('a[href^="/applicant/applications/"]').first.get_attribute("href") or ""
    for application, wanted in (
        (approved, {"收件回执": "receipt", "决定书": "decision", "备案申请材料": "case"}),
        (rejected, {"决定书": "rejection"}),
    ):
        page.goto(f"{home}{application}")
        for words, name in wanted.items():
            link = page.locator("ul.papers a").filter(has_text=words).first
            take_paper(page, f"{home}{link.get_attribute('href')}", name)
    certificate = _linked(page, home, "/applicant/", 'a[href^="/files/certificates/"]')
    take_paper(page, f"{home}{certificate}", "certificate")


def take_review_form(page: Page, home: str) -> None:
    case = _linked(page, home, "/review/", "a.queue__number")
    form = _linked(page, home, case, 'a[href$="/review-form/"]')
    take_paper(page, f"{home}{form}", "review-form")


def take_paper(page: Page, address: str, name: str) -> None:
    """The first page of a paper."""
    answer = page.request.get(address)
    if not answer.ok:
        sys.exit(f"{address} did not answer as it should.")
    # Fixed words: pdftoppm reads the paper from its standard input.
    command = ["pdftoppm", "-r", "60", "-png", "-singlefile", "-"]
    drawn = subprocess.run(command, input=answer.body(), capture_output=True, check=True)  # nosec B603
    _keep(Image.open(io.BytesIO(drawn.stdout)), f"document-{name}")


def take_calendar(page: Page, home: str, language: str) -> None:
    take(
        page, f"{home}/review/calendar/import/?year=2027", "calendar-preview", language, before=preview_notice
    )


def preview_notice(page: Page) -> None:
    """Goes from the form to the preview of an invented notice; nothing is loaded."""
    invented = tomllib.loads(NOTICES.read_text(encoding="utf-8"))["invented_2027"]
    page.locator('[name="source"]').fill("（虚构样例）2027年放假安排")
    page.locator('textarea[name="text"]').fill(invented)
    with page.expect_navigation():
        page.locator("form.measure button.btn-primary").click()


def _profile(browser: Browser, home: str, code: str, login: str = "") -> Page:
    """A page in a profile of its own, signed in where a login is given."""
    context: BrowserContext = browser.new_context(locale=code, timezone_id="Asia/Shanghai")
    context.add_cookies([{"name": "django_language", "value": code, "url": home}])
    page = context.new_page()
    if login:
        page.goto(f"{home}/account/login/")
        page.locator('[name="login"]').fill(login)
        page.locator('[name="password"]').fill(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    return page


def take(
    page: Page,
    address: str,
    name: str,
    language: str,
    *,
    most_pixels: int = _MOST_PIXELS,
    before: Callable[[Page], None] | None = None,
    keeps_place: bool = False,
) -> None:
    """One page at every width, as a picture of few colours; from its top, unless it `keeps_place`."""
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(address)
        if answer is None or not answer.ok:
            sys.exit(f"{address} did not answer as it should.")
        if before is not None:
            before(page)
        page.wait_for_load_state("networkidle")
        if not keeps_place:
            page.evaluate("scrollTo(0, 0)")
        tall = min(int(page.evaluate("document.documentElement.scrollHeight")), most_pixels)
        # The window is made as tall as the picture, so that what sticks to its edge is at the edge.
        page.set_viewport_size({"width": width, "height": max(height, tall)})
        _keep(Image.open(io.BytesIO(page.screenshot())), f"{name}-{language}-{width}")


def _keep(picture: Image.Image, name: str) -> None:
    reduced = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    reduced.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
