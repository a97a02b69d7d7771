"""Contradictions as pages show them, to the applicant and to the office in the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from registry.labels import particulars as words
from registry.rules.particulars.consistency.catalogue import Question, find_contradictions, find_questions
from registry.rules.particulars.consistency.definitions import Contradiction, Register, Severity
from registry.rules.particulars.materials import is_given, value_of
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import Kind


@dataclass(frozen=True, slots=True)
class Place:
    """A particular or slot that a rule compares, and the address where it stands."""

    label: Promise
    url: str


@dataclass(frozen=True, slots=True)
class PresentedContradiction:
    """A contradiction in words, for `includes/contradiction.html`; an error has no answer.

    `compared` is the digest that an answer is given to.
    """

    name: str
    is_error: bool
    message: str
    article: Promise | str
    places: tuple[Place, ...]
    answer: str = ""
    compared: str = ""

    @property
    def anchor(self) -> str:
        return f"question-{self.name}"


def present(
    contradiction: Contradiction,
    materials: Mapping[str, Any],
    *,
    url_of: Callable[[str], str],
    question: Question | None = None,
) -> PresentedContradiction:
    """The contradiction in the active language; `url_of` gives where a particular or slot stands.

    Of what the rule compares, its places are those where these materials say something.
    """
    rule = contradiction.rule
    stated = [key for key in rule.compares if is_given(value_of(materials, key))]
    return PresentedContradiction(
        name=rule.name,
        is_error=rule.severity is Severity.ERROR,
        message=words.contradiction_message(contradiction),
        article=words.article_label(rule.basis),
        places=tuple(Place(words.label_of(key), url_of(key)) for key in stated),
        answer=question.answer if question is not None else "",
        compared=question.compared if question is not None else "",
    )


def contradictions_in(
    kind: Kind,
    materials: Mapping[str, Any],
    *,
    today: date,
    changed_on: Mapping[str, str],
    url_of: Callable[[str], str],
    versions: Sequence[Mapping[str, Any]] = (),
    register: Register | None = None,
) -> Iterator[PresentedContradiction]:
    """What contradicts itself in an application as it was handed in: errors, then questions with their answers.

    `versions` are what was handed in before, the oldest first (`registry.book.in_force.versions_before`);
    `register` looks filing numbers up. A cancellation repeats materials that were examined before.
    """
    if kind is Kind.CANCELLATION:
        return
    errors = find_contradictions(
        materials,
        today=today,
        severity=Severity.ERROR,
        is_about=lambda key: is_about(kind, key),
        changed_on=changed_on,
        register=register,
    )
    for each in errors:
        yield present(each, materials, url_of=url_of)
    questions = find_questions(
        materials,
        today=today,
        is_about=lambda key: is_about(kind, key),
        versions=versions,
        register=register,
    )
    for question in questions:
        yield present(question.contradiction, materials, url_of=url_of, question=question)
