"""The steps of a draft: their order and addresses, and the points still open in them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from applicants import words
from applicants.drafts.forms.section import is_missing
from applicants.drafts.parts import Part, part_of, parts_of
from applicants.drafts.statement import SLOT as STATEMENT_SLOT
from registry.labels import particulars as particular_words
from registry.rules.particulars import (
    APPLICANT_SECTIONS,
    APPLICANT_SLOTS,
    AnswerKind,
    find_particular,
    is_slot,
)
from registry.rules.particulars.gaps import MISSING, Gap

FORM_SECTIONS = ("applicant", "person_in_charge", "service", "content")
STEPS = (*FORM_SECTIONS, "attachments", "statement", "check")
# What all services of a joint submission have in common.
SHARED_SECTIONS = APPLICANT_SECTIONS
SHARED_SLOTS = (*APPLICANT_SLOTS, "letter_of_authority", "authenticity_statement")

_ORDER = tuple(words.STEP_LABELS)


@dataclass(frozen=True, slots=True)
class Point:
    """One point to complete or correct: its step, the message, and its address."""

    step: str
    key: str
    message: str
    url: str
    is_missing: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether it concerns the part that all services of a joint submission share."""
        return self.step in (*SHARED_SECTIONS, "statement") or self.key.split(".")[-1] in SHARED_SLOTS

    @property
    def place(self) -> int:
        """The place of its step among all steps that drafts have."""
        return _ORDER.index(self.step)


def gap_point(draft_id: uuid.UUID, gap: Gap, *, in_parts: bool) -> Point:
    """The point of a gap in the materials; `in_parts` where long sections stand on several pages."""
    message = particular_words.gap_message(gap)
    url = point_url(draft_id, gap, in_parts=in_parts)
    return Point(step_of(gap.key), gap.key, message, url, is_missing(gap))


def missing_point(draft_id: uuid.UUID, key: str, message: Any, *, in_parts: bool) -> Point:
    """A point about a field that the catalogue's list of gaps does not have."""
    url = point_url(draft_id, Gap(key, MISSING), in_parts=in_parts)
    return Point(step_of(key), key, str(message), url, is_missing=True)


def wrong_point(draft_id: uuid.UUID, key: str, message: Any, *, in_parts: bool) -> Point:
    """The point of an answer that contradicts something outside the materials."""
    url = point_url(draft_id, Gap(key, MISSING), in_parts=in_parts)
    return Point(step_of(key), key, str(message), url)


def row_key(key: str) -> str:
    """The key of the row that shows a particular; for a field of a group, the key of the group."""
    return ".".join(key.split(".")[:2])


def step_of(key: str) -> str:
    """The step where a particular or slot is answered."""
    return "statement" if key == STATEMENT_SLOT else key.split(".")[0]


def step_url(draft_id: uuid.UUID, step: str) -> str:
    """The address of a step."""
    if step in FORM_SECTIONS:
        return reverse("applicants:section", args=[draft_id, step])
    return reverse(f"applicants:{step}", args=[draft_id])


def part_url(draft_id: uuid.UUID, part: Part) -> str:
    """The address of a page of a section; the first one stands at that of the section."""
    if part == parts_of(part.section)[0]:
        return step_url(draft_id, part.section)
    return reverse("applicants:part", args=[draft_id, part.section, part.name])


def page_url(draft_id: uuid.UUID, key: str, *, in_parts: bool) -> str:
    """The address of the page where a particular or slot is answered."""
    part = part_of(key) if in_parts and not is_slot(key) else None
    return part_url(draft_id, part) if part is not None else step_url(draft_id, step_of(key))


def point_url(draft_id: uuid.UUID, gap: Gap, *, in_parts: bool) -> str:
    """The address of the field a gap is about, with missing answers marked on its page."""
    return f"{page_url(draft_id, gap.key, in_parts=in_parts)}?gaps=1#{anchor_of(gap)}"


def anchor_of(gap: Gap) -> str:
    """The id that the field, group or slot of a gap has on its page."""
    if is_slot(gap.key):
        return f"slot-{gap.key.split('.')[1]}"
    parts = gap.key.split(".")
    if gap.row is not None and len(parts) == 3:
        return f"id_{parts[1]}-{gap.row}-{parts[2]}"
    is_group = find_particular(gap.particular_key).kind is AnswerKind.GROUP
    return f"{'group-' if is_group else 'id_'}{parts[1]}"
