"""A draft's materials made ready for its pages and its submission: in canonical form, and examined, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.rules.particulars import changed_keys, clear_irrelevant, particulars, printed_values
from registry.rules.particulars.completeness import Lists, canonical_materials, find_gaps
from registry.rules.particulars.consistency.catalogue import Question, find_questions, find_rule, with_answers
from registry.rules.particulars.consistency.definitions import Register
from registry.rules.particulars.gaps import FORMER_PROOF, Gap
from registry.rules.particulars.materials import Materials
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import Kind


@dataclass(frozen=True, slots=True)
class Prepared:
    """Materials as they would be submitted, their gaps, and the values that the statement prints of them.

    `questions` are what the rules of consistency ask about them, each with its answer.
    """

    materials: dict[str, Any]
    gaps: tuple[Gap, ...]
    printed: dict[str, Any]
    questions: tuple[Question, ...] = ()

    @property
    def open_questions(self) -> tuple[Question, ...]:
        return tuple(each for each in self.questions if not each.answer)

    @property
    def contradicted(self) -> frozenset[str]:
        """The particulars and slots that contradict each other: any of them may be what is wrong."""
        rules = [find_rule(gap.code) for gap in self.gaps]
        rules += [each.contradiction.rule for each in self.open_questions]
        return frozenset(key for rule in rules if rule is not None for key in rule.compares)


def prepare(
    typed: Mapping[str, Any],
    *,
    kind: Kind,
    base: Mapping[str, Any] | None,
    today: date,
    lists: Lists,
    before: Mapping[str, Any] | None = None,
    filed: Callable[[], Materials] | None = None,
    versions: Sequence[Materials] = (),
    register: Register | None = None,
) -> Prepared:
    """Prepares the materials as typed; an answer that is unchanged from `base` stays exactly as the office has it.

    Gaps are those of what the `kind` of application is about.
    `before` are the materials that a change of the applicant would replace: what it changes needs a new document.
    `filed` gives what the book has of the applicant, where there is no `base`; `versions` are what was handed in before
    with documents that prove it, the oldest first; `register` looks filing numbers up.
    """
    relevant = clear_irrelevant(typed)
    canonical = canonical_materials(relevant, today=today, lists=lists)
    materials = canonical if base is None else _with_unchanged(base, relevant, canonical)
    in_book = filed if base is None else lambda: base
    gaps = find_gaps(materials, lists=lists, today=today, before=before, filed=in_book, register=register)
    asked = tuple(gap for gap in gaps if is_about(kind, gap.key))
    questions = find_questions(
        materials,
        today=today,
        is_about=lambda key: is_about(kind, key),
        base=in_book,
        versions=versions,
        register=register,
    )
    # What a new document is asked for is not asked about as well.
    replaced = {gap.key for gap in asked if gap.code == FORMER_PROOF}
    questions = tuple(each for each in questions if each.contradiction.found.key not in replaced)
    return Prepared(with_answers(materials, questions), asked, printed_values(canonical), questions)


def _with_unchanged(
    base: Mapping[str, Any], relevant: Mapping[str, Any], canonical: Mapping[str, Any]
) -> dict[str, Any]:
    changed = set(changed_keys(base, relevant))
    materials = dict(canonical)
    for particular in particulars():
        section, name = particular.section, particular.name
        if particular.key not in changed and name in materials[section]:
            materials[section] = {**materials[section], name: base[section].get(name)}
    return materials
