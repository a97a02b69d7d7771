"""The credit code that a filing begins with: what it says, and whether its organisation is registered already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.book.applicants import find_applicant, public_name_of
from registry.members.authority import membership_of
from registry.models import Account, Applicant
from registry.rules.particulars.applicant import ORGANISATION
from registry.rules.particulars.credit_code import ReadCode, read_credit_code


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """A registered organisation as this account may know it: it acts for it, or the public register lists it.

    `name` is that of the register; `is_own` says whether the account acts for it.
    """

    applicant: Applicant
    name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class StatedCode:
    """A credit code as it was read, and the registered organisation that it leads to."""

    read: ReadCode
    known: KnownOrganisation | None

    def answers(self, today: date) -> dict[str, Any]:
        """The answers of the applicant's section that the code gives."""
        given = {
            "nature": ORGANISATION,
            "document_type": self.read.document_type,
            "document_number": self.read.number,
            "organisation_type": self.read.organisation_type,
            "division_code": self.read.division(today),
        }
        return {name: answer for name, answer in given.items() if answer}


def read_stated_code(text: str, *, deviates: bool, account: Account, today: date) -> StatedCode:
    """Reads a code that was typed. Raises InvalidAnswer."""
    read = read_credit_code(text, deviates=deviates, today=today)
    given = {"nature": ORGANISATION, "document_type": read.document_type, "document_number": read.number}
    return StatedCode(read, known_organisation(given, account=account))


def known_organisation(given: Mapping[str, Any], *, account: Account) -> KnownOrganisation | None:
    """The registered organisation whose document an applicant's section states, if the account may know of it.

    An organisation that has applied and stands in no public list is as unknown to others as if it were not there: a
    form must not tell who has applied.
    """
    applicant = find_applicant(given)
    if applicant is None:
        return None
    if membership_of(account.pk, applicant.pk) is not None:
        return KnownOrganisation(applicant, applicant.name, is_own=True)
    name = public_name_of(applicant)
    return KnownOrganisation(applicant, name, is_own=False) if name else None
