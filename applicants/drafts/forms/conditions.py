"""Translates the catalogue's conditions into the terms that static/js/conditional.js reads.

A condition on another section is decided here, from the saved answers. One on the section's own controls is
written into the page, so that script and server apply the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.errors import FilingError
from registry.rules.particulars.applicant import DOCUMENT_TYPES_BY_NATURE
from registry.rules.particulars.conditions import AllOf, Always, Answered, AnyOf, Condition, Given, Never, Not
from registry.rules.particulars.service_categories import CATEGORY_BY_CODE

YES, NO = "yes", "no"

# Choices that fit only some answers to another question.
_CHOICES_BY_ANSWER = {"applicant.document_type": ("applicant.nature", DOCUMENT_TYPES_BY_NATURE)}


class ConditionNotShown(FilingError):
    """A condition that the script's terms cannot express."""


@dataclass(frozen=True, slots=True)
class Applicability:
    """Whether a control can apply on this page, whether it applies now, and the terms that decide it.

    `when` is empty for a control that no other control on the page can hide.
    """

    is_possible: bool
    applies_now: bool
    when: str


def control_value(value: str | bool | int) -> str:
    """The value that a control sends for an answer."""
    if isinstance(value, bool):
        return YES if value else NO
    return str(value)


def applicability(
    condition: Condition,
    answers: Mapping[str, Any],
    *,
    section: str,
    without: frozenset[str] = frozenset(),
    by_types: bool = False,
) -> Applicability:
    """The applicability of a particular; `answers` are the whole materials, `section` is the one on the page.

    `without` are particulars of the section that have no control on the page. `by_types` is a page that asks the types
    of service of every category, of which the category follows: a category is chosen where one of its types is.
    """
    asked = _with_types_for_categories(condition) if by_types else condition
    terms = _terms(asked, answers, own=f"{section}.", prefix="", without=without)
    return _found(terms, condition, answers)


def _with_types_for_categories(condition: Condition) -> Condition:
    """The condition with every "is of this category" said as "has a type of this category"."""
    match condition:
        case AllOf(conditions=conditions):
            return AllOf(tuple(_with_types_for_categories(each) for each in conditions))
        case Answered(key="content.categories", values=values):
            chosen = (CATEGORY_BY_CODE[str(value)] for value in values)
            return AnyOf(tuple(Answered(each.types_key, each.type_codes) for each in chosen))
    return condition


def row_applicability(condition: Condition, row: Mapping[str, Any]) -> Applicability:
    """The applicability of a field in a group's row: its condition refers to the same row."""
    return _found(_terms(condition, row, own="", prefix="."), condition, row)


def choice_conditions(key: str) -> dict[str, Condition]:
    """The conditions under which choices of a particular are offered; a choice without one always is.

    A choice is hidden only once another answer excludes it, not while that question is unanswered.
    """
    if key not in _CHOICES_BY_ANSWER:
        return {}
    asked, choices_by_answer = _CHOICES_BY_ANSWER[key]
    return {
        choice: Not(Answered(asked, tuple(other for other in choices_by_answer if other != answer)))
        for answer, choices in choices_by_answer.items()
        for choice in choices
    }


def _found(terms: list[str] | None, condition: Condition, answers: Mapping[str, Any]) -> Applicability:
    if terms is None:
        return Applicability(is_possible=False, applies_now=False, when="")
    return Applicability(is_possible=True, applies_now=condition(answers), when="&".join(terms))


def _terms(
    condition: Condition,
    answers: Mapping[str, Any],
    *,
    own: str,
    prefix: str,
    without: frozenset[str] = frozenset(),
) -> list[str] | None:
    """The terms that must all hold; None when answers elsewhere rule the condition out."""
    match condition:
        case Always():
            return []
        case Never():
            return None
        case AllOf(conditions=conditions):
            each = [_terms(one, answers, own=own, prefix=prefix, without=without) for one in conditions]
            return None if None in each else [term for terms in each if terms for term in terms]
        case AnyOf(conditions=conditions):
            each = [_terms(one, answers, own=own, prefix=prefix, without=without) for one in conditions]
            ways = [terms for terms in each if terms is not None]
            if not ways or [] in ways:
                return [] if ways else None
            if len(ways) == 1:
                return ways[0]
        case Answered(key=key, values=values) if key.startswith(own) and key not in without:
            return [f"{prefix}{key.removeprefix(own)}={_listed(values)}"]
        case Not(condition=Answered(key=key, values=values)) if key.startswith(own) and key not in without:
            return [f"{prefix}{key.removeprefix(own)}!={_listed(values)}"]
        # Groups have rows, not a control: what is given counts as it was saved.
        case Answered() | Given():
            return [] if condition(answers) else None
        case Not(condition=inner):
            terms = _terms(inner, answers, own=own, prefix=prefix, without=without)
            if not terms:
                return [] if terms is None else None
    raise ConditionNotShown("condition_not_shown", condition=type(condition).__name__)


def _listed(values: tuple[str | bool | int, ...]) -> str:
    return ",".join(control_value(value) for value in values)
