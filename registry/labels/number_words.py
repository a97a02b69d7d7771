"""Why a text cannot be a filing number, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from registry.rules.codes.other_numbers import OtherNumber, OtherRegister

_WHY_NOT: Mapping[str, Promise] = {
    "empty": gettext_lazy("Nothing was typed."),
    "prefix_unknown": gettext_lazy(
        "A filing number begins with the abbreviation of a province and 网信备; this one begins with “%(found)s”."
    ),
    "prefix_mismatch": gettext_lazy(
        "The number begins with “%(found)s”, but the division code %(division_code)s after it "
        "belongs to “%(expected)s”."
    ),
    "length": gettext_lazy(
        "Between 网信备 and 号 a filing number has %(expected)s characters; this one has %(found)s."
    ),
    "characters": gettext_lazy(
        "Character %(position)s after 网信备 is “%(found)s”. "
        "Only digits may stand there; the last character may also be X."
    ),
    "division_unknown_province": gettext_lazy(
        "The first six digits, %(division_code)s, are no division code of any province."
    ),
    "check_character": gettext_lazy(
        "Its check character is wrong. The last character of every filing number is computed from the digits before "
        "it, and “%(found)s” does not fit them: at least one character is mistyped, or the number was made up."
    ),
    "year": gettext_lazy(
        "Digits 7 and 8 stand for the year %(found)s, and the first numbers were issued in %(earliest)s."
    ),
    "sequence": gettext_lazy("Digits 17 to 19 count an applicant's services from 001; these are %(found)s."),
}


def why_not(code: str, facts: Mapping[str, Any]) -> str:
    """The sentence for the test of `registry.rules.codes.filing_number` that a text failed."""
    return str(_WHY_NOT[code]) % facts


_OTHER_REGISTERS: Mapping[OtherRegister, Promise] = {
    OtherRegister.ICP: gettext_lazy(
        "%(number)s is the ICP number of a website, which the communications authorities give. A filing number has "
        "网信备 in it: search for the name of the service or the address of its site instead."
    ),
    OtherRegister.TELECOM_LICENCE: gettext_lazy(
        "%(number)s is a licence of the communications authorities. A filing number has 网信备 in it: search for the "
        "name of the service or of its provider instead."
    ),
    OtherRegister.POLICE: gettext_lazy(
        "%(number)s is the number under which a site is registered with the police. A filing number has 网信备 in it: "
        "search for the name of the service or the address of its site instead."
    ),
    OtherRegister.ALGORITHM: gettext_lazy(
        "%(number)s is the number of an algorithm filing. A filing of a blockchain service has 网信备 in its number: "
        "search for the name of the service instead."
    ),
}


def what_it_is(other: OtherNumber) -> str:
    """The sentence that says what a number of another register is."""
    return str(_OTHER_REGISTERS[other.register]) % {"number": other.number}
