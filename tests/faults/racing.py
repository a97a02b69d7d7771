"""Two people who act at the same moment: threads that start together, and what came of it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

# One of two may be a little behind, as people are, and by more than a page takes to come to its lock.
_HEAD_START_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Side:
    """One of two: a name, what it does, and how its answer reads: won, or lost and told so."""

    name: str
    act: Callable[[], Any]
    read: Callable[[Any], str]


def run_together(functions: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


def race(first: Side, second: Side, *, seed: int) -> tuple[str, str]:
    """What became of each; which of the two starts a little later is drawn from the seed."""
    ready = threading.Barrier(2)
    draw = random.Random(seed)
    found: dict[str, str] = {}

    def run(side: Side, delay: float) -> Callable[[], None]:
        def act() -> None:
            try:
                ready.wait(timeout=20)
                time.sleep(delay)
                found[side.name] = side.read(side.act())
            finally:
                connection.close()

        return act

    delays = [0.0, draw.uniform(0, _HEAD_START_SECONDS)]
    draw.shuffle(delays)
    run_together([run(side, delay) for side, delay in zip((first, second), delays, strict=True)])
    return found.get(first.name, "no answer"), found.get(second.name, "no answer")
