"""Which characters the papers can print: those of the shipped fonts, so that it is known before anything is printed."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from registry.rules.visible_text import holds_hidden

_DIRECTORY = Path(__file__).resolve().parents[1] / "data" / "fonts"
# Regular and bold have the same characters; the third font adds the rare ones.
REGULAR, BOLD, RARE = "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoSansCJKsc-Rare.otf"
FONTS = {name: _DIRECTORY / name for name in (REGULAR, BOLD, RARE)}


def unprintable(text: str) -> str:
    """The characters of a text, each once, that no font of the documents has."""
    return "".join(each for each in dict.fromkeys(text) if not is_printable(each))


def is_printable(character: str) -> bool:
    """Whether there is a glyph, or none is needed: for white space, or the selector of a variant of the one before.

    No file prints a control character, and a workbook with one cannot be written at all.
    """
    if holds_hidden(character, line_breaks=True):
        return False
    is_unprinted = character.isspace() or unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    return is_unprinted or ord(character) in _glyphs()


def code_point(character: str) -> str:
    """The code point as Unicode writes it: U+1F600."""
    return f"U+{ord(character):04X}"


@cache
def _glyphs() -> frozenset[int]:
    found: set[int] = set()
    for name in (REGULAR, RARE):
        with TTFont(FONTS[name], lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)
