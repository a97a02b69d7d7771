"""Keeps the applicant's answers to the questions that the rules of consistency ask about a draft."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from applicants.drafts import joint
from applicants.drafts.matter import matter_of
from applicants.drafts.saves import count_save
from applicants.models import Draft
from registry.errors import OutOfDate
from registry.rules.particulars.materials import ANSWERS
from registry.rules.visible_text import clean, is_visible


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """An answer as it was typed, and what its question compared on the page."""

    text: str
    compared: str


@transaction.atomic
def answer_questions(draft_id: uuid.UUID, answers: Mapping[str, TypedAnswer], *, at: datetime) -> Draft:
    """Keeps answers by the name of their rule with the draft; an empty one takes the former away.

    An answer about the shared part of a joint submission is kept with all its services. Raises
    OutOfDate("draft_saved_meanwhile") where what a question compares has changed since it was shown.
    """
    draft, *others = joint.lock_services(draft_id)
    asked = {each.name: each for each in matter_of(draft).prepare(at=at).questions}
    materials = draft.materials
    kept = dict(materials.get(ANSWERS, {}))
    for name, typed in answers.items():
        question = asked.get(name)
        if question is None or question.compared != typed.compared:
            raise OutOfDate("draft_saved_meanwhile", version=draft.version, at=draft.saved_at)
        text = clean(typed.text, line_breaks=True)
        if is_visible(text):
            kept[name] = {"compared": typed.compared, "text": text.strip()}
        else:
            kept.pop(name, None)
    draft.materials = {**materials, ANSWERS: kept}
    count_save(draft, "questions", at=at)
    draft.save()
    if any(joint.is_shared_rule(name) for name in answers):
        joint.copy_shared_materials(draft, others, at=at, clears=False)
    return draft
