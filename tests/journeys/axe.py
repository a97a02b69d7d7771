"""Looks for barriers with axe-core, which is put into the page by the test and served to nobody."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

_VENDOR = Path(__file__).resolve().parents[1] / "data" / "vendor"
# WCAG 2.2 AA and what axe-core holds to be good practice.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class VendoredFileChanged(AssertionError):
    """A vendored file is not the one of the list."""


@cache
def axe_source() -> str:
    """The script, after its sum was compared with the list. Raises VendoredFileChanged."""
    listed = re.search(
        r"`tests/data/vendor/([^`]+)` \| `([0-9a-f]{64})`",
        (_VENDOR / "VENDORED.md").read_text(encoding="utf-8"),
    )
    content = (_VENDOR / listed.group(1)).read_bytes() if listed else b""
    if listed is None or hashlib.sha256(content).hexdigest() != listed.group(2):
        raise VendoredFileChanged("tests/data/vendor")
    return content.decode()


def bring_axe(context: BrowserContext) -> None:
    """Has the script in every page of a browser profile: quicker than to send it to each of many pages."""
    context.add_init_script(axe_source())


def barriers(page: Page) -> list[str]:
    """One line for each place where axe finds a barrier; empty when there is none."""
    # Evaluated by the debugger, not as a script of the page: the content security policy stays as it is.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    found: dict[str, Any] = page.evaluate(
        "(values) => axe.run(document, {runOnly: {type: 'tag', values}, resultTypes: ['violations'],"
        " elementRef: false, selectors: false, preload: false})",
        _TAGS,
    )
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


class _Forms(HTMLParser):
    """Counts, for each form of a page as it was sent, the buttons that send it without a script."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, int] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self._open = given.get("id") or f"{given.get('action') or ''} number {len(self.buttons) + 1}"
            self.buttons.setdefault(self._open, 0)
        sends = {"button": "submit", "input": ""}.get(tag)
        if sends is not None and (given.get("type") or sends) in ("submit", "image"):
            form = given.get("form") or self._open
            self.buttons[form] = self.buttons.get(form, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = ""


def forms_without_button(html: str) -> list[str]:
    """The forms of a page, as the server sent it, that nobody could send without a script."""
    forms = _Forms()
    forms.feed(html)
    return [name for name, buttons in forms.buttons.items() if name and not buttons]


def overflow(page: Page) -> str:
    """What stands out of the page at its right side, so that one would have to scroll; empty when nothing."""
    return str(
        page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return "";
              const wide = [...document.body.querySelectorAll("*")].filter(
                (element) => element.getBoundingClientRect().right > width + 1);
              return wide.slice(-3).map((element) => element.outerHTML.slice(0, 120)).join(" | ") || "page";
            }"""
        )
    )
