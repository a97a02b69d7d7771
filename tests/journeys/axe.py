"""Looks for barriers with axe-core, which is put into the page by the test and served to nobody."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

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


def barriers(page: Page, *, with_colours: bool = True) -> list[str]:
    """One line for each place where axe finds a barrier; empty when there is none.

    `with_colours` measures contrasts too, which takes longer than all other rules together.
    """
    # Evaluated by the debugger, not as a script of the page: the content security policy stays as it is.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    found: dict[str, Any] = page.evaluate(
        "([tags, colours]) => axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " rules: {'color-contrast': {enabled: colours}}, resultTypes: ['violations'],"
        " elementRef: false, selectors: false, preload: false})",
        [_TAGS, with_colours],
    )
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


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
