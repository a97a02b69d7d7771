"""Rules that came after filings had been made: they ask nothing of what stands in the book unchanged.

What is filed stays valid. A change asks for what is new only where it touches it, so each of these rules names the
answers it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from registry.rules.particulars.catalogue import particulars
from registry.rules.particulars.consistency.catalogue import find_rule
from registry.rules.particulars.consistency.definitions import content_of
from registry.rules.particulars.gaps import FILE_MISSING, MISSING, UNPRINTABLE, Gap
from registry.rules.particulars.materials import Materials, value_of
from registry.rules.particulars.service_categories import CATEGORIES


@dataclass(frozen=True, slots=True)
class LaterRule:
    """A rule by the gap it finds, and the particulars and slots that it is about."""

    key: str
    code: str
    about: tuple[str, ...]


_APPS, _FORMS = "service.apps", "service.service_forms"


def _with_the_document(section: str) -> tuple[str, ...]:
    return tuple(f"{section}.{name}" for name in ("document_type", "nationality", "document_number"))


_RULES = (
    *(LaterRule(each.key, UNPRINTABLE, (each.key,)) for each in particulars() if each.names_somebody),
    # Version 2 of the form.
    *(LaterRule(f"{_APPS}.{name}", MISSING, (_APPS,)) for name in ("package_name", "filing_number")),
    *(
        LaterRule(f"service.{name}", MISSING, (_FORMS, f"service.{name}"))
        for name in ("mini_programs", "official_accounts", "apis", "nodes")
    ),
    *(
        LaterRule(f"{section}.nationality", MISSING, _with_the_document(section))
        for section in ("applicant", "person_in_charge")
    ),
    LaterRule(
        "attachments.person_in_charge_document_back",
        FILE_MISSING,
        (
            "person_in_charge.document_type",
            "attachments.person_in_charge_document",
            "attachments.person_in_charge_document_back",
        ),
    ),
    # Version 3.
    LaterRule(
        "service.upstream",
        MISSING,
        (
            "service.technical_supporter",
            "service.chain_kind",
            *(category.main_chains_key for category in CATEGORIES),
            "service.upstream",
        ),
    ),
    LaterRule(
        "applicant.agent_name",
        "agent_is_person_in_charge",
        ("applicant.agent_name", "applicant.name", "person_in_charge.name"),
    ),
)
_BY_GAP: Mapping[tuple[str, str], LaterRule] = {(rule.key, rule.code): rule for rule in _RULES}


def without_what_is_filed(
    gaps: Iterable[Gap], materials: Materials, filed: Callable[[], Materials]
) -> list[Gap]:
    """The gaps, without those of later rules about answers that stand in the book as they are here.

    `filed` gives what is in the book, and is asked only when such a gap was found.
    """
    found = list(gaps)
    if not any(_about(gap) for gap in found):
        return found
    book = filed()
    return [gap for gap in found if not _is_filed(gap, materials, book)]


def _about(gap: Gap) -> tuple[str, ...]:
    """What the later rule that found a gap is about; empty for a rule that was there from the beginning."""
    if (consistency := find_rule(gap.code)) is not None:
        return consistency.compares
    rule = _BY_GAP.get((gap.key, gap.code))
    return rule.about if rule is not None else ()


def _is_filed(gap: Gap, materials: Materials, book: Materials) -> bool:
    about = _about(gap)
    return bool(about) and all(
        content_of(value_of(book, key)) == content_of(value_of(materials, key)) for key in about
    )
