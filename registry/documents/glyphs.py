"""The fonts of the documents, and the check that they have every character to be printed.

A character without a glyph would silently print as a box. All fonts are shipped, so that a document looks the same
on every machine and every machine refuses the same characters.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from registry.errors import GlyphMissing
from registry.rules.visible_text import holds_hidden

_DIRECTORY = Path(__file__).resolve().parent.parent / "data" / "fonts"
# Regular and bold have the same characters; the third font adds the rare ones.
REGULAR, BOLD, RARE = "NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoSansCJKsc-Rare.otf"
FONTS = {name: _DIRECTORY / name for name in (REGULAR, BOLD, RARE)}


def require_glyphs(text: str) -> None:
    """Raises GlyphMissing with every character, each once, that no font of the documents has."""
    missing = [character for character in dict.fromkeys(text) if not _is_printable(character)]
    if missing:
        raise GlyphMissing("glyph_missing", characters="".join(missing))


def _is_printable(character: str) -> bool:
    """Whether there is a glyph, or none is needed: for white space, or the selector of a variant of the one before.

    No file prints a control character, and a workbook with one cannot be written at all.
    """
    if holds_hidden(character, line_breaks=True):
        return False
    is_unprinted = character.isspace() or unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    return is_unprinted or ord(character) in _glyphs()


@cache
def _glyphs() -> frozenset[int]:
    found: set[int] = set()
    for name in (REGULAR, RARE):
        with TTFont(FONTS[name], lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)
