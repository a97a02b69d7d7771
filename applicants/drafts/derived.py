"""Answers of a first filing that others give: they are filled in, shown as such, and can be corrected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from applicants.drafts.forms.section import Suggestion
from registry.models import Account
from registry.rules.particulars.applicant import INDIVIDUAL, ORGANISATION
from registry.rules.particulars.consistency.chains import usual_kind
from registry.rules.particulars.credit_code import credit_code_in
from registry.rules.particulars.materials import Materials, is_given, rows_of, value_of
from registry.rules.particulars.service_categories import CATEGORIES

FROM_THE_CODE = _("Read from the credit code. Change it if the licence says otherwise.")
FROM_THE_ACCOUNT = _("Taken from your account, where it is verified. Change it if another one is to be used.")
MOSTLY_SO = _("Filled in as it mostly is. Change it if it is another.")


def suggestions(materials: Materials, *, account: Account, today: date) -> dict[str, Suggestion]:
    """What other answers and the account give, by key, whether or not something else is answered there."""
    return {
        **_by_the_code(materials, today=today),
        **_by_the_account(materials, account),
        **_by_custom(materials),
    }


def with_derived(materials: Materials, *, account: Account, today: date) -> dict[str, Any]:
    """The materials with what follows from them, wherever nothing is answered.

    What is only usual is not among it: it counts once its page has been sent.
    """
    result: dict[str, Any] = dict(materials)
    given = {**_by_the_code(materials, today=today), **_by_the_account(materials, account)}
    for key, found in given.items():
        section, name = key.split(".")
        is_whole = key != "applicant.division_code" or found.answer == _division(materials, today)
        if is_whole and not is_given(value_of(result, key)):
            result[section] = {**result[section], name: found.answer}
    for category in CATEGORIES:
        section, name = category.main_chains_key.split(".")
        if rows := rows_of(result, category.main_chains_key):
            chains = [_with_kind(row, materials) for row in rows]
            result[section] = {**result[section], name: chains}
    return result


def _with_kind(row: Mapping[str, Any], materials: Materials) -> dict[str, Any]:
    """A main chain with the kind that it has by its name, or that the service states of its chain."""
    if is_given(row.get("kind")) or not is_given(row.get("chain")):
        return dict(row)
    kind = usual_kind(row) or value_of(materials, "service.chain_kind")
    return {**row, "kind": kind} if is_given(kind) else dict(row)


def _division(materials: Materials, today: date) -> str:
    read = credit_code_in(materials, today=today)
    return read.division(today) if read is not None else ""


def _by_the_code(materials: Materials, *, today: date) -> dict[str, Suggestion]:
    read = credit_code_in(materials, today=today)
    if read is None or value_of(materials, "applicant.nature") == INDIVIDUAL:
        return {}
    found = {"applicant.organisation_type": read.organisation_type, "applicant.division_code": read.place}
    return {key: Suggestion(answer, FROM_THE_CODE) for key, answer in found.items() if answer}


def _by_the_account(materials: Materials, account: Account) -> dict[str, Suggestion]:
    """The mobile and the mail address of an individual who files in person."""
    is_own = value_of(materials, "applicant.filed_by_agent") is False
    if value_of(materials, "applicant.nature") != INDIVIDUAL or not is_own:
        return {}
    found = {
        "mobile": account.mobile if account.mobile_verified_at is not None else "",
        "email": account.email if account.email_verified_at is not None else "",
    }
    return {
        f"person_in_charge.{name}": Suggestion(answer, FROM_THE_ACCOUNT)
        for name, answer in found.items()
        if answer
    }


def _by_custom(materials: Materials) -> dict[str, Suggestion]:
    found: dict[str, Any] = {"service.has_service_contact": False}
    if value_of(materials, "applicant.nature") == ORGANISATION:
        found["person_in_charge.document_type"] = "resident_id"
    if value_of(materials, "applicant.organisation_type") == "enterprise":
        found["person_in_charge.capacity"] = "legal_representative"
    return {key: Suggestion(answer, MOSTLY_SO, is_only_usual=True) for key, answer in found.items()}
