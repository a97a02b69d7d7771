"""Contradictions on the pages of a draft: beside the form while it is filled in, and on the check page with answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from applicants import words
from applicants.drafts.joint import is_shared_rule
from applicants.drafts.matter import Matter
from applicants.drafts.pages import service_rows as rows
from applicants.drafts.parts import Part, part_of
from applicants.drafts.prepared import Prepared
from applicants.drafts.progress import Examination
from applicants.drafts.questions import TypedAnswer
from applicants.drafts.steps import point_url, step_url
from registry.presentation.contradictions import PresentedContradiction, present
from registry.rules.particulars import is_slot
from registry.rules.particulars.consistency.catalogue import LONGEST_ANSWER, Question, find_rule
from registry.rules.particulars.consistency.definitions import Contradiction, Found
from registry.rules.particulars.gaps import Gap

_TEXT, _COMPARED = "answer-", "compared-"


@dataclass(slots=True)
class QuestionForm:
    """The questions about one service of the draft, with their answers as typed or kept.

    `number` is its place among the services, `name` its name where there are several.
    """

    draft_id: uuid.UUID
    number: str
    name: str
    questions: list[AskedQuestion]

    @property
    def action(self) -> str:
        return reverse("applicants:answer_questions", args=[self.draft_id])


@dataclass(slots=True)
class AskedQuestion:
    """One question with its control."""

    shown: PresentedContradiction
    text: str
    errors: list[str] = field(default_factory=list)

    @property
    def control(self) -> str:
        return f"{_TEXT}{self.shown.name}"

    @property
    def compared_control(self) -> str:
        return f"{_COMPARED}{self.shown.name}"


def question_forms(examination: Examination, *, typed: QueryDict | None = None) -> list[QuestionForm]:
    """A form for each service that something is asked about; `typed` is what was sent for the draft and not kept.

    What is asked about the shared part of a joint submission is asked once.
    """
    examined = rows.examinations_in_order(examination)
    forms = []
    for number, each in enumerate(examined):
        name = each.matter.title if len(examined) > 1 else ""
        asked = [
            _asked(each, question, typed if each is examination else None)
            for question in each.prepared.questions
            if number == 0 or not is_shared_rule(question.name)
        ]
        if asked:
            forms.append(QuestionForm(each.draft.pk, str(number), name, asked))
    return forms


def _asked(examination: Examination, question: Question, typed: QueryDict | None) -> AskedQuestion:
    shown = present(
        question.contradiction,
        examination.materials,
        url_of=lambda key: _url(examination.matter, key),
        question=question,
    )
    control = f"{_TEXT}{shown.name}"
    text = shown.answer if typed is None else typed.get(control, shown.answer)
    is_too_long = len(text) > LONGEST_ANSWER
    return AskedQuestion(shown, text, [str(words.ANSWER_TOO_LONG)] if is_too_long else [])


def read_answers(data: Mapping[str, Any]) -> dict[str, TypedAnswer]:
    """The answers that a form of questions sends, by the name of their rule."""
    names = [key.removeprefix(_TEXT) for key in data if key.startswith(_TEXT)]
    return {
        name: TypedAnswer(str(data[f"{_TEXT}{name}"]), str(data.get(f"{_COMPARED}{name}", "")))
        for name in names
        if find_rule(name) is not None
    }


def contradictions_at(
    step: str, prepared: Prepared, matter: Matter, *, part: Part | None = None
) -> list[PresentedContradiction]:
    """What contradicts an answer of this step, or of one of its pages: errors, and questions without an answer."""
    found = [
        Contradiction(rule, Found(gap.key, gap.facts, gap.row))
        for gap in prepared.gaps
        if (rule := find_rule(gap.code)) is not None
    ]
    found += [each.contradiction for each in prepared.open_questions]
    return [
        present(each, prepared.materials, url_of=lambda key: _url(matter, key))
        for each in found
        if any(
            key.startswith(f"{step}.") and (part is None or part_of(key) == part)
            for key in each.rule.compares
        )
    ]


def _url(matter: Matter, key: str) -> str:
    """Where a particular or slot is answered."""
    if is_slot(key):
        return f"{step_url(matter.draft.pk, 'attachments')}#slot-{key.split('.')[1]}"
    return point_url(matter.draft.pk, Gap(key, ""), in_parts=matter.in_parts)
