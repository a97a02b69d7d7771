"""What the authenticity statement says: in Chinese, which is signed, and in English for reading."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from registry.rules.particulars.materials import Materials, value_of
from registry.rules.provisions import find_provision

_TEXTS = Path(__file__).resolve().parent.parent / "data" / "authenticity_statement.toml"
_ARTICLES = {
    "filing": "11(1)",
    "change": "11(2)",
    "cancellation": "11(3)",
    "decision": "12",
    "change_liability": "19",
    "liability": "22",
}


class SignedFor(StrEnum):
    """What the statement is signed for; its words differ by that."""

    FIRST_FILING = "first_filing"
    CHANGE = "change"
    APPLICANT_CHANGE = "applicant_change"
    SUPPLY = "supply"


class Language(StrEnum):
    """The statement is signed in Chinese."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class StatementWords:
    """The opening of a statement, its clauses in order, and the lines that are signed or sealed."""

    opening: str
    clauses: tuple[str, ...]
    signatures: tuple[str, ...]


def words_of(
    signed_for: SignedFor, materials: Materials, *, language: Language, service_count: int = 1
) -> StatementWords:
    """The words of the statement for these materials in one of its languages."""
    texts, places = _texts(), _places(language, service_count)
    is_by_agent = value_of(materials, "applicant.filed_by_agent") is True
    clauses = [
        each[language].format_map(places)
        for each in texts["clause"]
        if signed_for in each["of"] and (is_by_agent or not each.get("by_agent", False))
    ]
    is_individual = value_of(materials, "applicant.nature") == "individual"
    signed_by = ["individual"] if is_individual else ["organisation", "principal"]
    signatures = [texts["signature"][each][language] for each in (*signed_by, *(["agent"] * is_by_agent))]
    opening = texts["opening"][signed_for][language].format_map(places)
    return StatementWords(opening, tuple(clauses), tuple(signatures))


def _places(language: Language, service_count: int) -> Mapping[str, str]:
    law = find_provision("12").law
    is_chinese = language is Language.CHINESE
    cited = {
        name: found.citation_zh if is_chinese else found.citation_en
        for name, key in _ARTICLES.items()
        if (found := find_provision(key))
    }
    return {
        **cited,
        "law": law.name_zh if is_chinese else law.name_en,
        "issued_as": law.issued_as_zh if is_chinese else law.issued_as_en,
        "count": f" {service_count} 项" if service_count > 1 else "",
    }


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
