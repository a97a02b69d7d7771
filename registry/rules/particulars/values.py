"""Checks one answer against its particular and returns its canonical value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from registry.rules.codes import filing_number, identifiers, jurisdictions
from registry.rules.errors import InvalidIdentifier, NotAFilingNumber
from registry.rules.particulars.catalogue import particulars
from registry.rules.particulars.definitions import AnswerKind, Particular
from registry.rules.particulars.gaps import UNPRINTABLE, InvalidAnswer
from registry.rules.particulars.materials import Materials, date_of, is_given, value_of
from registry.rules.printable import code_point, unprintable
from registry.rules.visible_text import clean_unless_empty, is_visible

Lists = Mapping[str, frozenset[str]]

# Faults of identifiers that are gaps of their own, with their facts.
_FAULTS_WITH_OWN_WORDS = frozenset(
    {"icp_letter_differs", "several_addresses", "trailing_punctuation", "private_address"}
)
FREE_TEXT = frozenset({AnswerKind.TEXT, AnswerKind.LONG_TEXT})
# So many characters may stand in a pasted text for each that may remain; more is not looked at.
_MOST_PASTED = 8


def allowed_choices(particular: Particular, lists: Lists) -> frozenset[str]:
    """The codes that may be chosen: fixed, or what the list holds now, and the extra ones."""
    if isinstance(particular.choices, str):
        listed = lists.get(particular.choices, frozenset())
    else:
        listed = frozenset(particular.choices)
    return listed | frozenset(particular.extra_choices)


def canonical_value(
    particular: Particular, value: object, *, today: date, lists: Lists, document_type: str = ""
) -> Any:
    """The answer in canonical form (a group's rows are not looked into).

    `document_type` is needed for document numbers only. Raises InvalidAnswer with a gap's code and facts.
    """
    match particular.kind:
        case AnswerKind.YES_NO:
            return _of_type(value, bool)
        case AnswerKind.INTEGER:
            return _integer(particular, value)
        case AnswerKind.MULTI_CHOICE:
            return _choices(particular, value, lists)
        case AnswerKind.GROUP:
            return _of_type(value, list)
    text = _text(particular, value)
    match particular.kind:
        case AnswerKind.CHOICE:
            if text not in allowed_choices(particular, lists):
                raise InvalidAnswer("not_a_choice")
        case AnswerKind.DATE:
            if date_of(text) is None:
                raise InvalidAnswer("not_a_date")
        case AnswerKind.DIVISION:
            if not jurisdictions.is_registrable(text, today):
                raise InvalidAnswer("division_not_registrable")
        case AnswerKind.DOCUMENT_NUMBER:
            return document_number(text, document_type=document_type, today=today)
        case AnswerKind.SERVER_ADDRESS:
            return _server_address(text)
        case AnswerKind.FILING_NUMBER:
            return _filing_number(text)
        case (
            AnswerKind.URL
            | AnswerKind.EMAIL
            | AnswerKind.MOBILE
            | AnswerKind.PHONE
            | AnswerKind.ICP_NUMBER
            | AnswerKind.APP_FILING_NUMBER
            | AnswerKind.MINI_PROGRAM_FILING_NUMBER
            | AnswerKind.IP_ADDRESS
        ):
            return _identifier(f"invalid_{particular.kind.value}", _IDENTIFIERS[particular.kind], text)
    return text


def _of_type(value: object, wanted: type) -> Any:
    if type(value) is not wanted:
        raise InvalidAnswer("not_understood")
    return value


def _integer(particular: Particular, value: object) -> int:
    if type(value) is not int:
        raise InvalidAnswer("not_a_number")
    if particular.minimum is not None and value < particular.minimum:
        raise InvalidAnswer("too_small", minimum=particular.minimum)
    if particular.maximum is not None and value > particular.maximum:
        raise InvalidAnswer("too_large", maximum=particular.maximum)
    return value


def _choices(particular: Particular, value: object, lists: Lists) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise InvalidAnswer("not_understood")
    allowed = allowed_choices(particular, lists)
    if any(code not in allowed for code in value):
        raise InvalidAnswer("not_a_choice")
    return list(dict.fromkeys(value))


def _text(particular: Particular, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidAnswer("not_understood")
    text = pasted_text(particular, value)
    if len(text) > particular.max_length:
        raise InvalidAnswer("too_long", maximum=particular.max_length, length=len(text))
    if particular.kind in FREE_TEXT and not is_visible(text):
        raise InvalidAnswer("nothing_visible")
    if particular.minimum is not None and len(text) < particular.minimum:
        raise InvalidAnswer("too_short", minimum=particular.minimum, length=len(text))
    if particular.names_somebody and (missing := unprintable(text)):
        found = ", ".join(f"{each} ({code_point(each)})" for each in missing)
        raise InvalidAnswer(UNPRINTABLE, found=found)
    return text


def pasted_text(particular: Particular, text: str) -> str:
    """An answer as it was pasted, without what nobody can see.

    What leaves nothing, or is far too long to be an answer, stays as it is: the check of the answer names it.
    """
    if particular.kind not in FREE_TEXT:
        return text.strip()
    if len(text) > particular.max_length * _MOST_PASTED:
        return text
    return clean_unless_empty(text, line_breaks=particular.kind is AnswerKind.LONG_TEXT)


def _identifier(code: str, check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except InvalidIdentifier as fault:
        if fault.code in _FAULTS_WITH_OWN_WORDS:
            raise InvalidAnswer(fault.code, **fault.facts) from fault
        raise InvalidAnswer(code, problem=fault.code, **fault.facts) from fault


_IDENTIFIERS: Mapping[AnswerKind, Callable[[str], str]] = {
    AnswerKind.URL: identifiers.url,
    AnswerKind.EMAIL: identifiers.email,
    AnswerKind.MOBILE: identifiers.mobile,
    AnswerKind.PHONE: identifiers.office_phone,
    AnswerKind.ICP_NUMBER: identifiers.icp_number,
    AnswerKind.APP_FILING_NUMBER: identifiers.app_filing_number,
    AnswerKind.MINI_PROGRAM_FILING_NUMBER: identifiers.mini_program_filing_number,
    AnswerKind.IP_ADDRESS: identifiers.ip_address,
}


def _server_address(text: str) -> str:
    """An IP address, or the name of a host: services behind a cloud provider have no fixed address."""
    try:
        return identifiers.ip_address(text)
    except InvalidIdentifier:
        pass
    if "/" in text or ":" in text:
        raise InvalidAnswer("invalid_server_address")
    _identifier("invalid_server_address", identifiers.url, f"https://{text}")
    return text.lower()


def _filing_number(text: str) -> str:
    """A filing number of this register, however it is written; also the one at the foot of a site."""
    try:
        return str(filing_number.stated_in(text))
    except NotAFilingNumber as fault:
        raise InvalidAnswer("invalid_filing_number", problem=fault.code) from fault


# ---------------------------------------------------------------- identity documents

_RESIDENCE_PREFIXES = {
    "hong_kong_macau_residence_permit": ("81", "82"),
    "taiwan_residence_permit": ("83",),
}


def document_number(text: str, *, document_type: str, today: date) -> str:
    """The canonical number of an identity document; the text as it is while the document type is not known.

    Raises InvalidAnswer("invalid_<document type>").
    """
    code = f"invalid_{document_type}"
    match document_type:
        case "unified_social_credit_code":
            return _identifier(code, identifiers.unified_social_credit_code, text)
        case "credit_code_with_deviation":
            return _identifier(code, identifiers.deviating_credit_code, text)
        case "resident_id":
            return _identifier(code, lambda number: identifiers.resident_id(number, today), text)
        case "passport":
            return _identifier(code, identifiers.passport, text)
        case "foreign_permanent_resident_card":
            return _identifier(code, lambda number: identifiers.permanent_resident_card(number, today), text)
        case "hong_kong_macau_permit":
            return _identifier(code, identifiers.hong_kong_macau_permit, text)
        case "taiwan_permit":
            return _identifier(code, identifiers.taiwan_permit, text)
        case "hong_kong_macau_residence_permit" | "taiwan_residence_permit":
            number = _identifier(code, lambda number: identifiers.residence_permit(number, today), text)
            if not number.startswith(_RESIDENCE_PREFIXES[document_type]):
                raise InvalidAnswer(code, problem="prefix")
            return number
    return text


# ---------------------------------------------------------------- whole materials


def document_type_of(particular: Particular, materials: Materials) -> str:
    """The document type that belongs to a document number: the answer beside it."""
    value = value_of(materials, f"{particular.section}.document_type")
    return value if isinstance(value, str) else ""


def canonical_materials(materials: Materials, *, today: date, lists: Lists) -> dict[str, Any]:
    """The materials with every well-formed answer in canonical form; the others stay as they were given."""
    canonical: dict[str, Any] = {
        section: dict(answers) if isinstance(answers, Mapping) else answers
        for section, answers in materials.items()
    }
    for particular in particulars():
        value = value_of(canonical, particular.key)
        if not is_given(value):
            continue
        document_type = document_type_of(particular, materials)
        if particular.kind is AnswerKind.GROUP and isinstance(value, list):
            answer: Any = [_canonical_row(particular, row, today=today, lists=lists) for row in value]
        else:
            answer = _canonical_or_same(
                particular, value, today=today, lists=lists, document_type=document_type
            )
        canonical[particular.section][particular.name] = answer
    return canonical


def _canonical_row(group: Particular, row: Any, *, today: date, lists: Lists) -> Any:
    if not isinstance(row, Mapping):
        return row
    canonical: dict[str, Any] = dict(row)
    for field in group.fields:
        if is_given(row.get(field.name)):
            canonical[field.name] = _canonical_or_same(field, row[field.name], today=today, lists=lists)
    return canonical


def _canonical_or_same(
    particular: Particular, value: Any, *, today: date, lists: Lists, document_type: str = ""
) -> Any:
    try:
        return canonical_value(particular, value, today=today, lists=lists, document_type=document_type)
    except InvalidAnswer:
        return value
