"""Walks the applicant's pages as a browser without scripts does: what a page's form holds is what is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applicants.drafts.forms.answers import to_control
from applicants.models import Draft
from registry import clock
from registry.models import Account
from registry.rules.particulars import AnswerKind, find_slot, particulars_of, required_slots
from registry.sample import walk
from tests.builders.register import Cast
from tests.client import ClientResponse

SECTIONS = ("applicant", "person_in_charge", "service", "content")


def as_form(section: str, materials: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a section as its controls send them."""
    sent: dict[str, Any] = {}
    for particular in particulars_of(section):
        answer = materials[section].get(particular.name)
        if particular.kind is AnswerKind.GROUP:
            rows = answer or []
            sent[f"{particular.name}-TOTAL_FORMS"] = str(len(rows))
            for index, row in enumerate(rows):
                for field in particular.fields:
                    if field.name in row:
                        sent[f"{particular.name}-{index}-{field.name}"] = to_control(field, row[field.name])
        elif answer is not None:
            sent[particular.name] = to_control(particular, answer)
    return sent


@dataclass(slots=True)
class Desk:
    """The browser of one account."""

    account: Account
    client: Client

    @classmethod
    def of(cls, account: Account) -> Desk:
        client = Client()
        client.force_login(account, backend="registry.accounts.backends.AccountBackend")
        return cls(account, client)

    def start(self, applicant: object = "") -> Draft:
        self.client.post(reverse("applicants:start"), {"applicant": str(applicant)})
        return Draft.objects.filter(account=self.account).latest("created_at")

    def get(self, name: str, *args: object, **query: str) -> ClientResponse:
        return self.client.get(reverse(f"applicants:{name}", args=args), query)

    def post(self, name: str, *args: object, data: Mapping[str, Any] | None = None) -> ClientResponse:
        return self.client.post(reverse(f"applicants:{name}", args=args), data or {})

    def page_fields(self, draft: Draft, section: str) -> dict[str, str]:
        """Version, window and version of the form of the section's page as it has them now."""
        page = self.get("section", draft.pk, section).content.decode()
        return {name: value_in(page, name) for name in ("version", "window", "form_version")}

    def save(self, draft: Draft, section: str, sent: Mapping[str, Any], **extra: str) -> ClientResponse:
        """Opens the section and sends the form."""
        data = {**sent, **self.page_fields(draft, section), "next_step": "forward", **extra}
        return self.post("section", draft.pk, section, data=data)

    def fill(self, draft: Draft, materials: Mapping[str, Any]) -> None:
        for section in SECTIONS:
            answer = self.save(draft, section, as_form(section, materials))
            assert answer.status_code == 302
        draft.refresh_from_db()

    def upload(
        self, draft: Draft, slot: str, *, content: bytes | None = None, seen: Sequence[str] = ()
    ) -> ClientResponse:
        """Sends a scan; `slot` is the name of a slot, `seen` are the refused files that its page listed."""
        file = SimpleUploadedFile("样例.png", content or walk.sample_scan(slot), "image/png")
        return self.post("upload", draft.pk, slot, data={"file": file, "seen": list(seen)})

    def upload_all(self, draft: Draft) -> None:
        """A scan in every required slot that has none."""
        draft.refresh_from_db()
        for key in required_slots(draft.materials):
            name = find_slot(key).name
            if not draft.materials["attachments"].get(name):
                assert self.upload(draft, name).status_code == 302
        draft.refresh_from_db()

    def answer(self, draft: Draft, text: str = "样例答复") -> ClientResponse:
        """Answers every question of the check page."""
        page = self.get("check", draft.pk).content.decode()
        sent = dict(re.findall(r'name="(compared-[a-z_]+)" value="([^"]*)"', page))
        sent |= dict.fromkeys(re.findall(r'name="(answer-[a-z_]+)"', page), text)
        return self.post("answer_questions", draft.pk, data=sent)

    def submit(self, draft: Draft, *, answers: bool = True, **data: str) -> ClientResponse:
        """Sends the draft; before that, `answers` whatever the check page asks."""
        page = self.get("check", draft.pk).content.decode()
        if answers and 'name="answer-' in page:
            self.answer(draft)
            page = self.get("check", draft.pk).content.decode()
        sent = {"version": value_in(page, "version"), "declaration": "yes", **data}
        return self.post("submit", draft.pk, data=sent)


@contextmanager
def desk_at(moment: datetime, cast: Cast) -> Iterator[Desk]:
    """The member's browser, signed in anew at this moment; the portal's clock stands there meanwhile."""
    with clock.stopped_at(moment):
        yield Desk.of(cast.member)


def value_in(page: str, name: str) -> str:
    """The value of a hidden control; empty when the page has none of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def text_in(page: str) -> str:
    """The words of a page, without its marks and with single blanks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def error_texts(page: str) -> list[str]:
    """The messages at the fields of a page, in order."""
    found = re.findall(r'<ul class="field__errors"[^>]*>(.*?)</ul>', page, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", text)).strip() for text in found]
