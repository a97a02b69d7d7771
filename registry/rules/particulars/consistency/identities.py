"""Who files and who answers: codes, documents and names that cannot belong to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from registry.rules.codes.jurisdictions import PROVINCES, province_code_of
from registry.rules.particulars.applicant import INDIVIDUAL, ORGANISATION, ORGANISATION_DOCUMENT_TYPES
from registry.rules.particulars.consistency.definitions import Found, Stated, error, question
from registry.rules.particulars.materials import Materials, value_of

_FULL_AGE = 18
# From this age a person who lives on work of his or her own counts as fully capable (Civil Code, Art. 18).
_WORKING_AGE = 16

# The first two characters of a credit code name its registrar and the sort of organisation (GB 32100-2015): the types
# that an organisation with such a code cannot be.
_OTHER_TYPES = {
    "11": ("enterprise",),
    "12": ("enterprise", "social_organisation"),
    "13": ("enterprise", "public_institution"),
    "51": ("enterprise", "state_organ", "public_institution"),
    "52": ("enterprise", "state_organ", "public_institution"),
    "53": ("enterprise", "state_organ", "public_institution"),
    "81": ("enterprise", "state_organ", "public_institution"),
    "91": ("state_organ", "public_institution", "social_organisation"),
    "92": ("state_organ", "public_institution", "social_organisation"),
    "93": ("state_organ", "public_institution", "social_organisation"),
}
_KNOWN_PROVINCES = {province.code for province in PROVINCES}
# The documents whose 18 characters hold the day of birth.
_WITH_DAY_OF_BIRTH = (
    "resident_id",
    "hong_kong_macau_residence_permit",
    "taiwan_residence_permit",
    "foreign_permanent_resident_card",
)
_NUMBER_WITH_DAY = re.compile(
    r"[0-9]{6}(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[0-9]{3}[0-9X]\Z"
)
_NAMES_OF_PERSONS = ("person_in_charge.name", "applicant.agent_name", "service.service_contact_name")


@error("applicant.document_number", "applicant.organisation_type")
def credit_code_fits_organisation_type(stated: Stated) -> Iterator[Found]:
    """A credit code begins with the sort of organisation it was given to."""
    code, kind = _credit_code(stated.materials), value_of(stated.materials, "applicant.organisation_type")
    if kind in _OTHER_TYPES.get(code[:2], ()):
        facts = {"begins_with": code[:2], "organisation_type": kind}
        yield Found("applicant.document_number", facts)


@question("applicant.document_number", "applicant.division_code", basis="3")
def credit_code_is_of_the_place_of_registration(stated: Stated) -> Iterator[Found]:
    """A credit code holds the place of its registrar; an organisation that moved keeps its code."""
    of_code = f"{_credit_code(stated.materials)[2:4]}0000"
    of_place = province_code_of(value_of(stated.materials, "applicant.division_code"))
    if of_code in _KNOWN_PROVINCES and of_place and of_code != of_place:
        facts = {"province_of_code": of_code, "province_of_place": of_place}
        yield Found("applicant.division_code", facts)


@error("person_in_charge.document_number", "person_in_charge.document_type")
def person_in_charge_is_old_enough(stated: Stated) -> Iterator[Found]:
    """Nobody under 16 can act for an organisation (Civil Code, Art. 18 to 20)."""
    age = _age(stated, "person_in_charge")
    if _is_organisation(stated.materials) and age is not None and age < _WORKING_AGE:
        yield Found("person_in_charge.document_number", {"years": _WORKING_AGE})


@question("person_in_charge.document_number", "person_in_charge.document_type")
def person_in_charge_is_of_age(stated: Stated) -> Iterator[Found]:
    """Whoever answers for a service is of age; at 16, a person who lives on work of his or her own may."""
    age = _age(stated, "person_in_charge")
    if _is_organisation(stated.materials) and age is not None and _WORKING_AGE <= age < _FULL_AGE:
        yield Found("person_in_charge.document_number", {"years": _FULL_AGE})


@question("applicant.document_number", "applicant.document_type")
def individual_is_of_age(stated: Stated) -> Iterator[Found]:
    """An individual who files is of age, or somebody acts for him or her."""
    age = _age(stated, "applicant")
    is_individual = value_of(stated.materials, "applicant.nature") == INDIVIDUAL
    if is_individual and age is not None and age < _FULL_AGE:
        yield Found("applicant.document_number", {"years": _FULL_AGE})


@error("applicant.name")
def applicant_name_has_letters(stated: Stated) -> Iterator[Found]:
    """A name has letters."""
    yield from _without_letters(stated.materials, "applicant.name")


@error("person_in_charge.name")
def person_in_charge_name_has_letters(stated: Stated) -> Iterator[Found]:
    """A name has letters."""
    yield from _without_letters(stated.materials, "person_in_charge.name")


@error("applicant.agent_name")
def agent_name_has_letters(stated: Stated) -> Iterator[Found]:
    """A name has letters."""
    yield from _without_letters(stated.materials, "applicant.agent_name")


@error("service.service_contact_name")
def contact_name_has_letters(stated: Stated) -> Iterator[Found]:
    """A name has letters."""
    yield from _without_letters(stated.materials, "service.service_contact_name")


@error("service.service_name")
def service_name_has_letters(stated: Stated) -> Iterator[Found]:
    """A name has letters."""
    yield from _without_letters(stated.materials, "service.service_name")


@question("person_in_charge.name")
def person_in_charge_name_has_no_digits(stated: Stated) -> Iterator[Found]:
    """No identity document writes digits in a person's name."""
    yield from _with_digits(stated.materials, "person_in_charge.name")


@question("applicant.agent_name")
def agent_name_has_no_digits(stated: Stated) -> Iterator[Found]:
    """No identity document writes digits in a person's name."""
    yield from _with_digits(stated.materials, "applicant.agent_name")


RULES = (
    credit_code_fits_organisation_type,
    credit_code_is_of_the_place_of_registration,
    person_in_charge_is_old_enough,
    person_in_charge_is_of_age,
    individual_is_of_age,
    applicant_name_has_letters,
    person_in_charge_name_has_letters,
    agent_name_has_letters,
    contact_name_has_letters,
    service_name_has_letters,
    person_in_charge_name_has_no_digits,
    agent_name_has_no_digits,
)


def _is_organisation(materials: Materials) -> bool:
    return bool(value_of(materials, "applicant.nature") == ORGANISATION)


def _credit_code(materials: Materials) -> str:
    """The applicant's credit code, in capitals; empty where it has none."""
    number = value_of(materials, "applicant.document_number")
    is_code = value_of(materials, "applicant.document_type") in ORGANISATION_DOCUMENT_TYPES
    return number.strip().upper() if is_code and isinstance(number, str) else ""


def _age(stated: Stated, section: str) -> int | None:
    """The age of the person that a document names, in years; None where its number does not hold the day of birth."""
    number = value_of(stated.materials, f"{section}.document_number")
    if value_of(stated.materials, f"{section}.document_type") not in _WITH_DAY_OF_BIRTH:
        return None
    written = _NUMBER_WITH_DAY.match(number.strip().upper()) if isinstance(number, str) else None
    if written is None:
        return None
    try:
        born_on = date(int(written["year"]), int(written["month"]), int(written["day"]))
    except ValueError:
        return None
    is_before_birthday: bool = (stated.today.month, stated.today.day) < (born_on.month, born_on.day)
    return stated.today.year - born_on.year - is_before_birthday


def _without_letters(materials: Materials, key: str) -> Iterator[Found]:
    name = value_of(materials, key)
    if isinstance(name, str) and name.strip() and not any(character.isalpha() for character in name):
        yield Found(key)


def _with_digits(materials: Materials, key: str) -> Iterator[Found]:
    name = value_of(materials, key)
    if not isinstance(name, str) or not any(character.isalpha() for character in name):
        return
    if any(character.isdecimal() for character in name):
        yield Found(key)
