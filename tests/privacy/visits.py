"""What people do at the portal's doors with their private data, in whatever browser it is given."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from registry.rules.particulars import find_slot, required_slots
from registry.sample.materials import individual_materials
from registry.sample.walk import sample_scan
from tests.applicants.pages import SECTIONS, as_form, value_in
from tests.privacy.needles import Person

PASSWORD = "Harbour-lantern-42"
_READ_WITHIN_SECONDS = 120
_CODE = re.compile(r"\b\d{6}\b")
_DRAFT = re.compile(r"/applicant/drafts/([0-9a-f-]{36})/")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser got: the status, the text, and the address it ended at after redirects."""

    status: int
    text: str
    address: str


class Browser(Protocol):
    """A visitor's browser: keeps cookies, follows redirects, sends the token of its forms."""

    def get(self, address: str) -> Answer: ...

    def post(
        self, address: str, data: Mapping[str, Any], *, files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> Answer: ...


def sign_up(browser: Browser, person: Person, *, outbox: Path) -> None:
    """Opens an account: both codes are read from the file backends' outbox."""
    form = {
        "name": "样例个人",
        "mobile": f"+86{person.mobile}",
        "email": person.email,
        "password1": PASSWORD,
        "agreement": "on",
    }
    answer = browser.post("/account/signup/", form)
    codes = "/account/signup/codes/"
    assert answer.address == codes, answer.text
    browser.post(codes, {"mobile_code": "000000", "email_code": _newest_code(outbox / "mail.jsonl")})
    answer = browser.post(codes, {"mobile_code": _newest_code(outbox / "sms.jsonl")})
    assert answer.address == "/applicant/start/", answer.text
    browser.post("/applicant/identity-documents/", {"version": "1", "consent": "yes"})


def sign_out_and_in(browser: Browser, person: Person) -> None:
    """A wrong password first, then the right one, by mobile."""
    browser.post("/account/logout/", {})
    browser.post("/account/login/", {"login": person.mobile, "password": "Not-the-lantern-7"})
    answer = browser.post("/account/login/", {"login": f"+86 {person.mobile}", "password": PASSWORD})
    assert answer.address == "/applicant/", answer.text


def fail_to_sign_in(browser: Browser, person: Person, *, times: int = 1) -> Answer:
    """Wrong passwords and a forgotten one for somebody who may not be known here."""
    for _ in range(times):
        answer = browser.post("/account/login/", {"login": person.email, "password": "Not-the-lantern-7"})
        answer = browser.post("/account/login/", {"login": person.mobile, "password": "Not-the-lantern-7"})
    browser.post("/account/password/reset/", {"login": person.mobile})
    browser.get(f"/filings/?q={person.resident_id}")
    browser.get(f"/api/v1/filings/?q={person.email}")
    browser.get(f"/no-such-page/{person.mobile}/?id={person.resident_id}&mail={person.email}")
    return answer


def materials_of(person: Person, *, seed: int, today: date) -> dict[str, Any]:
    """A sample individual's materials with this person's data, and some of it in texts where it may be typed."""
    materials = individual_materials(seed=seed, today=today, division_code="110108")
    materials["applicant"]["document_number"] = person.resident_id
    materials["applicant"]["mailing_address"] = f"样例路1号 {person.mobile}"
    materials["person_in_charge"] |= {"mobile": person.mobile, "email": person.email}
    materials["service"]["has_service_contact"] = True
    return materials


def begin_draft(
    browser: Browser, person: Person, *, seed: int, today: date, others: Sequence[Person] = ()
) -> str:
    """A draft with the person's data, and that of others in a text, saved while typing; gives its address."""
    answer = browser.post("/applicant/start/", {"applicant": ""})
    found = _DRAFT.search(answer.address)
    assert found is not None, answer.address
    materials = materials_of(person, seed=seed, today=today)
    materials["applicant"]["mailing_address"] += " ".join(
        secret for other in others for secret in other.secrets
    )
    for section in ("applicant", "person_in_charge"):
        sent = {**as_form(section, materials), "version": "0", "window": "typing"}
        answer = browser.post(f"/applicant/drafts/{found[1]}/{section}/autosave/", sent)
        assert answer.status == 200, answer.text
    return found[0]


def _once_all_is_read(browser: Browser, draft: str) -> str:
    """The check page, once the decoder has read every file."""
    deadline = time.monotonic() + _READ_WITHIN_SECONDS
    while "hx-get" in (page := browser.get(f"{draft}check/").text):
        assert time.monotonic() < deadline, "No decoder has read the files."
        time.sleep(0.5)
    return page


def fill_and_submit(browser: Browser, person: Person, *, seed: int, today: date) -> Answer:
    """A whole filing of an individual: every section, scans named after the person, the declaration."""
    draft = begin_draft(browser, person, seed=seed, today=today)
    materials = materials_of(person, seed=seed, today=today)
    materials["service"]["has_service_contact"] = False
    for section in SECTIONS:
        page = browser.get(f"{draft}{section}/").text
        own = {name: value_in(page, name) for name in ("version", "window")}
        browser.post(f"{draft}{section}/", {**as_form(section, materials), **own, "next_step": "forward"})
    for key in required_slots(materials):
        slot = find_slot(key).name
        name = f"{person.resident_id} {person.mobile} {person.email}.png"
        answer = browser.post(f"{draft}attachments/{slot}/", {}, files={"file": (name, sample_scan(slot))})
        assert answer.status == 200, answer.text
    page = _once_all_is_read(browser, draft)
    if 'name="answer-' in page:
        sent = dict(re.findall(r'name="(compared-[a-z_]+)" value="([^"]*)"', page))
        sent |= dict.fromkeys(re.findall(r'name="(answer-[a-z_]+)"', page), f"样例答复 {person.mobile}")
        browser.post(f"{draft}questions/", sent)
        page = browser.get(f"{draft}check/").text
    return browser.post(f"{draft}submit/", {"version": value_in(page, "version"), "declaration": "yes"})


def _newest_code(messages: Path) -> str:
    line = messages.read_text(encoding="utf-8").splitlines()[-1]
    found = _CODE.findall(str(json.loads(line)["text"]))
    return str(found[0])
