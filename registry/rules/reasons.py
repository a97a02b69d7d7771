"""The catalogue of reasons for not filing: what can be wrong with materials, each with its article.

A reason names a particular, a slot or the whole; the catalogue says which. Rejection is for incomplete or
untrue materials only (Art. 12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from registry.rules.errors import RuleError
from registry.rules.particulars import is_particular, is_slot

# The place of a reason that speaks of the materials as a whole.
WHOLE = "whole"


class InvalidReason(RuleError):
    """A reason names no place, no fault of the catalogue, no article, or not what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be wrong, with the article of CAC Order No. 3 it offends."""

    code: str
    article: str


FAULTS: tuple[Fault, ...] = (
    Fault("particular_missing", "11"),
    Fault("particular_untrue", "12"),
    Fault("particulars_contradict", "12"),
    Fault("file_missing", "12"),
    Fault("file_unreadable", "12"),
    Fault("file_does_not_match", "12"),
    Fault("technical_description_vague", "11"),
    Fault("site_without_icp_filing", "11"),
    Fault("site_cannot_be_opened", "11"),
    Fault("site_of_somebody_else", "11"),
    Fault("contact_not_reachable", "11"),
    Fault("contact_not_the_representative", "11"),
    Fault("prior_approval_ticked_wrongly", "11"),
    Fault("prior_approval_licence_missing", "11"),
    Fault("statement_not_on_template", "12"),
    Fault("statement_not_signed_or_sealed", "12"),
    Fault("service_not_running", "11"),
    Fault("management_system_missing_or_generic", "5"),
    Fault("emergency_plan_missing", "6"),
    Fault("rules_or_agreement_missing_or_generic", "7"),
    Fault("nodes_abroad_unexplained", "11"),
    Fault("other", "12"),
)
FAULT_BY_CODE: Mapping[str, Fault] = MappingProxyType({fault.code: fault for fault in FAULTS})

# The articles a reason may name; the applicant's duties and what a filing has to contain.
ARTICLES = ("2", "5", "6", "7", "8", "9", "11", "12", "17", "18")


def reason(
    number: int, *, key: str, code: str, article: str = "", remedy: str, text: str = ""
) -> dict[str, Any]:
    """One reason as an event keeps it; `article` defaults to the fault's. Raises InvalidReason.

    `number` counts the reasons of one decision from 1: the applicant answers them by it.
    """
    fault = FAULT_BY_CODE.get(code)
    if fault is None:
        raise InvalidReason("reason_without_fault", code=code[:40])
    if not is_place(key):
        raise InvalidReason("reason_without_place", key=key[:80])
    if (article or fault.article) not in ARTICLES:
        raise InvalidReason("reason_without_article", article=article[:10])
    if not remedy.strip():
        raise InvalidReason("reason_without_remedy", code=code)
    return {
        "id": str(number),
        "key": key,
        "code": code,
        "article": article or fault.article,
        "remedy": remedy.strip(),
        "text": text.strip(),
    }


def is_place(key: str) -> bool:
    """Whether a reason may be pinned to this key: a particular, a field of a group, a slot or the whole."""
    return key == WHOLE or is_particular(key) or is_slot(key)
