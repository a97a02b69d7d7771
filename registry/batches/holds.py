"""Which entries of a list an objection holds back from becoming final: derived, and kept in no column."""

from __future__ import annotations

from enum import StrEnum

from registry.models import BatchEntry, BatchList, Event, Objection
from registry.rules.batches.events import held_of
from registry.rules.batches.lifecycle import ListAct, ListState
from registry.rules.objections.lifecycle import HOLDING_STATES, ObjectionState

_HOLDING = sorted(state.value for state in HOLDING_STATES)


class EntryStanding(StrEnum):
    """How firm an entry of a published list is. Only the national office reads it: it would tell of open objections."""

    OPEN = "open"
    HELD = "held"
    FINAL = "final"
    OBJECTION_UPHELD = "objection_upheld"


def held_positions(batch_list: BatchList) -> list[int]:
    """The positions that an admitted, undecided objection holds back now, in order."""
    holding = Objection.objects.filter(entry__batch_list=batch_list, state__in=_HOLDING)
    return sorted(set(holding.values_list("entry__position", flat=True)))


def held_at_the_end(batch_list: BatchList) -> tuple[int, ...]:
    """The positions that were held back when the list became final, as its event says."""
    last = Event.objects.filter(stream_id=batch_list.pk, act=ListAct.FINALISE.value).first()
    return () if last is None else held_of(last.payload)


def standing_of(entry: BatchEntry) -> EntryStanding:
    """Whether an entry is open, held, final, or not to become final because an objection was upheld.

    An objection that comes in after the list became final holds nothing back any more; upheld, it counts all the same.
    """
    states = set(Objection.objects.filter(entry=entry).values_list("state", flat=True))
    if ObjectionState.UPHELD in states:
        return EntryStanding.OBJECTION_UPHELD
    is_held = not states.isdisjoint(_HOLDING)
    if entry.batch_list.state != ListState.FINAL:
        return EntryStanding.HELD if is_held else EntryStanding.OPEN
    if is_held and entry.position in held_at_the_end(entry.batch_list):
        return EntryStanding.HELD
    return EntryStanding.FINAL
