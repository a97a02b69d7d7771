"""Saves what a draft holds besides its materials: an amendment's answers, or the days of a change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from applicants.drafts.joint import lock_draft
from applicants.drafts.matter import matter_of
from applicants.drafts.saves import count_save, is_stale, saved_meanwhile
from applicants.models import Draft


@dataclass(frozen=True, slots=True)
class NotesSave:
    """A submitted form of a matter's own step: the notes given, and the version and page it was made from."""

    given: Mapping[str, Any]
    version: int = 0
    window: str = ""
    is_autosave: bool = False


@transaction.atomic
def save_notes(draft_id: uuid.UUID, save: NotesSave, *, at: datetime) -> Draft:
    """Saves the notes of a draft.

    Raises OutOfDate("draft_saved_meanwhile") with `saved`, the stored notes, when another page has saved other
    notes since; NotFound for a draft whose matter has no notes.
    """
    draft = lock_draft(draft_id)
    matter = matter_of(draft)
    candidate, step = matter.with_notes(save.given), matter.own_step
    stale = is_stale(draft, step, version=save.version, window=save.window, is_autosave=save.is_autosave)
    if stale and (save.is_autosave or candidate != draft.notes):
        raise saved_meanwhile(draft, step, draft.notes)
    draft.notes = candidate
    count_save(draft, step, at=at, window=save.window)
    draft.save()
    return draft
