"""Whether a service must be filed: the questions of Art. 2, in order, and the result of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ScopeQuestion(StrEnum):
    """What decides whether a service falls under the filing duty, in the order of asking (Art. 2)."""

    BLOCKCHAIN = "blockchain"
    PUBLIC = "public"
    CHANNEL = "channel"
    TERRITORY = "territory"
    ROLE = "role"


class ScopeResult(StrEnum):
    """Whether the answers lead to the filing duty."""

    MUST_FILE = "must_file"
    OUTSIDE = "outside"


# Who answers for a service: the entity behind it, a node, or an organisation that supports either technically.
ROLES = ("entity", "node", "technical_support", "none")
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answers so far: the next question, or the result with the question that decided it."""

    answered: tuple[tuple[ScopeQuestion, str], ...]
    next_question: ScopeQuestion | None
    result: ScopeResult | None = None
    decided_by: ScopeQuestion | None = None


def choices_of(question: ScopeQuestion) -> tuple[str, ...]:
    """The codes a question may be answered with."""
    return ROLES if question is ScopeQuestion.ROLE else (YES, NO)


def assess(answers: Mapping[str, str]) -> Assessment:
    """The next question, or the result, after the answers given so far. Source: Art. 2.

    An answer that is not one of the question's choices counts as not given. A service that fails one test
    need not be filed; no further question is asked.
    """
    answered: list[tuple[ScopeQuestion, str]] = []
    for question in ScopeQuestion:
        answer = answers.get(question.value, "")
        if answer not in choices_of(question):
            return Assessment(tuple(answered), question)
        answered.append((question, answer))
        if answer in {NO, "none"}:
            return Assessment(tuple(answered), None, ScopeResult.OUTSIDE, question)
    return Assessment(tuple(answered), None, ScopeResult.MUST_FILE)
