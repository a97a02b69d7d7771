"""Templates of notices: plain text with placeholders such as `{due_on}`, and nothing that is executed.

A place is a placeholder's position in the text. A brace that belongs to no placeholder is refused, never
printed.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from registry.rules.errors import RuleError

LONGEST_SUBJECT = 200
LONGEST_BODY = 4_000
LONGEST_SMS = 300
# How many characters a text message may have when it is sent, its signature included: what carriers take as one order.
LONGEST_MESSAGE = 500

_PLACE = re.compile(r"\{([a-z][a-z_]*)\}")
_BLANK_LINES = re.compile(r"\n{3,}")


class NoticeTextRefused(RuleError):
    """The text of a notice cannot be used; the code says why, facts name the part and the placeholders."""


def places_in(text: str) -> tuple[str, ...]:
    """The names of a text's placeholders, each once, in the order of their first appearance."""
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def check_text(
    text: str, *, part: str, known: Container[str], required: Iterable[str] = (), longest: int
) -> None:
    """Raises NoticeTextRefused unless all placeholders are known, none required is missing, and it fits."""
    found = faults_in(text, part=part, known=known, required=required, longest=longest)
    if found:
        raise found[0]


def faults_in(
    text: str, *, part: str, known: Container[str], required: Iterable[str] = (), longest: int
) -> list[NoticeTextRefused]:
    """Everything for which the text cannot be used; empty when it can."""
    if not text.strip():
        return [NoticeTextRefused("notice_text_empty", part=part)]
    found = []
    if len(text) > longest:
        found.append(NoticeTextRefused("notice_text_too_long", part=part, longest=longest, found=len(text)))
    places = places_in(text)
    if unknown := [name for name in places if name not in known]:
        found.append(NoticeTextRefused("notice_place_unknown", part=part, places=unknown))
    if rest := re.search(r"\{[^{}]*\}?|\}", _PLACE.sub("", text)):
        found.append(NoticeTextRefused("notice_brace_alone", part=part, found=rest.group()[:40]))
    if missing := [name for name in required if name not in places]:
        found.append(NoticeTextRefused("notice_place_missing", part=part, places=missing))
    return found


def faults_in_words(text: str, *, part: str, required: Iterable[str]) -> list[NoticeTextRefused]:
    """The statutory words that the text lacks; white space and letter case do not count."""
    said = "".join(text.split()).casefold()
    missing = [words for words in required if "".join(words.split()).casefold() not in said]
    return [NoticeTextRefused("notice_words_missing", part=part, words=missing)] if missing else []


def faults_in_message(message: str, *, part: str) -> list[NoticeTextRefused]:
    """What is wrong with a text message as it is sent, its signature included."""
    if len(message) <= LONGEST_MESSAGE:
        return []
    return [
        NoticeTextRefused("notice_message_too_long", part=part, longest=LONGEST_MESSAGE, found=len(message))
    ]


def messages_of(message: str) -> int:
    """How many messages a text is sent and paid as: 70 characters alone, 67 each when there are more.

    A text of the GSM alphabet alone has 160 characters, or 153 each; its signature is Chinese, so that none is.
    """
    return 1 if len(message) <= 70 else -(-len(message) // 67)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced by its value; braces inside a value are left alone.

    An empty value never leaves more than one blank line behind.
    """
    return _BLANK_LINES.sub("\n\n", _PLACE.sub(lambda found: values[found.group(1)], text))
