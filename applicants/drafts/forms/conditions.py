"""The conditions of the catalogue as the scripts of the form read them (static/js/conditional.js).

A condition over another section is decided here, by the answers saved; one over the section's own controls
is written out, so that the page shows and hides fields by the rule that the server applies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.errors import FilingError
from registry.rules.particulars.applicant import DOCUMENT_TYPES_BY_NATURE
from registry.rules.particulars.conditions import AllOf, Always, Answered, Condition, Never, Not

YES, NO = "yes", "no"

# Choices that fit only some answers to another question.
_CHOICES_BY_ANSWER = {"applicant.document_type": ("applicant.nature", DOCUMENT_TYPES_BY_NATURE)}


class ConditionNotShown(FilingError):
    """A condition of a form that the scripts have no words for."""


@dataclass(frozen=True, slots=True)
class Applicability:
    """Whether a control belongs on the page, whether it applies now, and when it does.

    `when` is empty for a control that nothing on this page can take away.
    """

    is_possible: bool
    applies_now: bool
    when: str


def control_value(value: str | bool | int) -> str:
    """What the control of an answer sends."""
    if isinstance(value, bool):
        return YES if value else NO
    return str(value)


def applicability(
    condition: Condition,
    answers: Mapping[str, Any],
    *,
    section: str,
    without: frozenset[str] = frozenset(),
) -> Applicability:
    """For a particular: `answers` are the whole materials, `section` is the one on the page.

    `without` are particulars of the section that have no control on the page.
    """
    terms = _terms(condition, answers, own=f"{section}.", prefix="", without=without)
    return _found(terms, condition, answers)


def row_applicability(condition: Condition, row: Mapping[str, Any]) -> Applicability:
    """For a field of a group: the condition looks into its own row."""
    return _found(_terms(condition, row, own="", prefix="."), condition, row)


def choice_conditions(key: str) -> dict[str, Condition]:
    """When a choice of a particular fits; choices without a condition always do.

    A choice is held back only once another answer rules it out, not while that one is still open.
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
        case Answered(key=key, values=values) if key.startswith(own) and key not in without:
            return [f"{prefix}{key.removeprefix(own)}={_listed(values)}"]
        case Not(condition=Answered(key=key, values=values)) if key.startswith(own) and key not in without:
            return [f"{prefix}{key.removeprefix(own)}!={_listed(values)}"]
        case Answered() | Not(condition=Answered()):
            return [] if condition(answers) else None
    raise ConditionNotShown("condition_not_shown", condition=type(condition).__name__)


def _listed(values: tuple[str | bool | int, ...]) -> str:
    return ",".join(control_value(value) for value in values)
