"""Names of people and services: what the name of a person is written with, and how messages say a name.

A message goes out in the office's name to whoever it is addressed to, and mail and telephones turn what looks like an
address into a link. So a name brings no address into a message, and no text that would be read as the office's own.
"""

from __future__ import annotations

import re
import unicodedata

from registry.rules.visible_text import clean

# Between the parts of a name: the dots of minority names in the forms keyboards have, hyphens, apostrophes.
_JOINS = frozenset("·•‧・･∙⋅-‐‑–'’ʼ`. \u3000")
_IN_PERSON = frozenset("()（）,，、")
_IN_NAME = _JOINS | _IN_PERSON | frozenset("“”‘’「」『』《》〈〉【】&＆+＋—－!！")
_DOT_WITHIN = re.compile(r"(?<=\w)[.．。｡](?=\w)")
_INITIALS = re.compile(r"(?:(?<=\W)|\A)(?:\w\.)+(?=\W|\Z)")


def strange_in_person(name: str) -> str:
    """The characters, each once, with which no name of a person is written; a dot within a word is one of them."""
    without_initials = _INITIALS.sub(" ", name)
    strange = [each for each in without_initials if not _is_letter(each) and each not in _JOINS | _IN_PERSON]
    if _DOT_WITHIN.search(without_initials):
        strange.append(".")
    return "".join(dict.fromkeys(strange))


def name_in_message(name: str) -> str:
    """The name as a message says it: on one line, in letters, digits and the signs of names; never longer.

    Of any other character a blank remains, and of a dot within a word, which would make it an address, a middle dot.
    """
    line = _DOT_WITHIN.sub("·", clean(name, line_breaks=False))
    return " ".join("".join(each if _is_letter(each) or each in _IN_NAME else " " for each in line).split())


def _is_letter(character: str) -> bool:
    """A letter, a mark on one, or a digit; rare letters may be newer than the table, or in private use."""
    category = unicodedata.category(character)
    return category[0] in "LMN" or category in ("Cn", "Co") or character in "\u200c\u200d"
