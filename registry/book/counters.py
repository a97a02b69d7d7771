"""Counters of numbers without gaps: a counter's row is locked until the transaction ends."""

from __future__ import annotations

from typing import Any, TypeVar

from registry.models import ListCounter, ObjectionCounter, PaperCounter, ReceiptCounter, StrikingOffCounter

AnyCounter = TypeVar(
    "AnyCounter", ListCounter, ObjectionCounter, PaperCounter, ReceiptCounter, StrikingOffCounter
)


def lock_counter(counter: type[AnyCounter], **of: Any) -> AnyCounter:
    """The counter of what is named, made when it is new, and locked."""
    counter.objects.get_or_create(**of)
    return counter.objects.select_for_update().get(**of)


def count_on(counter: AnyCounter) -> int:
    """The next number of a locked counter."""
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
