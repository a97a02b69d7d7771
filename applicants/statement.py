"""The authenticity statement: when it can be printed, and when it has to be signed anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applicants.models import Draft
from registry import clock
from registry.lists import current_lists
from registry.rules.completeness import Lists, canonical_materials, find_gaps
from registry.rules.materials import files_of
from registry.rules.particulars import clear_irrelevant, find, is_particular, printed_values
from registry.rules.particulars.gaps import Gap

SLOT = "attachments.authenticity_statement"


@dataclass(frozen=True, slots=True)
class StatementState:
    """Where the statement stands: what still keeps it from being printed, and what changed since."""

    gaps: tuple[Gap, ...]
    is_uploaded: bool
    changed_keys: tuple[str, ...]

    @property
    def can_be_printed(self) -> bool:
        return not self.gaps

    @property
    def is_outdated(self) -> bool:
        return bool(self.changed_keys)


def values_to_print(
    materials: Mapping[str, Any], *, at: datetime, lists: Lists | None = None
) -> dict[str, Any]:
    """The values the statement prints for these materials, in canonical form."""
    lists = current_lists() if lists is None else lists
    today = clock.china_date(at)
    return printed_values(canonical_materials(clear_irrelevant(materials), today=today, lists=lists))


def printing_gaps(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """The gaps that concern a printed value: with one of them the statement would not be true."""
    return tuple(
        gap for gap in gaps if is_particular(gap.particular_key) and find(gap.particular_key).printed
    )


def state_of(
    draft: Draft, *, at: datetime, gaps: tuple[Gap, ...] | None = None, lists: Lists | None = None
) -> StatementState:
    """Where the statement of a draft stands. `gaps` and `lists` spare finding them again."""
    materials = clear_irrelevant(draft.materials)
    lists = current_lists() if lists is None else lists
    if gaps is None:
        gaps = find_gaps(materials, lists=lists, today=clock.china_date(at))
    uploaded = bool(files_of(materials, SLOT))
    signed = draft.printed_on_statement
    changed: tuple[str, ...] = ()
    if uploaded and signed is not None:
        now = values_to_print(materials, at=at, lists=lists)
        changed = tuple(key for key in dict.fromkeys([*now, *signed]) if now.get(key) != signed.get(key))
    return StatementState(printing_gaps(gaps), uploaded, changed)
