"""What a text may hold so that everybody reads in it what its author saw."""

from __future__ import annotations

import unicodedata

_LINE_BREAKS = frozenset("\n\r\t")
# Control and format characters, half surrogates, line and paragraph separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def holds_hidden(text: str, *, line_breaks: bool) -> bool:
    """Whether a text holds what cannot be seen, turns the reading direction, or has no place in an XML file."""
    return any(is_hidden(each) for each in text if not (line_breaks and each in _LINE_BREAKS))


def is_hidden(character: str) -> bool:
    """Whether a character cannot be seen; a line break is hidden too, blanks are not."""
    return unicodedata.category(character) in _INVISIBLE or _is_no_character(ord(character))


def _is_no_character(code: int) -> bool:
    """Whether Unicode will never give this code to a character: the last two of a plane, and 32 in the first."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
