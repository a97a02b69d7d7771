"""The catalogue of reasons for not filing: what can be wrong with materials, each with its article.

An administrator keeps the catalogue, so it is passed as a value. A reason is pinned to a particular, a slot
or the whole of the materials; the catalogue says which of these a fault allows. Rejection is for incomplete
or untrue materials only (Art. 12).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from registry.rules.errors import RuleError
from registry.rules.particulars import is_particular, is_slot
from registry.rules.particulars.cancellation import is_of_cancellation
from registry.rules.provisions import PROVISIONS, REGULATION
from registry.rules.substance import says_something

_TABLE = Path(__file__).resolve().parents[2] / "data" / "reasons.json"

# The place of a reason that concerns the materials as a whole.
WHOLE = "whole"


class InvalidReason(RuleError):
    """A reason lacks a place it may have, a fault of the catalogue, an article or a remedy."""


class Place(StrEnum):
    """What a reason can be pinned to."""

    PARTICULAR = "particular"
    FILE = "file"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be wrong: the article it breaks, where it may be pinned, and its words.

    The remedy is the instruction that the catalogue suggests; empty when every case differs.
    """

    code: str
    article: str
    places: frozenset[Place]
    name_zh: str
    name_en: str
    remedy_zh: str = ""
    remedy_en: str = ""


# The faults that may be chosen now, by code, in the order of the list.
Catalogue = Mapping[str, Fault]

# The articles a reason may name, as the table of provisions has them.
ARTICLES = tuple(key for key, provision in PROVISIONS.items() if provision.law is REGULATION)


def reason(
    number: int,
    *,
    catalogue: Catalogue,
    key: str,
    code: str,
    article: str = "",
    remedy: str = "",
    text: str = "",
) -> dict[str, Any]:
    """One reason as an event keeps it. Raises InvalidReason.

    `number` counts the reasons of one decision from 1; the applicant's answers refer to it. Article and
    remedy default to the catalogue's; a remedy in own words is at least a sentence. The event keeps the words used now,
    so that it reads the same after the catalogue is reworded; a remedy taken from the catalogue is kept in both
    languages.
    """
    fault = catalogue.get(code)
    if fault is None:
        raise InvalidReason("reason_without_fault", code=code[:40])
    if not is_place(key):
        raise InvalidReason("reason_without_place", key=key[:80])
    if place_of(key) not in fault.places:
        raise InvalidReason("reason_misplaced", key=key, code=code)
    if (article or fault.article) not in ARTICLES:
        raise InvalidReason("reason_without_article", article=article[:10])
    own = remedy.strip()
    if not (own or fault.remedy_zh):
        raise InvalidReason("reason_without_remedy", code=code)
    is_offered = own in ("", fault.remedy_zh, fault.remedy_en)
    if not is_offered and not says_something(own):
        raise InvalidReason("reason_without_substance", code=code)
    return {
        "id": str(number),
        "key": key,
        "code": code,
        "name_zh": fault.name_zh,
        "name_en": fault.name_en,
        "article": article or fault.article,
        "remedy": fault.remedy_zh if is_offered else own,
        "remedy_en": fault.remedy_en if is_offered else "",
        "text": text.strip(),
    }


def is_place(key: str) -> bool:
    """Whether a reason may be pinned to this key: a particular, a field of a group, a slot, the whole, or what a
    cancellation states itself.
    """
    return key == WHOLE or is_particular(key) or is_slot(key) or is_of_cancellation(key)


def place_of(key: str) -> Place:
    """What kind of place a key is."""
    if key == WHOLE:
        return Place.WHOLE
    return Place.FILE if is_slot(key) else Place.PARTICULAR


def _read() -> Catalogue:
    rows: list[dict[str, Any]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    faults = (
        Fault(
            code=row["code"],
            article=row["article"],
            places=frozenset(Place(each) for each in row["places"]),
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            remedy_zh=row["remedy_zh"],
            remedy_en=row["remedy_en"],
        )
        for row in rows
    )
    return MappingProxyType({fault.code: fault for fault in faults})


# The catalogue that a new register starts with.
INITIAL_CATALOGUE = _read()
