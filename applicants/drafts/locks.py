"""What of a draft stays as the office has it: written back after every save, refused to every upload."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from applicants.amendments import amendment as amendments
from applicants.changes import change as changes
from applicants.models import Draft
from registry.errors import NotFound
from registry.rules.particulars import find_slot, is_slot, particulars_of


def keep_locked_answers(draft: Draft, candidate: dict[str, Any], section: str, *, at: datetime) -> None:
    """Writes back what a form may not change, whatever it sent; the draft of a first filing is all open."""
    may_change = _open_keys(draft, at=at)
    if may_change is None:
        return
    before: Mapping[str, Any] = draft.materials[section]
    for particular in particulars_of(section):
        if particular.key in may_change:
            continue
        candidate[section].pop(particular.name, None)
        if particular.name in before:
            candidate[section][particular.name] = before[particular.name]


def refuse_locked_slot(draft: Draft, slot: str, *, at: datetime) -> None:
    """Raises NotFound for a slot that is not open: its page has no such form."""
    if not is_slot(slot):
        return
    may_change = _open_keys(draft, at=at)
    if may_change is not None and find_slot(slot).key not in may_change:
        raise NotFound("slot_locked", slot=slot)


def _open_keys(draft: Draft, *, at: datetime) -> frozenset[str] | None:
    """What of an amendment or a change may be changed; None where everything may."""
    amendment = amendments.amendment_of(draft)
    if amendment is not None:
        return amendments.open_keys(draft, amendment, at=at)
    change = changes.change_of(draft)
    return changes.open_keys(draft, change, at=at) if change is not None else None
