"""How a check reads tables that are larger than its memory: in one order, side by side, and in batches."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import Any, TypeVar

# Rows fetched at a time by a cursor in the database, and rows whose neighbours are loaded by one query.
FETCHED = 2_000
BATCH = 500

_TOLD_EVERY = 1_000

Item = TypeVar("Item")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts rows as they are read, and says now and then which rows and how many."""

    say: Callable[[str, int], None] | None = None

    def through(self, rows: Iterable[Item], what: str) -> Iterator[Item]:
        """The rows, counted."""
        if self.say is None:
            yield from rows
            return
        self.say(what, 0)
        for number, row in enumerate(rows, start=1):
            if number % _TOLD_EVERY == 0:
                self.say(what, number)
            yield row


SILENT = Progress()


def side_by_side(*tables: Iterable[Row]) -> Iterator[tuple[Any, list[list[Row]]]]:
    """Every key that begins a row, in order, with the rows of each table that begin with it: none, one or several.

    Each table must be ordered by that key. No more than the rows of one key are held.
    """
    merged = heapq.merge(*(map(partial(_placed, place), rows) for place, rows in enumerate(tables)), key=_key)
    for key, group in groupby(merged, key=_key):
        found: list[list[Row]] = [[] for _table in tables]
        for place, row in group:
            found[place].append(row)
        yield key, found


def in_batches(items: Iterable[Item], *, size: int = BATCH) -> Iterator[list[Item]]:
    """The items in lists of `size`, of which the last may be shorter."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def _placed(place: int, row: Row) -> tuple[int, Row]:
    return place, row


def _key(placed: tuple[int, Row]) -> Any:
    return placed[1][0]
