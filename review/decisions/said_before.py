"""What the officers of the round so far recommended, proposed, asked or sent back, beside the decision to be made."""

from __future__ import annotations

from collections.abc import Iterable

from registry.presentation.timeline import TimelineEntry
from registry.rules.workflow.states import PROPOSALS, Act

_SAID = frozenset({Act.FORWARD, Act.RETURN_TO_PROVINCE, Act.SEND_BACK, *PROPOSALS})
_BEGINS = frozenset({Act.SUBMIT, Act.RESUBMIT})


def said_in_round(newest_first: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """The steps of officers with their words in the round that is open, newest first."""
    found = []
    for entry in newest_first:
        if entry.act in _BEGINS:
            break
        if entry.act in _SAID:
            found.append(entry)
    return found
