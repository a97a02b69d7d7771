"""The people of the journeys: what each of them does in the browser, in the words of its pages."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from pikepdf import Pdf
from playwright.sync_api import BrowserContext, Page, expect

from registry.models import Account
from registry.sample.scans import draw, sheets_for
from tests.journeys.filling import fill_section, has_scripts
from tests.journeys.outbox import code_by_email, code_by_sms
from tests.journeys.words import CHINESE, Words

# What a page may take on a machine that is busy with other tests.
PATIENCE_MS = 30_000

_LOOKS, _BETWEEN_LOOKS_MS = 60, 250

PASSWORD = "Journey-lantern-88"
STATEMENT = "authenticity_statement"
SECTIONS = ("applicant", "person_in_charge", "service", "content")


def wait_for_number(page: Page) -> str:
    """The filing number, once the worker has issued it; it is asked for by loading the page again."""
    number = page.locator(".number-panel__number")
    for _attempt in range(_LOOKS):
        if number.count():
            return number.inner_text()
        page.wait_for_timeout(_BETWEEN_LOOKS_MS)
        page.reload()
    raise AssertionError("The worker issued no number.")


def bring_session(context: BrowserContext, home: str, account: Account) -> None:
    """Signs an account in without the form, for journeys that are about something else."""
    client = Client()
    client.force_login(account, backend="registry.accounts.backends.AccountBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": home}])


@dataclass
class Visitor:
    """Somebody in front of a page of the portal; `home` has no slash at its end."""

    page: Page
    home: str
    words: Words = CHINESE

    def open(self, path: str) -> None:
        self.page.goto(f"{self.home}{path}")

    def press(self, name: str) -> None:
        """Presses the one button with this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def type(self, label: str, text: str) -> None:
        """Types into the field whose label begins so; whether it is required stands after it."""
        self.page.get_by_role("textbox", name=re.compile(rf"^{label}( ?[（(]|$)")).fill(text)

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        self.open("/account/login/")
        self.enter(login, password)

    def enter(self, login: str, password: str = PASSWORD) -> None:
        """Fills in the page for signing in, and waits for the page behind it."""
        self.type(self.words.login, login)
        self.type(self.words.password, password)
        self.page.get_by_role("main").get_by_role("button", name=self.words.sign_in, exact=True).click()
        self.page.wait_for_url(lambda address: "/account/login/" not in address)

    def look_up(self, typed: str) -> None:
        """Types something into the search box of the home page and sends it."""
        self.open("/")
        self.page.get_by_role("searchbox").fill(typed)
        self.page.get_by_role("main").get_by_role("button", name="查询", exact=True).click()


@dataclass
class ApplicantMember(Visitor):
    """Somebody who files for an organisation."""

    draft: str = ""

    def sign_up(self, *, name: str, mobile: str, email: str, outbox: Path) -> None:
        """Opens an account with the two codes that were sent."""
        page, words = self.page, self.words
        self.open("/")
        page.get_by_role("link", name=words.open_account).first.click()
        self.type(words.own_name, name)
        self.type(words.mobile, mobile)
        self.type(words.email, email)
        self.type(words.password, PASSWORD)
        page.get_by_role("checkbox", name=re.compile(f"^{words.agreement}")).check()
        self.press(words.go_on)
        expect(page.get_by_role("textbox", name=re.compile(f"^{words.code_by_sms}"))).to_be_visible(
            timeout=PATIENCE_MS
        )
        self.type(words.code_by_sms, code_by_sms(outbox, f"+86{mobile}"))
        self.type(words.code_by_email, code_by_email(outbox, email))
        self.press(words.open_the_account)
        expect(page.get_by_text(words.account_is_open)).to_be_visible(timeout=PATIENCE_MS)

    def begin(self, *, credit_code: str = "", who: str = "") -> None:
        """Starts a draft, in this capacity and with the credit code read if given; its first section is then shown."""
        if not self.page.url.endswith("/applicant/start/"):
            self.open("/applicant/start/")
        if who:
            self.page.locator(f'[name="who"][value="{who}"]').check()
        if credit_code:
            self.page.locator('[name="credit_code"]').fill(credit_code)
        if self.page.locator("#consent").count():
            self.page.locator("#consent").check()
        self.press(self.words.begin)
        self.page.wait_for_url(re.compile("/applicant/drafts/.+/applicant/"))
        found = re.search("/applicant/drafts/[^/]+/", self.page.url)
        assert found is not None
        self.draft = found.group()

    def fill(self, materials: Mapping[str, Any], section: str, *, leaving_out: Collection[str] = ()) -> None:
        """Fills in one section and goes on; one that the account has answered is not shown."""
        if section == "person_in_charge" and self.page.url.endswith("/service/"):
            return
        expect(self.page).to_have_url(f"{self.home}{self.draft}{section}/")
        fill_section(self.page, section, materials[section], leaving_out=leaving_out)
        self.go_on()

    def go_on(self) -> None:
        """Presses the button to go on, and waits for the page that follows: it may take the place of this one."""
        before = self.page.url
        self.press(self.words.save_and_continue)
        expect(self.page).not_to_have_url(before, timeout=PATIENCE_MS)
        self.page.wait_for_load_state("domcontentloaded")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)

    def type_and_wait(self, name: str, text: str) -> None:
        """Types into a field and waits for the word that it is kept, without sending the form."""
        with self.page.expect_response(re.compile("/autosave/$")) as answer:
            self.page.locator(f'[name="{name}"]').fill(text)
        assert answer.value.ok
        expect(self.page.locator("[data-autosave-status]")).to_have_text(re.compile("^已保存 [0-9:]{5}"))

    def upload_all(self, materials: Mapping[str, Any], *, but: Collection[str] = (STATEMENT,)) -> list[str]:
        """Puts a picture of the right document into every slot of the page; gives the slots' names."""
        # A file chosen before the scripts have run waits for the button.
        self.page.wait_for_load_state("domcontentloaded")
        self.page.locator('section[id^="slot-"]').first.wait_for()
        pictures = {name: draw(sheet) for name, sheet in sheets_for(materials).items()}
        names = [
            (identifier or "").removeprefix("slot-")
            for identifier in (
                slot.get_attribute("id") for slot in self.page.locator('section[id^="slot-"]').all()
            )
        ]
        for name in names:
            if name not in but:
                self.upload(name, f"{name}.png", "image/png", pictures[name])
        return names

    def upload(self, slot: str, name: str, content_type: str, content: bytes) -> None:
        """Uploads a file into a slot, which shows it afterwards."""
        self.page.locator(f"#upload-{slot}").set_input_files(
            {"name": name, "mimeType": content_type, "buffer": content}
        )
        if not has_scripts(self.page):
            self.page.locator(f"#slot-{slot}").get_by_role("button", name=self.words.upload).click()
        expect(self.page.locator(f"#files-{slot} > li")).to_have_count(1, timeout=PATIENCE_MS)
        self.wait_until_read(slot)

    def wait_until_read(self, slot: str) -> None:
        """The files of the slot are being read: the page goes on by itself, and without scripts by a link."""
        unread = self.page.locator(f"#files-{slot} [hx-get]")
        read = self.page.locator(f"#files-{slot} .status--good")
        if not has_scripts(self.page):
            # A page that is on its way shows neither: what ends the wait is that the file is there.
            for _attempt in range(_LOOKS):
                if read.count():
                    break
                self.page.wait_for_timeout(_BETWEEN_LOOKS_MS)
                again = self.page.locator(f"#slot-{slot}").get_by_role("link", name=self.words.load_again)
                if again.count():
                    again.click()
        expect(unread).to_have_count(0, timeout=PATIENCE_MS)
        expect(read.first).to_be_visible()

    def signed_statement(self) -> bytes:
        """The prefilled authenticity statement, signed on its last page as on a tablet."""
        signed = io.BytesIO()
        with Pdf.open(io.BytesIO(self.download_statement())) as document:
            stroke = document.make_stream(b"q 1.5 w 0 0 0.6 RG 330 190 m 352 212 l 371 188 l 395 209 l S Q")
            document.pages[-1].contents_add(stroke)
            document.save(signed)
        return signed.getvalue()

    def download_statement(self) -> bytes:
        """The prefilled authenticity statement."""
        with self.page.expect_download(timeout=PATIENCE_MS) as download:
            self.page.get_by_role("link", name=self.words.download_statement).click()
        return Path(download.value.path()).read_bytes()

    def mend(self, application_id: object, *, section: str, name: str, text: str, answer: str) -> None:
        """From the button at the first reason to its field, the answer, the comparison, and off again."""
        self.open(f"/applicant/applications/{application_id}/")
        self.page.get_by_role("button", name=re.compile(f"^{self.words.mend_this}")).first.click()
        self.page.wait_for_url(re.compile(f"/{section}/#"))
        found = re.search("/applicant/drafts/[^/]+/", self.page.url)
        assert found is not None
        self.draft = found.group()
        self.page.locator(f'textarea[name="{name}"], input[name="{name}"]').fill(text)
        self.go_on()
        self.open(f"{self.draft}amendment/")
        self.page.locator('[name="answer-1"]').fill(answer)
        self.go_on()
        self.open(f"{self.draft}check/")
        expect(self.page.get_by_role("main")).to_contain_text(text)
        self.declare()
        self.page.get_by_role("main").locator("button.btn-seal").click()
        self.page.wait_for_url(re.compile("/applicant/applications/"))

    def answer_questions(self, text: str) -> None:
        """Answers everything that the check page asks about."""
        questions = self.page.locator("#questions")
        # A list of what is on the page waits for no page.
        expect(questions.locator("textarea").first).to_be_visible(timeout=PATIENCE_MS)
        for answer in questions.locator("textarea").all():
            answer.fill(text)
        questions.locator("button").click()
        expect(questions.locator("textarea").first).to_have_value(text)

    def declare(self) -> None:
        self.page.get_by_label(self.words.declaration).check()


@dataclass
class Reviewer(Visitor):
    """An officer at the desk of an office."""

    def do(self, path: str, act: str, text: str = "") -> None:
        """One act on the page of an objection or of a striking off, with its words."""
        self.open(path)
        heading = self.page.get_by_role("heading", name=act, exact=True)
        section = self.page.locator("section.panel").filter(has=heading)
        if text:
            section.locator("textarea").fill(text)
        section.get_by_role("button", name=act, exact=True).click()
        expect(self.page.locator(".messages, [role=status]").first).to_be_visible(timeout=PATIENCE_MS)

    def open_case(self, service_name: str) -> None:
        """Finds the case in the queue and opens it."""
        self.open("/review/")
        row = self.page.get_by_role("row").filter(has_text=service_name)
        row.get_by_role("link").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(service_name)

    def claim(self) -> None:
        self.press("领办")
        expect(self.page.get_by_role("button", name="取消领办")).to_be_visible()

    def documents(self) -> list[str]:
        """Opens each document of the case beside its particulars; gives their labels."""
        seen = []
        for index in range(self.page.locator("#documents a[data-document]").count()):
            self.page.locator("#documents summary").click()
            link = self.page.locator("#documents a[data-document]").nth(index)
            seen.append(link.inner_text().splitlines()[0])
            link.click()
            expect(self.page.locator("#documents .document-list")).not_to_have_attribute("open", "")
            expect(self.page.locator("#documents a[data-document]").nth(index)).to_have_attribute(
                "aria-current", "true", timeout=PATIENCE_MS
            )
            self.page.wait_for_function(
                "() => { const image = document.querySelector('[data-viewer-image]');"
                " return image.complete && image.naturalWidth > 0; }"
            )
        return seen

    def mark_all(self) -> int:
        """Marks the first item that waits on its own and the rest section by section; gives how many there are."""
        waiting = self.page.locator(
            ".verdict:not(.verdict--optional) .verdict__button--fine[aria-pressed=false]"
        )
        first = self.page.locator(f'[id="{waiting.first.get_attribute("id")}"]')
        first.click()
        expect(first).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
        rest = self.page.locator(".section-rest button")
        while left := rest.count():
            rest.first.click()
            expect(rest).to_have_count(left - 1, timeout=PATIENCE_MS)
        progress = self.page.locator("#checklist-progress progress").first
        total = progress.get_attribute("max")
        expect(progress).to_have_attribute("value", total or "", timeout=PATIENCE_MS)
        return int(total or 0)

    def forward(self, opinion: str) -> None:
        """Forwards the case to the national office, recommending approval."""
        self.page.get_by_role("link", name="报送国家网信办").click()
        self.page.locator('[name="recommends"][value="approval"]').check()
        self.type("意见", opinion)
        self.press("报送国家网信办")
        expect(self.page.get_by_text("已报送").first).to_be_visible(timeout=PATIENCE_MS)

    def mark_deficient(self, key: str) -> None:
        """Marks one particular as deficient; all others are marked later."""
        anchor = key.replace(".", "-")
        button = self.page.locator(f'[id="mark-{anchor}-deficient"], [id="mark-{key}-deficient"]').first
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)

    def propose_rejection(self, *, fault: str, remedy: str, grounds: str) -> None:
        """Proposes a rejection; the reason starts with the item that was marked."""
        self.page.get_by_role("link", name="拟不予备案").click()
        row = self.page.locator("[data-repeat-row]").first
        row.locator('[name="reasons-0-code"]').select_option(fault)
        row.locator('[name="reasons-0-remedy"]').fill(remedy)
        self.page.locator('textarea[name="text"]').fill(grounds)
        self.press("拟不予备案")
        self.page.wait_for_url(re.compile("/review/cases/[^/]+/$"))

    def confirm(self, label: str) -> None:
        """Confirms a colleague's proposal."""
        self.page.get_by_role("link", name=label).click()
        self.press(label)
        self.page.wait_for_url(re.compile("/review/cases/[^/]+/$"))

    def approve(self, label: str = "予以备案") -> None:
        """Approves the case by the button of its kind."""
        self.page.get_by_role("link", name=label, exact=True).click()
        self.press(label)
        self.page.wait_for_url(re.compile("/review/cases/[^/]+/$"))
