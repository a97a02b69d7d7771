"""Converts form data to answers and back. Nothing typed is refused or changed here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from applicants.drafts.forms.conditions import NO, YES
from registry.labels.telephone import telephone
from registry.presentation.posted import posted_count
from registry.rules.particulars import AnswerKind, Particular, particulars_of
from registry.rules.particulars.materials import is_given, value_of
from registry.rules.particulars.service_categories import CATEGORIES
from registry.rules.particulars.values import FREE_TEXT, pasted_text

PLACE_LEVELS = 3
# A tick beside the one takes over what is answered to the other.
SAME_AS = {"applicant.mailing_address": "applicant.document_address"}

# A page that has this asks the types of service of all categories at once: the categories are those of the ticked ones.
BY_TYPES = "categories__by_types"

# Kept with the country's code, written on a page as its language writes them.
TELEPHONES = frozenset({AnswerKind.MOBILE, AnswerKind.PHONE})

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}\Z")
# Enough for every group of the catalogue; a form that claims more rows is forged.
_MOST_ROWS = 1000


@dataclass(slots=True)
class Parsed:
    """The answers of a form, and the names it had controls for.

    A name outside `mentioned` was not on the page, or its control was disabled because it did not apply; that
    differs from an emptied control.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)


def parse_section(section: str, data: QueryDict) -> Parsed:
    """The answers of a submitted section; empty controls and empty rows of groups are left out."""
    parsed = Parsed()
    for particular in particulars_of(section):
        name = particular.name
        if particular.kind is AnswerKind.GROUP:
            if f"{name}-TOTAL_FORMS" in data:
                parsed.mentioned.add(name)
            answer: Any = [row for row in _rows(particular, data) if row]
        else:
            if any(each in data for each in (name, *place_names(name))):
                parsed.mentioned.add(name)
            answer = _answer(particular, data, name)
        other = SAME_AS.get(particular.key)
        if other is not None and data.get(same_name(name)) == YES and not is_given(answer):
            # Without scripts both stand on the page: what is typed counts more than a tick that was there.
            parsed.mentioned.add(name)
            answer = parsed.answers.get(other.split(".")[1])
        if is_given(answer):
            parsed.answers[name] = answer
    if section == "content" and data.get(BY_TYPES) == YES:
        _take_categories_from_types(parsed)
    return parsed


def _take_categories_from_types(parsed: Parsed) -> None:
    names = {category.code: category.types_key.split(".")[1] for category in CATEGORIES}
    chosen = [code for code, name in names.items() if name in parsed.answers]
    parsed.mentioned |= {"categories", *names.values()}
    parsed.answers.pop("categories", None)
    if chosen:
        parsed.answers["categories"] = chosen


def same_name(name: str) -> str:
    """The name of the tick that takes over another answer."""
    return f"{name}__same"


def place_names(name: str) -> tuple[str, ...]:
    """The names of the linked lists of a place: province, prefecture, county."""
    return tuple(f"{name}__{level}" for level in range(PLACE_LEVELS))


def to_control(particular: Particular, answer: Any) -> Any:
    """The answer in the form its control expects."""
    match particular.kind:
        case AnswerKind.YES_NO:
            if isinstance(answer, bool):
                return YES if answer else NO
            return answer
        case AnswerKind.MULTI_CHOICE:
            return answer if isinstance(answer, list) else []
    text = "" if answer is None else str(answer)
    return telephone(text) if particular.kind in TELEPHONES else text


def numbers_kept(section: str, typed: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a form, with the telephone numbers that stand there as the page wrote them in the form they have.

    `known` are the section's answers that the page was made from.
    """
    same = {
        each.name: known[each.name]
        for each in particulars_of(section)
        if each.kind in TELEPHONES
        and is_given(known.get(each.name))
        and typed.get(each.name) == telephone(str(known[each.name]))
    }
    return {**typed, **same}


def _rows(group: Particular, data: QueryDict) -> Iterator[dict[str, Any]]:
    for index in range(row_count(group, data)):
        prefix = f"{group.name}-{index}"
        if f"{prefix}-DELETE" in data:
            continue
        row = {each.name: _answer(each, data, f"{prefix}-{each.name}") for each in group.fields}
        yield {name: answer for name, answer in row.items() if is_given(answer)}


def row_count(group: Particular, data: QueryDict) -> int:
    """How many rows of a group a form has, those to be removed included."""
    return min(posted_count(data.get(f"{group.name}-TOTAL_FORMS")) or 0, _MOST_ROWS)


def _answer(particular: Particular, data: QueryDict, name: str) -> Any:
    match particular.kind:
        case AnswerKind.MULTI_CHOICE:
            return [code for code in data.getlist(name) if code]
        case AnswerKind.YES_NO:
            return {YES: True, NO: False}.get(data.get(name, ""), data.get(name))
        case AnswerKind.INTEGER:
            return _number_or_text(data.get(name, ""))
        case AnswerKind.DIVISION:
            return _place(data, name)
    return data.get(name, "").replace("\r\n", "\n")


def without_unseen(section: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a section, their free texts without what nobody can see."""
    cleaned = dict(answers)
    for particular in particulars_of(section):
        answer = answers.get(particular.name)
        if isinstance(answer, list) and particular.fields:
            cleaned[particular.name] = [_row_without_unseen(particular, row) for row in answer]
        elif isinstance(answer, str) and particular.kind in FREE_TEXT:
            cleaned[particular.name] = _typed(particular, answer)
    return cleaned


def _row_without_unseen(group: Particular, row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    texts = {each.name: each for each in group.fields if each.kind in FREE_TEXT}
    return {
        name: _typed(texts[name], value) if name in texts and isinstance(value, str) else value
        for name, value in row.items()
    }


def _typed(particular: Particular, text: str) -> str:
    """A text without what nobody can see; the blanks around it stay while it is being typed."""
    inner = text.strip()
    before, _inner, after = text.partition(inner) if inner else (text, "", "")
    return f"{before}{pasted_text(particular, inner)}{after}"


def _number_or_text(text: str) -> int | str:
    """A whole number, with full-width digits or thousands separators accepted; other text unchanged."""
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))
    return int(plain) if _WHOLE_NUMBER.match(plain) else text


def _place(data: QueryDict, name: str) -> str:
    """The code of the deepest list that agrees with the lists above it: a county of another province is dropped.

    Codes are dated, so the fit is read from the digits: two of the province, four of the prefecture.
    """
    levels = [data.get(each, "") for each in place_names(name)]
    if not any(each in data for each in place_names(name)):
        return data.get(name, "")
    code = levels[0]
    for level, digits in ((1, 2), (2, 4)):
        if not code or levels[level][:digits] != code[:digits]:
            return code
        code = levels[level]
    return code


def same_answer(one: Any, other: Any) -> bool:
    """Whether two answers are the same; absent, empty and white space alone all mean not given."""
    if not is_given(one) or not is_given(other):
        return not is_given(one) and not is_given(other)
    return type(one) is type(other) and one == other


def section_answers(materials: dict[str, Any], section: str) -> dict[str, Any]:
    """The answers of one section; empty where there are none."""
    answers = value_of(materials, section)
    return dict(answers) if isinstance(answers, dict) else {}
