"""What the documents print for a character that their fonts do not have.

A character without a glyph would silently print as a box, and all boxes look alike. No paper fails for a character: it
prints its code point in its place. Where a wrong glyph would be a wrong person, in the name of an identity, the
character is refused when the name is given (`registry.rules.particulars`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from registry.errors import GlyphMissing
from registry.rules.printable import code_point, is_printable, unprintable


def require_glyphs(text: str) -> None:
    """Raises GlyphMissing with every character, each once, that no font of the documents has.

    For what an office writes itself and can still write otherwise.
    """
    if missing := unprintable(text):
        raise GlyphMissing("glyph_missing", characters=missing)


def with_substitutes(text: str) -> str:
    """The text with every run of characters without a glyph as its code points: 〔U+1F680〕.

    Works on text and on HTML alike: what it puts in has no meaning there, and no mark-up is without a glyph.
    """
    printable = {character: is_printable(character) for character in set(text)}
    if all(printable.values()):
        return text
    parts = ("".join(run) if has else _substitute(run) for has, run in groupby(text, printable.__getitem__))
    return "".join(parts)


def _substitute(characters: Iterable[str]) -> str:
    return f"〔{' '.join(map(code_point, characters))}〕"
