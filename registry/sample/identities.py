"""Identity codes of invented applicants: formally valid, yet recognisable as samples."""

from __future__ import annotations

from stdnum.cn import ric, uscc

from registry.rules.codes.countries import countries

_ORGANISATION_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CODE_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_REGISTRAR_BY_TYPE = {
    "enterprise": "91",
    "state_organ": "11",
    "public_institution": "12",
    "social_organisation": "51",
    "other": "92",
}


def sample_credit_code(*, seed: int, organisation_type: str, division_code: str) -> str:
    """A credit code with a valid check character (GB 32100) around an organisation code MA00…."""
    body = f"MA00{seed % 10_000:04d}"
    total = sum(
        _ORGANISATION_CODE_DIGITS.index(character) * weight
        for character, weight in zip(body, _ORGANISATION_CODE_WEIGHTS, strict=True)
    )
    check = "0123456789X0"[11 - total % 11]
    first_seventeen = f"{_REGISTRAR_BY_TYPE[organisation_type]}{division_code}{body}{check}"
    return first_seventeen + str(uscc.calc_check_digit(first_seventeen))


def sample_resident_id(*, seed: int) -> str:
    """A resident ID with a valid check character, always of Dongcheng (东城区) and a 1 January."""
    body = f"110101{1970 + seed // 1000 % 30}0101{seed % 1000:03d}"
    # The library expects a placeholder for the check character.
    return body + str(ric.calc_check_digit(f"{body}0"))


def sample_personal_number(document_type: str, *, seed: int) -> str:
    """A formally valid number for any identity document of a person."""
    match document_type:
        case "resident_id":
            return sample_resident_id(seed=seed)
        case "hong_kong_macau_permit":
            return f"H9900{seed % 10_000:04d}"
        case "taiwan_permit":
            return f"9900{seed % 10_000:04d}"
        case "hong_kong_macau_residence_permit":
            return _residence_permit("810000", seed=seed)
        case "taiwan_residence_permit":
            return _residence_permit("830000", seed=seed)
        case "foreign_permanent_resident_card":
            return _permanent_resident_card(seed=seed)
    return f"X9900{seed % 10_000:04d}"


def sample_nationality(*, seed: int) -> str:
    """The country of a sample passport."""
    return sorted(countries())[seed % len(countries())]


def _residence_permit(start: str, *, seed: int) -> str:
    body = f"{start}{1970 + seed // 1000 % 30}0101{seed % 1000:03d}"
    return body + str(ric.calc_check_digit(f"{body}0"))


def _permanent_resident_card(*, seed: int) -> str:
    """A card of Beijing; 999 is no country's number."""
    body = f"911999{1970 + seed // 1000 % 30}0101{seed % 1000:03d}"
    return body + str(ric.calc_check_digit(f"{body}0"))


def sample_mobile(*, seed: int) -> str:
    """A mobile number of the form 1990000xxxx, which marks samples."""
    return f"1990000{seed % 10_000:04d}"
