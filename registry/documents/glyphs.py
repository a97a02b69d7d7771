"""The fonts of the documents, and whether they have every character that is to be printed.

A character without a glyph would print as a box without a word. All fonts are shipped, so that a document looks
the same, and refuses the same characters, wherever it is made.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from registry.errors import GlyphMissing

_DIRECTORY = Path(__file__).resolve().parent.parent / "data" / "fonts"
# The regular weight stands for both: they have the same characters. The last one has the rare characters.
REGULAR, BOLD, RARE = "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoSansCJKsc-Rare.otf"
FONTS = {name: _DIRECTORY / name for name in (REGULAR, BOLD, RARE)}


def require_glyphs(text: str) -> None:
    """Raises GlyphMissing with the characters, each once, that no font of the documents has."""
    missing = [
        character
        for character in dict.fromkeys(text)
        if not _is_unprinted(character) and ord(character) not in _glyphs()
    ]
    if missing:
        raise GlyphMissing("glyph_missing", characters="".join(missing))


def _is_unprinted(character: str) -> bool:
    """White space, and the selectors that choose between forms of a character that is there."""
    return character.isspace() or unicodedata.name(character, "").startswith("VARIATION SELECTOR")


@cache
def _glyphs() -> frozenset[int]:
    found: set[int] = set()
    for name in (REGULAR, RARE):
        with TTFont(FONTS[name], lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)
