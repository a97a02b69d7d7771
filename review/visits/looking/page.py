"""What stands on a page: its title, its text, the numbers in it, and where it sends on; scripts are not run."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from registry.rules.codes import filing_number
from registry.rules.codes.icp_numbers import ICP_LETTERS, LICENCE_LETTERS
from registry.rules.search_form import form_of, plain_characters
from review.visits.looking.limits import MOST_NUMBERS, MOST_TEXT, MOST_TITLE

# Names by which pages call their encodings, and the decoder that reads what browsers read under that name.
_ENCODINGS: Mapping[str, str] = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("gbk", "gb2312", "gb_2312-80", "gb18030", "x-gbk", "chinese", "hz-gb-2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "big5hkscs", "cn-big5", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("utf-16", "utf-16le"), "utf-16-le"),
    "utf-16be": "utf-16-be",
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "cp932"),
    "euc-jp": "euc-jp",
    "euc-kr": "cp949",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_PRESCANNED_BYTES = 4_096
_REFRESH = re.compile(r"\s*[0-9.]{1,8}\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s]{1,2000})", re.IGNORECASE)
_ICP = re.compile(
    rf"[{''.join(sorted(ICP_LETTERS | LICENCE_LETTERS))}]ICP[备证][0-9]{{6,10}}X?号?(?:-[0-9]{{1,6}}[A-Z]?)?号?"
)
_NOT_TEXT = frozenset({"script", "style", "template", "noscript", "svg", "textarea"})
_APART = frozenset({"p", "div", "li", "td", "th", "tr", "br", "h1", "h2", "h3", "h4", "footer", "section"})


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says; `refresh` is where it sends on by itself, empty if nowhere."""

    title: str
    text: str
    encoding: str
    refresh: str


def read_page(body: bytes, *, content_type: str) -> Page:
    """The text of an HTML page in whatever encoding it says, or seems to have."""
    encoding = encoding_of(body, content_type)
    markup = body.decode(encoding, errors="replace").lstrip("\ufeff")
    if "html" not in content_type and "xml" not in content_type and content_type:
        return Page("", _squeezed(markup[:MOST_TEXT]), encoding, "")
    parser = _Parser()
    parser.feed(markup)
    parser.close()
    title = _squeezed("".join(parser.title))[:MOST_TITLE]
    return Page(title, _squeezed("".join(parser.pieces))[:MOST_TEXT], encoding, parser.refresh)


def encoding_of(body: bytes, content_type: str) -> str:
    """The decoder for a page: by its first bytes, its head, its own word, and else by what it can be read as."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding
    for said in (content_type, body[:_PRESCANNED_BYTES].decode("latin-1")):
        found = _CHARSET.search(said)
        decoder = _ENCODINGS.get(found[1].lower()) if found else None
        if decoder is not None:
            # A page that says so within itself can be read as ASCII so far.
            return "utf-8" if decoder.startswith("utf-16") and said is not content_type else decoder
    return next((each for each in ("utf-8", "gb18030") if _can_be(body, each)), "utf-8")


def icp_numbers_in(page: Page) -> list[str]:
    """The ICP numbers that stand on the page, each once, as they are written but for blanks."""
    written = _plain(page)
    return list(dict.fromkeys(found[0] for found in _ICP.finditer(written)))[:MOST_NUMBERS]


def filing_numbers_in(page: Page) -> list[str]:
    """The well-formed filing numbers on the page, each once."""
    found: list[str] = []
    for piece in _around(_plain(page), filing_number.MARK):
        number = filing_number.find_in(piece)
        if number and filing_number.is_valid(number):
            found.append(str(filing_number.parse(number)))
    return list(dict.fromkeys(found))[:MOST_NUMBERS]


def words_in(page: Page, words: Iterable[str]) -> list[bool]:
    """Of each word whether it stands on the page or in its title, however it is typed."""
    form = form_of(f"{page.title} {page.text}")
    return [bool(wanted := form_of(word)) and wanted in form for word in words]


def _around(text: str, mark: str) -> Iterator[str]:
    """The surroundings of each place where the mark stands, as long as a number may be."""
    start = text.find(mark)
    while start >= 0:
        yield text[max(0, start - 4) : start + 40]
        start = text.find(mark, start + len(mark))


def _plain(page: Page) -> str:
    return plain_characters(f"{page.title} {page.text}").upper().replace(" ", "")


def _can_be(body: bytes, encoding: str) -> bool:
    """Whether the bytes can be read so; a character that was cut off at the end does not count."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(body)
    except UnicodeDecodeError:
        return False
    return True


def _squeezed(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


class _Parser(HTMLParser):
    """Collects title, text and the first order to go on elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.pieces: list[str] = []
        self.refresh = ""
        self._length = 0
        self._in_title = False
        self._has_title = False
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "title" and not self._silent and not self._has_title:
            self._in_title = self._has_title = True
        elif tag in _NOT_TEXT:
            self._silent.append(tag)
        elif tag == "meta" and given.get("http-equiv", "").strip().lower() == "refresh" and not self.refresh:
            found = _REFRESH.match(given.get("content", ""))
            self.refresh = found[1] if found else ""
        elif tag == "img" and not self._silent:
            self._keep(f" {given.get('alt', '')} ")
        if tag in _APART:
            self._keep(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag in self._silent:
            # Whatever was left open within it ends with it.
            del self._silent[self._silent.index(tag) :]
        elif tag in _APART:
            self._keep(" ")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            if len(self.title) < MOST_TITLE:
                self.title.append(data[: MOST_TITLE * 4])
        elif not self._silent:
            self._keep(data)

    def _keep(self, text: str) -> None:
        if self._length < MOST_TEXT:
            self.pieces.append(text)
            self._length += len(text)
