"""The decoder: a process of its own that takes files from the database's list and has each read in a confined child.

It reaches the database and the folder of the files, and nothing else: no broker, no mail server, no gateway. The
children get one file by pipe, and have neither keys nor connections (`registry/storage/checks/isolation.py`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from filing_portal.list_workers import ListWorkers, Trade

AT_ONCE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Read the files that wait.")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="how many files at once")
    parser.add_argument(
        "--is-alive", action="store_true", help="exit with 1 unless a decoder lives; start none"
    )
    given = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")
    import django

    django.setup()
    from registry import clock
    from registry.files import decoding
    from registry.storage import waiting

    if given.is_alive:
        return 0 if decoding.is_alive(at=clock.now()) else 1
    from filing_portal.surroundings import refuse_unsafe_role

    refuse_unsafe_role()
    trade = Trade("decoder", decoding.work_once, lambda at: decoding.say_alive(at=at), waiting.give_back)
    ListWorkers(trade, at_once=given.at_once).run_until_signalled()
    return 0


if __name__ == "__main__":
    status = main()
    # At once: a thread that waits for its child would be waited for.
    sys.stdout.flush()
    os._exit(status)
