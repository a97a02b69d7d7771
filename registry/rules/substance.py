"""Whether what an officer writes says something: at least a sentence, in words of its own.

A decision is read by the applicant, by a colleague and perhaps by a court (Art. 12): "好", a number, punctuation or one
word again and again tells none of them why. What a catalogue says needs no further words.
"""

from __future__ import annotations

import re
import unicodedata

from registry.rules.visible_text import clean

# No reason that an officer records is longer, in characters.
LONGEST_REASON = 300
# A sentence has at least so many characters of a script that writes words by one or two of them …
LEAST_CHARACTERS = 6
# … or so many words of letters, with twice as many letters.
LEAST_WORDS = 3
# How many different characters even the shortest sentence has.
_LEAST_DIFFERENT = 5
# A text that says nothing in its first letters is not read on.
_LOOKED_AT = 200

_WORDS = re.compile(r"[^\W\d_]+")
_REPEATED = re.compile(r"(.+?)\1+")


def says_something(text: str) -> bool:
    """Whether a text is at least a sentence: six Chinese characters or three words, and not the same again and again.

    Digits, punctuation and signs count for nothing.
    """
    words = _WORDS.findall(clean(text, line_breaks=False).casefold())
    letters = _REPEATED.sub(r"\1", "".join(words)[:_LOOKED_AT])
    if len(set(letters)) < _LEAST_DIFFERENT:
        return False
    characters = sum(_is_character(each) for each in letters)
    if characters >= LEAST_CHARACTERS:
        return True
    # A Chinese character in a text of words counts as two letters.
    weight = len(letters) + characters
    return len(set(words)) >= LEAST_WORDS and weight >= 2 * LEAST_CHARACTERS


def has_words(text: str) -> bool:
    """Whether a short text says anything at all: two different letters, where signs and digits count for nothing."""
    return len(set("".join(_WORDS.findall(clean(text, line_breaks=False).casefold())))) >= 2


def adds_to(text: str, drafted: str) -> bool:
    """Whether a text says something beside what was drafted for it."""
    own, given = (clean(each, line_breaks=False) for each in (text, drafted))
    return says_something(own.replace(given, "", 1) if given else own)


def _is_character(letter: str) -> bool:
    """Whether a letter has no case: a Chinese character, a syllable."""
    return unicodedata.category(letter) == "Lo"
