"""All rules of consistency, and what they find in an application."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from registry.rules.particulars.consistency import (
    chains,
    changes,
    documents,
    hosting,
    identities,
    presence,
    proofs,
    signatures,
    upstream,
)
from registry.rules.particulars.consistency.definitions import (
    ConsistencyRule,
    Contradiction,
    Register,
    Severity,
    Stated,
)
from registry.rules.particulars.materials import ANSWERS, Materials

RULES: tuple[ConsistencyRule, ...] = (
    *identities.RULES,
    *presence.RULES,
    *chains.RULES,
    *hosting.RULES,
    *documents.RULES,
    *signatures.RULES,
    *proofs.RULES,
    *upstream.RULES,
    *changes.RULES,
)
_BY_NAME: Mapping[str, ConsistencyRule] = MappingProxyType({rule.name: rule for rule in RULES})

LONGEST_ANSWER = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """A contradiction that is asked about, what it compares, and the answer given to it; empty without one."""

    contradiction: Contradiction
    compared: str
    answer: str

    @property
    def name(self) -> str:
        return self.contradiction.rule.name


def find_rule(name: str) -> ConsistencyRule | None:
    """The rule of this name; None where a gap of another kind has it."""
    return _BY_NAME.get(name)


def find_contradictions(
    materials: Materials,
    *,
    today: date,
    severity: Severity,
    is_about: Callable[[str], bool] = lambda _key: True,
    changed_on: Mapping[str, str] | None = None,
    versions: Sequence[Materials] = (),
    register: Register | None = None,
) -> Iterator[Contradiction]:
    """What the rules of this severity find, in the order of the rules.

    `is_about` says which particulars and slots the application is about; `changed_on` are the days of a change,
    `versions` what was stated before, the oldest first; `register` looks numbers up.
    """
    stated = Stated(materials, today, changed_on or {}, versions, register)
    for rule in RULES:
        if rule.severity is severity and all(is_about(key) for key in rule.compares):
            for found in rule.find(stated):
                yield Contradiction(rule, found)


def find_questions(
    materials: Materials,
    *,
    today: date,
    is_about: Callable[[str], bool] = lambda _key: True,
    base: Callable[[], Materials] | None = None,
    versions: Sequence[Materials] = (),
    register: Register | None = None,
) -> tuple[Question, ...]:
    """The questions that these materials raise, each with its answer among them or in what `base` gives.

    About what stands there as it is here, nothing is asked again; what was not asked then is not asked now. `base` is
    asked only for a question without an answer.
    """
    questions = []
    found = find_contradictions(
        materials,
        today=today,
        severity=Severity.QUESTION,
        is_about=is_about,
        versions=versions,
        register=register,
    )
    for each in found:
        compared = each.rule.compared(materials)
        answer = _answer(materials, each.rule.name, compared)
        if not answer and base is not None:
            before = base()
            answer = _answer(before, each.rule.name, compared)
            if not answer and each.rule.compared(before) == compared:
                continue
        questions.append(Question(each, compared, answer))
    return tuple(questions)


def with_answers(materials: Materials, questions: tuple[Question, ...]) -> dict[str, Any]:
    """The materials with the answers to these questions, and without any other."""
    kept = {each.name: {"compared": each.compared, "text": each.answer} for each in questions if each.answer}
    without = {section: given for section, given in materials.items() if section != ANSWERS}
    return {**without, ANSWERS: kept} if kept else without


def _answer(materials: Materials, name: str, compared: str) -> str:
    """The answer to a question while what it compares is as it was answered; empty otherwise."""
    given = materials.get(ANSWERS)
    answer = given.get(name) if isinstance(given, Mapping) else None
    if not isinstance(answer, Mapping) or answer.get("compared") != compared:
        return ""
    return str(answer.get("text", "")).strip()
