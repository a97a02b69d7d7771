"""Texts as the public search compares them: one form for all ways of typing a name, an address or a number.

A filing's form has its number, names and addresses one a line; the search looks in it for the forms of words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

# Between the parts of a filing's form; no form of a text contains it.
SEPARATOR = "\n"
_VARIANTS = Path(__file__).resolve().parents[1] / "data" / "variants.txt"
# Marks, invisible characters and blanks, brackets and quotation marks, dashes, by Unicode category.
_IGNORED_CATEGORIES = frozenset({"M", "Z", "Cc", "Cf", "Cs", "Ps", "Pe", "Pi", "Pf", "Pd"})
# Dots of all kinds, and the signs that stand between words.
_IGNORED = frozenset(".·•・‧∙⋅。｡،、,:;'\"`´!?/|ㆍ꞉˙⸱−＇～~")
_WEB = "www."
_PUNYCODE = "xn--"


def form_of(text: str) -> str:
    """The text without case, width, accents, blanks, dots, brackets and hyphens, in simplified characters.

    The form of a form is itself. A text of nothing else has an empty one.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(character for character in plain if not _is_ignored(character))
    return unicodedata.normalize("NFC", kept).translate(_variants())


def form_of_filing(*, number: str | None, names: Iterable[str], addresses: Iterable[str]) -> str:
    """The form in which the search looks for a filing: number, names and hosts of addresses, each on its line."""
    texts = [number or "", *names, *(host_of(address) for address in addresses)]
    forms = dict.fromkeys(form_of(text) for text in texts)
    return SEPARATOR.join(form for form in forms if form)


def host_of(address: str) -> str:
    """The host of a web address, with or without its scheme, in its own characters and without "www."."""
    written = address.strip()
    try:
        host = urlsplit(written if "://" in written else f"//{written}").hostname or ""
    except ValueError:
        return ""
    if _PUNYCODE in host:
        try:
            host = host.encode("ascii").decode("idna")
        except UnicodeError:
            return host.removeprefix(_WEB)
    return host.removeprefix(_WEB)


def plain_characters(text: str) -> str:
    """The text with traditional and other variant characters as the simplified ones of today, 網備 as 网备."""
    return text.translate(_variants())


def _is_ignored(character: str) -> bool:
    category = unicodedata.category(character)
    return (
        character in _IGNORED
        or category in _IGNORED_CATEGORIES
        or category[0] in _IGNORED_CATEGORIES
        or character.isspace()
    )


@cache
def _variants() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in _VARIANTS.read_text(encoding="utf-8").split()}
