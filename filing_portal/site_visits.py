"""The visits: a process of its own that takes web addresses from the database's list and has the visitor look at each.

It reaches the database and the visitor's socket, and nothing else. A site that hangs holds one of its few workers, and
neither the web nor the jobs.
"""

from __future__ import annotations

from collections.abc import Sequence

from filing_portal.list_workers import Trade, end_at_once, run_process

AT_ONCE = 3


def main(arguments: Sequence[str] | None = None) -> int:
    return run_process(
        arguments,
        _trade,
        description="Have the web addresses looked at that wait.",
        at_once=AT_ONCE,
        pieces="addresses",
        alive="such a process lives and a visitor answers it",
    )


def _trade() -> Trade:
    from review.visits import visiting, waiting

    return Trade(
        "visits",
        visiting.work_once,
        lambda at: visiting.say_alive(at=at),
        waiting.give_back,
        lambda at: visiting.is_alive(at=at),
    )


if __name__ == "__main__":
    end_at_once(main())
