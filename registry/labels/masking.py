"""Personal values as pages show them by default: enough to recognise, too little to use."""

from __future__ import annotations

from registry.rules.particulars import AnswerKind

# Always this many, so that the mask does not tell the length of what it hides.
_STARS = "****"
_LONG_STARS = "***********"
# Enough of an address to tell province and city from each other.
_ADDRESS_START = 6


def mask_document_number(number: str) -> str:
    """Eighteen characters as 110***********1234; shorter ones keep their first and last two at most."""
    if len(number) == 18:
        return f"{number[:3]}{_LONG_STARS}{number[-4:]}"
    kept = min(2, len(number) // 4)
    return f"{number[:kept]}{_STARS}{number[len(number) - kept :]}"


def mask_phone(number: str) -> str:
    """A mobile or office phone with its four middle digits hidden: 199****0001."""
    if len(number) < 9:
        return f"{number[: len(number) // 4]}{_STARS}"
    return f"{number[:-8]}{_STARS}{number[-4:]}"


def mask_email(address: str) -> str:
    """The first character and the domain: z***@example.com."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***{at}{domain}" if at else mask_text(address)


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
