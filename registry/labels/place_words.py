"""Why a text with places in braces is refused, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from registry.rules.notice_texts import NoticeTextRefused

_REFUSALS: Mapping[str, Promise] = {
    "notice_text_empty": gettext_lazy("Write something here."),
    "notice_text_too_long": gettext_lazy("At most %(longest)s characters; these are %(found)s."),
    "notice_place_unknown": gettext_lazy("There is no place %(places)s. These may be used: %(known)s."),
    "notice_place_missing": gettext_lazy("%(places)s must be said: put it back."),
    "notice_words_missing": gettext_lazy(
        "The law has this said to everybody: %(words)s. Put it back, in these words."
    ),
    "notice_message_too_long": gettext_lazy(
        "With the signature and the sample facts the message has %(found)s characters, and may have %(longest)s."
    ),
    "notice_brace_alone": gettext_lazy("%(found)s is no place: a place is a name in braces, such as {link}."),
}


def refusal_words(refusal: NoticeTextRefused, *, known: Iterable[str]) -> str:
    """What is wrong with a text, and which places it may use."""
    facts = {
        **refusal.facts,
        "places": _in_braces(refusal.facts.get("places", ())),
        "known": _in_braces(known),
        "words": " / ".join(refusal.facts.get("words", ())),
    }
    return str(_REFUSALS[refusal.code]) % facts


def _in_braces(names: Iterable[str]) -> str:
    return " ".join(f"{{{name}}}" for name in names)
