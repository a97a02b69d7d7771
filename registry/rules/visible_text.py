"""What a text may hold so that everybody reads in it what its author saw.

Pasted text brings characters that nobody sees. `clean` is the one normaliser of all free text: what has no meaning
goes, what has a meaning stays. `is_visible` says whether anything is left to read. Source of the categories and the
names: the Unicode Character Database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_LINE_BREAKS = frozenset("\n\r\t")
# Control and format characters, half surrogates, line and paragraph separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# Every way to end a line, among them those that word processors and mainframes write.
_ENDS_OF_LINES = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Format characters that are drawn: signs that stand before or around a number.
_DRAWN_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Letters, marks and signs that draw nothing: fillers of Hangul, joiners of graphemes, vowels of Khmer that are
# inherent, the null of music, the place of an object that was not pasted along. Those beyond are reserved for more.
_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0\ufffc\U0001d159") | frozenset(
    map(chr, (*range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE0100), *range(0xE01F0, 0xE1000)))
)
_BLANK_PATTERN = "\u2800"
# Word writes bullets, ticks and arrows as places of its symbol fonts, in private use: pasted anywhere else they are
# boxes. What each draws, as Unicode has it. Source: the encodings of the fonts Symbol and Wingdings.
_DRAWN_BY_SYMBOL_FONTS = str.maketrans(
    {
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0d8": "➢",
        "\uf0fc": "✓",
        "\uf06c": "●",
        "\uf06e": "■",
        "\uf075": "◆",
        "\uf076": "❖",
        "\uf0a1": "○",
        "\uf0a8": "□",
        "\uf0e0": "→",
        "\uf04a": "☺",
    }
)
_JOINER, _NON_JOINER = "\u200d", "\u200c"
_VARIATION_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]\\Z")
_MONGOLIAN_SELECTOR = re.compile("[\u180b-\u180f]\\Z")
_SKIN_TONE = re.compile("[\U0001f3fb-\U0001f3ff]\\Z")
_VIRAMA = 9
_CURSIVE = ("ARABIC ", "SYRIAC ", "MONGOLIAN ", "NKO ", "MANDAIC ", "PHAGS-PA ", "MANICHAEAN ", "ADLAM ")
_WIDE = frozenset("WF")


def clean(text: str, *, line_breaks: bool) -> str:
    """The text without what has no meaning, composed (NFC), without outer white space; never longer than it was.

    Every end of a line becomes a line feed, or in a text of one line a blank, which falls away between characters
    that are written without one. A joiner, a non-joiner and a variation selector stay only where they change what
    is drawn. Cleaning a clean text changes nothing.
    """
    text = _ENDS_OF_LINES.sub("\n", text)
    while (cleaned := _cleaned_once(text, line_breaks=line_breaks)) != text:
        text = cleaned
    return cleaned


def clean_unless_empty(text: str, *, line_breaks: bool) -> str:
    """As `clean`; a text that nobody can see stays as it is, so that the check of the answer can name its field."""
    cleaned = clean(text, line_breaks=line_breaks)
    return cleaned if is_visible(cleaned) else text


def clean_texts(value: Any) -> Any:
    """JSON-like details with every text in them cleaned; one that nobody can see becomes empty, which a guard names."""
    if isinstance(value, str):
        cleaned = clean(value, line_breaks=True)
        return cleaned if is_visible(cleaned) else ""
    if isinstance(value, Mapping):
        return {name: clean_texts(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean_texts(each) for each in value]
    return value


def is_visible(text: str) -> bool:
    """Whether a reader sees anything: a letter, digit, punctuation or sign, not blanks and marks alone."""
    return any(
        unicodedata.category(each)[0] not in "ZMC" or _is_drawn_rarity(each)
        for each in clean(text, line_breaks=True)
    )


def holds_hidden(text: str, *, line_breaks: bool) -> bool:
    """Whether a text holds what cannot be seen, turns the reading direction, or has no place in an XML file."""
    return any(is_hidden(each) for each in text if not (line_breaks and each in _LINE_BREAKS))


def is_hidden(character: str) -> bool:
    """Whether a character cannot be seen; a line break is hidden too, blanks are not."""
    return unicodedata.category(character) in _INVISIBLE or _is_no_character(ord(character))


def _is_no_character(code: int) -> bool:
    """Whether Unicode will never give this code to a character: the last two of a plane, and 32 in the first."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _is_drawn_rarity(character: str) -> bool:
    """Whether this is drawn though it is in no class of letters: newer than the table, or in private use."""
    return character in _DRAWN_FORMATS or unicodedata.category(character) in ("Cn", "Co")


def _cleaned_once(text: str, *, line_breaks: bool) -> str:
    text = text.replace(_BLANK_PATTERN, " ").translate(_DRAWN_BY_SYMBOL_FONTS)
    if not line_breaks:
        text = _on_one_line(text)
    text = "".join(each for each in text if _has_meaning(each))
    composed = unicodedata.normalize("NFC", text)
    # Some letters have no composed form and would come apart.
    return _with_fitting_joiners(composed if len(composed) <= len(text) else text).strip()


def _on_one_line(text: str) -> str:
    parts = [part.strip() for part in re.split("[\n\t]+", text)]
    joined = parts[0]
    for part in parts[1:]:
        is_solid = bool(joined and part) and all(
            unicodedata.east_asian_width(each) in _WIDE for each in (joined[-1], part[0])
        )
        joined += part if is_solid or not joined or not part else f" {part}"
    return joined


def _has_meaning(character: str) -> bool:
    if character in _DRAWN_FORMATS or character in (_JOINER, _NON_JOINER, "\n", "\t"):
        return True
    if _MONGOLIAN_SELECTOR.match(character) or _VARIATION_SELECTOR.match(character):
        return True
    return not is_hidden(character) and character not in _EMPTY


def _with_fitting_joiners(text: str) -> str:
    kept: list[str] = []
    for place, character in enumerate(text, start=1):
        if _fits(character, kept[-1] if kept else "", text[place : place + 1]):
            kept.append(character)
    return "".join(kept)


def _fits(character: str, before: str, after: str) -> bool:
    """Whether a character that draws nothing itself changes how its neighbours are drawn; any other fits."""
    if character in (_JOINER, _NON_JOINER):
        if not before:
            return False
        is_in_emoji = character == _JOINER and _is_emoji_end(before) and _is_sign(after)
        return (
            unicodedata.combining(before) == _VIRAMA
            or is_in_emoji
            or (_is_cursive(before) and _is_cursive(after))
        )
    if _MONGOLIAN_SELECTOR.match(character):
        return unicodedata.name(before, "").startswith("MONGOLIAN LETTER") if before else False
    if _VARIATION_SELECTOR.match(character):
        return bool(before) and unicodedata.category(before)[0] in "LNPS" and not before.isspace()
    return True


def _is_emoji_end(character: str) -> bool:
    return _is_sign(character) or bool(_VARIATION_SELECTOR.match(character) or _SKIN_TONE.match(character))


def _is_sign(character: str) -> bool:
    return bool(character) and unicodedata.category(character) == "So"


def _is_cursive(character: str) -> bool:
    return bool(character) and unicodedata.name(character, "").startswith(_CURSIVE)
