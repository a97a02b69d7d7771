"""Telephone numbers as people of the page's language write them: the mainland's without its code in Chinese."""

from __future__ import annotations

import phonenumbers
from django.utils.translation import get_language

_MAINLAND = 86


def telephone(number: str) -> str:
    """A number that is kept with its country's code, as the page writes it; any other text as it is.

    In Chinese 138 0013 8000, 010-12345678, 400-123-4567 and 010-12345678 转 801 for numbers of the mainland; in English
    +86 138 0013 8000 and +86 10 1234 5678 ext. 801. Numbers of elsewhere have their country's code in both.
    """
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    international = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    is_chinese = (get_language() or "").startswith("zh")
    plain, _ext, extension = international.partition(" ext. ")
    if not is_chinese:
        return international
    if parsed.country_code == _MAINLAND:
        plain = _of_the_mainland(parsed, plain.partition(" ")[2])
    return f"{plain} 转 {extension}" if extension else plain


def _of_the_mainland(parsed: phonenumbers.PhoneNumber, groups: str) -> str:
    kind = phonenumbers.number_type(parsed)
    if kind == phonenumbers.PhoneNumberType.FIXED_LINE:
        area, _blank, rest = groups.partition(" ")
        return f"0{area}-{rest.replace(' ', '')}" if rest else groups
    return groups if kind == phonenumbers.PhoneNumberType.MOBILE else groups.replace(" ", "-")
