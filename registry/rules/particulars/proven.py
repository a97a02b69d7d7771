"""What software proves of an answer by itself, and what speaks against an answer.

Proven is what no document could show better: that a credit code is one, what it says of its organisation, the order of
days, and that a number reaches what the law asks. Whether a well-formed number, name or address is the applicant's own
is seen from its documents, so an office looks at those.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from registry.rules.particulars.applicant import DEVIATING_CREDIT_CODE, ORGANISATION
from registry.rules.particulars.catalogue import particulars
from registry.rules.particulars.consistency.catalogue import find_contradictions
from registry.rules.particulars.consistency.definitions import Severity
from registry.rules.particulars.contradictions import CONTRADICTIONS, FIRST_BLOCK_ON
from registry.rules.particulars.credit_code import credit_code_in
from registry.rules.particulars.evidence import former_proofs
from registry.rules.particulars.gaps import Gap
from registry.rules.particulars.materials import Materials, date_of, value_of
from registry.rules.particulars.service import LOG_RETENTION_MINIMUM_MONTHS
from registry.rules.particulars.transformations import changed_keys


class Proof(StrEnum):
    """By what an answer is proven."""

    CHECK_CHARACTER = "check_character"
    CODE_SAYS_SO = "code_says_so"
    PLACE_IN_CODE = "place_in_code"
    ORDER_OF_DAYS = "order_of_days"
    LEGAL_MINIMUM = "legal_minimum"


def proofs_in(materials: Materials, *, on: date) -> dict[str, Proof]:
    """The particulars that software proves as of a day, each with what proves it, in the order of the forms.

    A credit code whose check character deviates is declared by the applicant: software proves nothing of it
    (GB 32100-2015). Nothing is proven of what the answers do not ask for.
    """
    found = dict([*_by_credit_code(materials, on).items(), *_by_days(materials, on).items()])
    months = value_of(materials, "service.log_retention_months")
    if type(months) is int and months >= LOG_RETENTION_MINIMUM_MONTHS:
        found["service.log_retention_months"] = Proof.LEGAL_MINIMUM
    asked = [each.key for each in particulars() if each.applies(materials)]
    return {key: found[key] for key in asked if key in found}


def _by_credit_code(materials: Materials, on: date) -> Mapping[str, Proof]:
    code = credit_code_in(materials, today=on)
    if code is None or code.document_type == DEVIATING_CREDIT_CODE:
        return {}
    found = {
        "applicant.document_type": Proof.CHECK_CHARACTER,
        "applicant.document_number": Proof.CHECK_CHARACTER,
    }
    if value_of(materials, "applicant.nature") == ORGANISATION:
        found["applicant.nature"] = Proof.CODE_SAYS_SO
    if code.organisation_type and code.organisation_type == value_of(
        materials, "applicant.organisation_type"
    ):
        found["applicant.organisation_type"] = Proof.CODE_SAYS_SO
    place = code.division(on)
    if place and place == value_of(materials, "applicant.division_code"):
        found["applicant.division_code"] = Proof.PLACE_IN_CODE
    return found


def _by_days(materials: Materials, on: date) -> Mapping[str, Proof]:
    found = {}
    started_on = date_of(value_of(materials, "service.service_started_on"))
    if started_on is not None and FIRST_BLOCK_ON <= started_on <= on:
        found["service.service_started_on"] = Proof.ORDER_OF_DAYS
    expires_on = date_of(value_of(materials, "applicant.authority_expires_on"))
    if expires_on is not None and on <= expires_on:
        found["applicant.authority_expires_on"] = Proof.ORDER_OF_DAYS
    return found


def doubted_keys(materials: Materials, *, on: date, before: Materials | None = None) -> frozenset[str]:
    """The particulars and slots that a contradiction is about as of a day, whether or not it was answered.

    With `before`, what a change would replace, a contradiction between answers that the change leaves as they were
    stood at the last check as well and does not count; one with the law or the day does.
    """
    gaps = [gap for contradiction in CONTRADICTIONS for gap in contradiction(materials, on)]
    changed = frozenset(changed_keys(before, materials)) if before is not None else None
    doubted: set[str] = set()
    for severity in Severity:
        versions = () if before is None else (before,)
        for each in find_contradictions(materials, today=on, severity=severity, versions=versions):
            compared = {*each.rule.compares, _whole(each.found.key)}
            if changed is None or compared & changed:
                doubted |= compared
    if before is not None:
        gaps += former_proofs(before, materials)
    return frozenset(doubted | {gap.particular_key for gap in gaps})


def _whole(key: str) -> str:
    """The particular that a key is of: "service.websites" for a field in its rows."""
    return Gap(key, "").particular_key
