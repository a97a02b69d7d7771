"""What a page says, piece by piece, with the language that its markup gives each piece."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "template", "svg"})
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "br",
        "button",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "i",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
    }
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_SAID_BY_ATTRIBUTE = ("aria-label", "alt", "placeholder", "title")


class PageText(HTMLParser):
    """Reads a page; `pieces` are its texts in order, each with its language."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, str]] = []
        self._open = [("", "")]
        self._run, self._silent = "", 0

    @property
    def language(self) -> str:
        return self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        language = given.get("lang", self.language)
        if tag not in _INLINE or language != self.language:
            self._end_run()
        if tag not in _VOID:
            self._open.append((tag, language))
            self._silent += tag in _SILENT
        for name in _SAID_BY_ATTRIBUTE:
            if not self._silent and given.get(name, "").strip():
                self._keep(given[name], language)
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self._keep(given.get("value", ""), language)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in {each for each, _language in self._open}:
            return
        while True:
            ended, language = self._open[-1]
            if ended not in _INLINE or self._open[-2][1] != language:
                self._end_run()
            self._open.pop()
            self._silent -= ended in _SILENT
            if ended == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._run += data

    def close(self) -> None:
        super().close()
        self._end_run()

    def _end_run(self) -> None:
        self._keep(self._run, self.language)
        self._run = ""

    def _keep(self, text: str, language: str) -> None:
        if said := re.sub(r"\s+", " ", text).strip():
            self.pieces.append((language, said))


def pieces_of(page: str) -> list[tuple[str, str]]:
    """Language and text of every piece that a page shows or reads aloud."""
    reader = PageText()
    reader.feed(page)
    reader.close()
    return reader.pieces
