"""The visits: a process of its own that takes web addresses from the database's list and has the visitor look at each.

It reaches the database and the visitor's socket, and nothing else. A site that hangs holds one of its few workers, and
neither the web nor the jobs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from filing_portal.list_workers import ListWorkers, Trade

AT_ONCE = 3


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Have the web addresses looked at that wait.")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="how many addresses at once")
    parser.add_argument(
        "--is-alive",
        action="store_true",
        help="exit with 1 unless such a process lives and a visitor answers it; start none",
    )
    given = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")
    import django

    django.setup()
    from registry import clock
    from review.visits import visiting, waiting

    if given.is_alive:
        return 0 if visiting.is_alive(at=clock.now()) else 1
    from filing_portal.surroundings import refuse_unsafe_role

    refuse_unsafe_role()
    trade = Trade("visits", visiting.work_once, lambda at: visiting.say_alive(at=at), waiting.give_back)
    ListWorkers(trade, at_once=given.at_once).run_until_signalled()
    return 0


if __name__ == "__main__":
    status = main()
    # At once: a thread that waits for the visitor would be waited for.
    sys.stdout.flush()
    os._exit(status)
