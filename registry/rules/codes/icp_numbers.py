"""ICP numbers and telecommunications licences, with the letters of the communications administrations.

Another ministry gives them out than filing numbers, and under letters of its own: ICP numbers of Sichuan begin with 蜀
and those of Gansu with 陇, while licences of Sichuan begin with 川. Hong Kong, Macao and Taiwan have neither.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn

from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.errors import InvalidIdentifier
from registry.rules.search_form import plain_characters

ICP_LETTERS = frozenset("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀黔滇藏陕陇青宁新")
# Short names of provinces that begin no ICP number, each with the letter that does.
_LETTER_FOR: Mapping[str, str] = MappingProxyType(
    {"川": "蜀", "甘": "陇", "贵": "黔", "云": "滇", "秦": "陕"}
)
# Licences follow other short names in these provinces, beside the letter of ICP numbers.
LICENCE_LETTERS = ICP_LETTERS | frozenset("川甘贵")
# What ends the number of a program; that of a website ends with its serial alone.
APP_LETTERS = frozenset("A")
# X for mini-programs, K for quick apps.
MINI_PROGRAM_LETTERS = frozenset("XK")
_PROVINCE_BY_LETTER: Mapping[str, str] = MappingProxyType(
    {province.abbreviation: province.code for province in PROVINCES}
    | dict.fromkeys("蜀川", "510000")
    | dict.fromkeys("黔贵", "520000")
    | dict.fromkeys("滇云", "530000")
    | dict.fromkeys("陕秦", "610000")
    | dict.fromkeys("陇甘", "620000")
)
_NATIONWIDE = frozenset({"", "合字"})

_LABEL = re.compile(r"\A[^:]{0,14}(?:号码?|证|备案|信息):")
_ICP_NUMBER = re.compile(
    r"(?P<letter>[^\x00-\x7f]?)ICP(?P<kind>[备证])(?P<serial>[0-9]{6,10}X?)"
    r"(?:号?(?:-(?P<site>[0-9]{1,6}[A-Z]?))?|-(?P<site_before>[0-9]{1,6}[A-Z]?)号)\Z"
)
# One licence may cover several services.
_LICENCE = re.compile(
    r"(?P<letter>合字|[^\x00-\x7f]?)(?:ICP证)?"
    r"(?P<number>[AB][12](?:\.[AB][12]){0,5}-[0-9]{8}(?:-[0-9]{1,6}[A-Z]?)?)号?\Z"
)


def canonical_icp_number(text: str) -> str:
    """The ICP number of a site as its register writes it, or the number of a licence.

    A label before it, as at the foot of a site, goes. Raises InvalidIdentifier: icp_letter_differs with the letter
    that is expected, otherwise not_an_icp_number.
    """
    written = plain_characters(text).upper().replace(" ", "")
    written = _LABEL.sub("", written).replace(":", "")
    if (licence := _LICENCE.match(written)) is not None:
        if licence["letter"] not in LICENCE_LETTERS | _NATIONWIDE:
            _refuse_letter(licence["letter"])
        return f"{licence['letter']}{licence['number']}"
    if (number := _ICP_NUMBER.match(written)) is None:
        raise InvalidIdentifier("not_an_icp_number")
    if number["letter"] not in (ICP_LETTERS if number["kind"] == "备" else LICENCE_LETTERS):
        _refuse_letter(number["letter"])
    site = number["site"] or number["site_before"]
    return f"{number['letter']}ICP{number['kind']}{number['serial']}号" + (f"-{site}" if site else "")


def canonical_program_number(text: str, *, letters: frozenset[str]) -> str:
    """The ICP number of an app or a mini-program, which ends with one of these letters.

    Raises InvalidIdentifier: number_of_website or number_of_other_program for one that is another's, number_of_subject
    for one without a serial after it, otherwise as `canonical_icp_number`.
    """
    number = canonical_icp_number(text)
    if "ICP备" not in number:
        raise InvalidIdentifier("not_an_icp_number")
    _subject, _dash, serial = number.partition("-")
    if not serial:
        raise InvalidIdentifier("number_of_subject")
    if serial[-1] not in letters:
        code = "number_of_website" if serial[-1].isdigit() else "number_of_other_program"
        raise InvalidIdentifier(code, found=serial[-1])
    return number


def _refuse_letter(letter: str) -> NoReturn:
    if letter in _LETTER_FOR:
        raise InvalidIdentifier("icp_letter_differs", found=letter, expected=_LETTER_FOR[letter])
    raise InvalidIdentifier("not_an_icp_number", found=letter)


def province_code_of_icp_number(text: str) -> str:
    """The code of the province that an ICP number or a licence was given in; empty for any other text."""
    try:
        number = canonical_icp_number(text)
    except InvalidIdentifier:
        return ""
    return _PROVINCE_BY_LETTER.get(number[:1], "")
