"""A person at the portal's pages: opens them, fills in the forms that are there, sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.test import Client


class DemonstrationFailed(Exception):
    """A page did not answer as the demonstration needs it."""


@dataclass(slots=True)
class Form:
    """A form of a page: where it is sent, and what its hidden controls hold."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class BrowserPage:
    """A page that was opened: its address after redirects, its forms and links."""

    url: str
    content: bytes
    forms: list[Form]
    links: list[str]

    def form(self, action: str) -> Form:
        """The form that is sent to an address, whatever its query says."""
        path = urlsplit(action).path
        for each in self.forms:
            if urlsplit(each.action or self.url).path == path:
                return each
        raise DemonstrationFailed(f"{self.url} has no form for {action}")

    def link(self, part: str) -> str:
        """The first link whose address holds this part."""
        for each in self.links:
            if part in each:
                return each
        raise DemonstrationFailed(f"{self.url} has no link to {part}")


class Browser:
    """One person's browser, scripts off, forgeries refused as on any other day."""

    def __init__(self, language: str) -> None:
        self._client = Client(
            enforce_csrf_checks=True,
            SERVER_NAME="127.0.0.1",
            headers={"accept-language": language},
        )

    def open(self, url: str, *, status: int = 200) -> BrowserPage:
        """Opens an address, redirects followed."""
        return self._page(url, self._client.get(url, follow=True), status)

    def download(self, url: str) -> bytes:
        """What an address gives that is no page."""
        answer = self._client.get(url)
        if answer.status_code != 200:
            raise DemonstrationFailed(f"{url} answered {answer.status_code}")
        content: bytes = answer.content
        return content

    def send(self, page: BrowserPage, values: Mapping[str, Any], *, action: str = "") -> BrowserPage:
        """Sends a form of the page with these values and what its hidden controls hold."""
        target = action or urlsplit(page.url).path
        data = {**page.form(target).hidden, **values}
        headers = {"origin": "http://127.0.0.1"}
        return self._page(target, self._client.post(target, data, follow=True, headers=headers), 200)

    def _page(self, url: str, answer: Any, status: int) -> BrowserPage:
        for target, _code in answer.redirect_chain:
            url = target
        if answer.status_code != status:
            raise DemonstrationFailed(f"{url} answered {answer.status_code} instead of {status}")
        reader = _Reader()
        reader.feed(answer.content.decode())
        return BrowserPage(url, answer.content, reader.forms, reader.links)


class _Reader(HTMLParser):
    """Finds the forms with their hidden controls, and the links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        # What closes a dialog is sent nowhere.
        if tag == "form" and given.get("method") != "dialog":
            self.forms.append(Form(given.get("action", "")))
            self._is_inside = True
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "input" and self._is_inside and given.get("type") == "hidden" and given.get("name"):
            self.forms[-1].hidden.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
