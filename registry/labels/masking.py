"""Personal values as pages show them by default: enough to recognise, too little to use."""

from __future__ import annotations

import re
import unicodedata

from registry.rules.particulars import AnswerKind

# Always this many, so that the mask does not tell the length of what it hides.
_STARS = "****"
_LONG_STARS = "***********"
# Enough of an address to tell province and city from each other.
_ADDRESS_START = 6
# A telephone number: its area at the beginning, digits that are always hidden, its last digits.
_AREA_DIGITS, _HIDDEN_DIGITS, _LAST_DIGITS = 4, 4, 4
_FULL_NUMBER = _HIDDEN_DIGITS + _LAST_DIGITS + 1

_TELEPHONE = re.compile(r"\+?[0-9 ()-]+\Z")
_COUNTRY = re.compile(r"(?:\+|00)(?:86|[0-9]{1,3})")
_EXTENSION = re.compile(
    r"(?P<number>\+?[0-9 ()-]{3,40}?)[ ,;]*(?:-|转|轉|分机|#|ext[.=:]?|extension|x)[ ]*[0-9]{1,6}\Z",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^@\s]+@[\w-]+(?:\.[\w-]+)+\Z")


def mask_document_number(number: str) -> str:
    """Eighteen characters as 110***********1234; shorter ones keep their first and last two at most."""
    if len(number) == 18:
        return f"{number[:3]}{_LONG_STARS}{number[-4:]}"
    kept = min(2, len(number) // 4)
    return f"{number[:kept]}{_STARS}{number[len(number) - kept :]}"


def mask_phone(number: str) -> str:
    """A mobile or office phone by its country and area and its last four digits: 199****0001.

    Of the digits before the hidden ones at most four are shown, beside the country's code. An extension is left out.
    """
    written = unicodedata.normalize("NFKC", number).strip()
    extended = _EXTENSION.match(written)
    if extended is not None and len(_digits_of(extended["number"])) >= _FULL_NUMBER:
        written = extended["number"]
    if not _TELEPHONE.match(written):
        return mask_text(number)
    digits = _digits_of(written)
    if len(digits) < _FULL_NUMBER:
        return f"{digits[: len(digits) // 4]}{_STARS}"
    country = _COUNTRY.match(written)
    most = _AREA_DIGITS + (len(_digits_of(country[0])) if country is not None else 0)
    shown = min(len(digits) - _HIDDEN_DIGITS - _LAST_DIGITS, most)
    end = [place for place, character in enumerate(written) if character.isdigit()][shown]
    head = written[:end]
    if " " not in head.rstrip():
        head = head.rstrip()
    return f"{head}{_STARS}{digits[-_LAST_DIGITS:]}"


def mask_email(address: str) -> str:
    """The first character and the domain: z***@example.com; of a single character nothing."""
    name, _at, domain = address.rpartition("@")
    if not _EMAIL.match(address):
        return mask_text(address)
    return f"{name[:1] if len(name) > 1 else ''}***@{domain}"


def mask_text(text: str) -> str:
    """The beginning of a private address or another free text, at most a quarter of it."""
    return f"{text[: min(_ADDRESS_START, len(text) // 4)]}{_STARS}"


def mask(value: str, kind: AnswerKind) -> str:
    """The value as it may be shown without a reason, by the kind of its particular."""
    match kind:
        case AnswerKind.DOCUMENT_NUMBER:
            return mask_document_number(value)
        case AnswerKind.MOBILE | AnswerKind.PHONE:
            return mask_phone(value)
        case AnswerKind.EMAIL:
            return mask_email(value)
    return mask_text(value)


def _digits_of(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
