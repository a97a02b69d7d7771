"""What an organisation's credit code says of itself: its document, the sort of organisation, and its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.rules.codes.jurisdictions import deepest_in_force, is_registrable
from registry.rules.particulars.applicant import CREDIT_CODE, DEVIATING_CREDIT_CODE
from registry.rules.particulars.gaps import InvalidAnswer
from registry.rules.particulars.materials import Materials, value_of
from registry.rules.particulars.values import document_number

# The first two characters name the registrar and the sort of organisation (GB 32100-2015). Where organisations of
# several types have codes that begin alike, nothing is read.
_TYPES = {
    "11": "state_organ",
    "12": "public_institution",
    "13": "social_organisation",
    "51": "social_organisation",
    "52": "social_organisation",
    "53": "social_organisation",
    "81": "social_organisation",
    "91": "enterprise",
}


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A credit code in canonical form, and what it says.

    `place` is the deepest place in force of the registrar's division: a registrable one, or one to choose a place in.
    What the code does not say is empty.
    """

    number: str
    document_type: str
    organisation_type: str
    place: str

    def division(self, today: date) -> str:
        """The place of registration, where the code names one to the end; otherwise empty."""
        return self.place if is_registrable(self.place, today) else ""


def read_credit_code(text: str, *, deviates: bool, today: date) -> ReadCode:
    """Reads a credit code; `deviates` declares that its check character deviates. Raises InvalidAnswer."""
    document_type = DEVIATING_CREDIT_CODE if deviates else CREDIT_CODE
    number = document_number(text.strip(), document_type=document_type, today=today)
    return ReadCode(number, document_type, _TYPES.get(number[:2], ""), deepest_in_force(number[2:8], today))


def credit_code_in(materials: Materials, *, today: date) -> ReadCode | None:
    """What the credit code of these materials says; None where they have none, or a wrong one."""
    document_type = value_of(materials, "applicant.document_type")
    number = value_of(materials, "applicant.document_number")
    if document_type not in (CREDIT_CODE, DEVIATING_CREDIT_CODE) or not isinstance(number, str):
        return None
    try:
        return read_credit_code(number, deviates=document_type == DEVIATING_CREDIT_CODE, today=today)
    except InvalidAnswer:
        return None
