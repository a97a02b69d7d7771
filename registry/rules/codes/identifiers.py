"""Document numbers, telephone numbers and addresses: each function returns the canonical value.

A malformed text raises InvalidIdentifier with a code. Every text is measured first, then brought into
Unicode's compatibility form once (of web addresses only scheme and host), then matched as a whole, so that hostile
input costs nothing. Whether a number was ever issued is not checked.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from datetime import date
from typing import NoReturn

import phonenumbers
from stdnum.cn import ric, uscc

from registry.rules.codes.icp_numbers import (
    APP_LETTERS,
    MINI_PROGRAM_LETTERS,
    canonical_icp_number,
    canonical_program_number,
)
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.codes.web_addresses import canonical_url, host_name
from registry.rules.errors import InvalidIdentifier

MAXIMUM_EMAIL_LENGTH = 254

_NUMBER_TEXT_LENGTH = 60
_LOCAL_PART_LENGTH = 64

_FILLERS = frozenset({"Zs", "Zl", "Zp", "Cf"})
_PROVINCE_STARTS = frozenset(province.code[:2] for province in PROVINCES)
_RESIDENCE_PERMIT_STARTS = frozenset({"810000", "820000", "830000"})

# What may stand at each of the 18 places of a credit code; I, O, S, V and Z never do.
_IN_CREDIT_CODES = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_CREDIT_CODE_PLACES = (
    frozenset("123456789ANY"),
    _IN_CREDIT_CODES,
    *[frozenset("0123456789")] * 6,
    *[_IN_CREDIT_CODES] * 10,
)
_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]\Z")
_EARLIER_PERMANENT_RESIDENT_CARD = re.compile(r"[A-Z]{3}[0-9]{12}\Z")
_PASSPORT = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{5,9}\Z")
_HONG_KONG_MACAU_PERMIT = re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})\Z")
_TAIWAN_PERMIT = re.compile(r"(?:[0-9]{8}|[0-9]{10}[A-Z]?)\Z")
_TELEPHONE = re.compile(r"\+?[0-9]{3,20}\Z")
_TELEPHONE_WITH_EXTENSION = re.compile(
    r"(?P<number>\+?[0-9 ()-]{3,30}?)[ ]?(?:-|转|分机|#|;?ext[.=]?|x)[ ]?(?P<extension>[0-9]{1,6})\Z",
    re.IGNORECASE,
)
_MOBILES = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")


def unified_social_credit_code(text: str) -> str:
    """An organisation's credit code, 18 characters in capitals. Source: GB 32100-2015."""
    code = _credit_code_as_written(text)
    if uscc.calc_check_digit(code[:17]) != code[17]:
        _refuse("check_character", found=code[17])
    return code


def deviating_credit_code(text: str) -> str:
    """A credit code that a licence shows with a check character other than GB 32100-2015 asks for."""
    code = _credit_code_as_written(text)
    if uscc.calc_check_digit(code[:17]) == code[17]:
        _refuse("does_not_deviate")
    return code


def _credit_code_as_written(text: str) -> str:
    code = _document_number(text)
    _require_length(code, len(_CREDIT_CODE_PLACES))
    for number, (character, allowed) in enumerate(zip(code, _CREDIT_CODE_PLACES, strict=True), start=1):
        if character not in allowed:
            _refuse("characters", found=character, place=number)
    return code


def resident_id(text: str, today: date) -> str:
    """A resident's identity number, 18 characters, born on or before today. Source: GB 11643-1999.

    The division is not looked up beyond its province: numbers outlive the divisions they were issued in.
    """
    number = _resident_number(text, today)
    if number[:6] in _RESIDENCE_PERMIT_STARTS:
        _refuse("is_residence_permit")
    if number[:2] not in _PROVINCE_STARTS:
        _refuse("province_unknown", found=number[:2])
    return number


def residence_permit(text: str, today: date) -> str:
    """The number of a residence permit for residents of Hong Kong, Macao or Taiwan, 18 characters."""
    number = _resident_number(text, today)
    if number[:6] not in _RESIDENCE_PERMIT_STARTS:
        _refuse("not_a_residence_permit", found=number[:6])
    return number


def permanent_resident_card(text: str, today: date) -> str:
    """The number of a foreign permanent resident's ID card (外国人永久居留身份证), of either generation in use.

    Since December 2023 18 characters: 9, the province of issue, the nationality in three digits, then as in a
    resident's number. Before that 15: the nationality in three letters, the place of issue in four digits, the birth
    date in six, one digit, and the check digit of travel documents.

    Source: National Immigration Administration, machine-readable card of 2023; ICAO Doc 9303-3.
    """
    number = _document_number(text)
    if number[:1].isalpha():
        return _earlier_permanent_resident_card(number)
    number = _resident_number(text, today)
    if number[0] != "9":
        _refuse("not_a_permanent_resident_card", found=number[:1])
    if number[1:3] not in _PROVINCE_STARTS:
        _refuse("province_unknown", found=number[1:3])
    return number


def passport(text: str) -> str:
    """A passport number of any country: five to nine letters and digits, at least one digit."""
    number = _document_number(text)
    _require_length(number, 5, 9)
    if not _PASSPORT.match(number):
        _refuse("characters")
    return number


def hong_kong_macau_permit(text: str) -> str:
    """The number of a 港澳居民来往内地通行证: H or M with 8 digits, or with 10 on older cards."""
    number = _document_number(text)
    _require_length(number, 9, 11)
    if not _HONG_KONG_MACAU_PERMIT.match(number):
        _refuse("characters")
    return number


def taiwan_permit(text: str) -> str:
    """The number of a 台湾居民来往大陆通行证: 8 digits, or 10 and a letter on older ones."""
    number = _document_number(text)
    _require_length(number, 8, 11)
    if not _TAIWAN_PERMIT.match(number):
        _refuse("characters")
    return number


def mobile(text: str) -> str:
    """A mobile number in the form +8613800138000; one from outside the mainland is written with its country code."""
    number = re.sub(r"[ ()-]", "", _plain_number(text))
    if not _TELEPHONE.match(number):
        _refuse("characters")
    parsed = _parse_telephone(number)
    # Of some countries' numbers nobody can tell by the number whether they are mobiles.
    if parsed is None or phonenumbers.number_type(parsed) not in _MOBILES:
        _refuse("not_a_mobile")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def office_phone(text: str) -> str:
    """An office telephone number as +86 10 1234 5678, with "ext. 801" when it has an extension.

    Mainland numbers are written with their area code; others with + and the country's code.
    """
    plain = _plain_number(text)
    if not plain:
        _refuse("empty")
    number = re.sub(r"[ ()-]", "", plain)
    parsed = _parse_telephone(number) if _TELEPHONE.match(number) else None
    if parsed is None:
        split = _TELEPHONE_WITH_EXTENSION.match(plain)
        if split is None:
            _refuse("not_a_telephone_number")
        parsed = _parse_telephone(re.sub(r"[ ()-]", "", split["number"]))
        if parsed is None:
            _refuse("not_a_telephone_number")
        parsed.extension = split["extension"]
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def email(text: str) -> str:
    """An e-mail address, its domain in lower case and, for other scripts, in its ASCII form."""
    address = _plain(text, MAXIMUM_EMAIL_LENGTH)
    local, separator, domain = address.rpartition("@")
    if not separator:
        _refuse("at_sign_missing")
    if len(local) > _LOCAL_PART_LENGTH or not _LOCAL_PART.match(local):
        _refuse("local_part")
    return f"{local}@{host_name(domain)}"


def icp_number(text: str) -> str:
    """A website's ICP number: 京ICP备12345678号-1, 京ICP证030173号 or 京B2-20201234."""
    return canonical_icp_number(_icp_text(text))


def app_filing_number(text: str) -> str:
    """The filing number of an app: 京ICP备12345678号-2A."""
    return canonical_program_number(_icp_text(text), letters=APP_LETTERS)


def mini_program_filing_number(text: str) -> str:
    """The filing number of a mini-program or quick app: 京ICP备12345678号-3X, 京ICP备12345678号-4K."""
    return canonical_program_number(_icp_text(text), letters=MINI_PROGRAM_LETTERS)


def url(text: str) -> str:
    """A web address with http or https and a public host; path and query stay as they are."""
    return canonical_url(text)


def ip_address(text: str) -> str:
    """An IPv4 or IPv6 address in its shortest form; `is_public_address` tells private ones apart."""
    return str(_parse_ip_address(text))


def is_public_address(text: str) -> bool:
    """Whether an address can be reached from the public internet. Raises InvalidIdentifier."""
    return _parse_ip_address(text).is_global


def _refuse(code: str, **facts: object) -> NoReturn:
    raise InvalidIdentifier(code, **facts)


def _plain(text: str, maximum_length: int) -> str:
    """The text in its compatibility form, without outer white space and invisible characters."""
    text = text.strip()
    if len(text) > maximum_length:
        _refuse("too_long", maximum=maximum_length, found=len(text))
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > maximum_length:
        _refuse("too_long", maximum=maximum_length, found=len(plain))
    plain = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    if not plain:
        _refuse("empty")
    return plain


def _plain_number(text: str) -> str:
    plain = _plain(text, _NUMBER_TEXT_LENGTH)
    spaced = (" " if unicodedata.category(character) in _FILLERS else character for character in plain)
    return "".join("-" if unicodedata.category(character) == "Pd" else character for character in spaced)


def _icp_text(text: str) -> str:
    written = _plain_number(text)
    if not written.strip():
        _refuse("empty")
    return written


def _document_number(text: str) -> str:
    number = re.sub(r"[ -]", "", _plain_number(text)).upper()
    if not number:
        _refuse("empty")
    return number


def _require_length(number: str, shortest: int, longest: int | None = None) -> None:
    longest = shortest if longest is None else longest
    if not shortest <= len(number) <= longest:
        _refuse("length", shortest=shortest, longest=longest, found=len(number))


def _resident_number(text: str, today: date) -> str:
    number = _document_number(text)
    _require_length(number, 18)
    if not _RESIDENT_ID.match(number):
        _refuse("characters")
    if ric.calc_check_digit(number) != number[17]:
        _refuse("check_character", found=number[17])
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        _refuse("birth_date", found=number[6:14])
    if born_on > today:
        _refuse("birth_date_in_future", found=born_on.isoformat())
    return number


def _earlier_permanent_resident_card(number: str) -> str:
    _require_length(number, 15)
    if not _EARLIER_PERMANENT_RESIDENT_CARD.match(number):
        _refuse("characters")
    if number[3:5] not in _PROVINCE_STARTS:
        _refuse("province_unknown", found=number[3:5])
    try:
        # The year has two digits; every day there is in either century is one in 2000, a leap year.
        date(2000, int(number[9:11]), int(number[11:13]))
    except ValueError:
        _refuse("birth_date", found=number[7:13])
    values = (int(character, 36) for character in number[:14])
    check = sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10
    if str(check) != number[14]:
        _refuse("check_character", found=number[14])
    return number


def _parse_telephone(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def _parse_ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = _plain(text, _NUMBER_TEXT_LENGTH)
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        _refuse("not_an_ip_address")
