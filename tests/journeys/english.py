"""Listens to every page a browser opens: on English pages nothing that the portal says itself is in Chinese."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext

_CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3001-\u303f]")

# What stands in an element marked as Chinese is meant to be Chinese.
_TELL = """addEventListener("DOMContentLoaded", () => {
  const said = "h1, h2, h3, h4, h5, h6, button, label, legend, summary, caption, th, dt, nav a, a.btn, title, "
    + ".field__help, .notice, .note, .lead, .status, .messages, .error-summary, .empty-state, .timeline";
  const texts = [...document.querySelectorAll(said)]
    .filter((element) => !element.closest('[lang^="zh"]:not(html)'))
    .map((element) => {
      const copy = element.cloneNode(true);
      for (const part of copy.querySelectorAll('[lang^="zh"], select, textarea, script')) part.remove();
      return copy.textContent.replace(/\\s+/g, " ").trim();
    });
  hearPage(location.pathname, document.documentElement.lang, texts);
});"""


@dataclass
class Ear:
    """The pages a browser profile has opened, and what was said on them."""

    languages: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        context.expose_function("hearPage", self._hear)
        context.add_init_script(_TELL)

    def _hear(self, path: str, language: str, texts: Iterable[str]) -> None:
        self.languages[path] = language
        self.texts += [(path, text) for text in texts if text]

    def chinese(self, *, but: Collection[str]) -> list[str]:
        """Every text with Chinese in it once the given names, places and answers are taken out."""
        longest_first = sorted(but, key=len, reverse=True)
        found = {}
        for path, text in self.texts:
            left = text
            for known in longest_first:
                left = left.replace(known, "")
            if _CHINESE.search(left):
                found[text] = path
        return [f"{path}: {text}" for text, path in found.items()]


def answers_in(materials: Any) -> set[str]:
    """Every text that materials hold, however deep."""
    if isinstance(materials, str):
        return {materials} if materials else set()
    if isinstance(materials, Mapping):
        return {text for value in materials.values() for text in answers_in(value)}
    if isinstance(materials, list):
        return {text for value in materials for text in answers_in(value)}
    return set()
