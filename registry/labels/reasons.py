"""The words of the reasons for not filing: what is wrong, where, and what to do about it.

An event holds the words that the catalogue had when it was recorded. Only an event without them is read with
the words of the shipped catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as words
from registry.rules.particulars.reasons import INITIAL_CATALOGUE, WHOLE, Fault, Place
from registry.rules.provisions import find_provision

WHOLE_LABEL = _("The materials as a whole")

PLACE_LABELS: Mapping[Place, Promise] = {
    Place.PARTICULAR: _("A particular"),
    Place.FILE: _("A file"),
    Place.WHOLE: WHOLE_LABEL,
}


def fault_name(fault: Fault) -> str:
    """What is wrong, in the language now active."""
    return fault.name_en if _is_english() else fault.name_zh


def fault_remedy(fault: Fault) -> str:
    """The remedy that the catalogue suggests, in the language now active."""
    return fault.remedy_en if _is_english() else fault.remedy_zh


def fault_label(reason: Mapping[str, Any]) -> str:
    """The fault that an event's reason names; its code when no name is known."""
    name = reason.get("name_en" if _is_english() else "name_zh")
    if name:
        return str(name)
    code = str(reason.get("code", ""))
    fault = INITIAL_CATALOGUE.get(code)
    return fault_name(fault) if fault is not None else code


def remedy_text(reason: Mapping[str, Any]) -> str:
    """The remedy of an event's reason: the officer's words, or the catalogue's in the language now active."""
    in_english = str(reason.get("remedy_en") or "") if _is_english() else ""
    return in_english or str(reason.get("remedy", ""))


def citation(article: str) -> str:
    """An article of the Provisions as it is cited everywhere, in the law's own numerals: Art. 12, 第十二条."""
    if not article:
        return ""
    provision = find_provision(article)
    return provision.citation_en if _is_english() else provision.citation_zh


def article_label(article: str) -> str:
    """An article of the Provisions with its subject."""
    provision = find_provision(article)
    return f"{citation(article)} {provision.title_en if _is_english() else provision.title_zh}"


def place_label(key: str) -> Promise:
    """The label of the place a reason is pinned to: a particular, a slot or the whole."""
    return WHOLE_LABEL if key == WHOLE else words.label_of(key)


def reason_line(reason: Mapping[str, Any]) -> str:
    """A reason in one line, as timelines and forms show it: place, fault, article, what to do, what else was said."""
    return (" " if _is_english() else "").join(reason_lines(reason))


def reason_lines(reason: Mapping[str, Any]) -> list[str]:
    """A reason as notices show it: place, fault, article, what to do; on a second line what else was said, if any."""
    parts = {
        "place": place_label(str(reason.get("key", WHOLE))),
        "fault": fault_label(reason),
        "article": citation(str(reason.get("article") or "")),
        "remedy": remedy_text(reason),
    }
    line = str(_("%(place)s: %(fault)s (%(article)s). To do: %(remedy)s")) % parts
    text = str(reason.get("text") or "").strip()
    return [line, text] if text else [line]


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
