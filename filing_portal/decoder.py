"""The decoder: a process of its own that takes files from the database's list and has each read in a confined child.

It reaches the database and the folder of the files, and nothing else: no broker, no mail server, no gateway. The
children get one file by pipe, and have neither keys nor connections (`registry/storage/checks/isolation.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from filing_portal.list_workers import Trade, end_at_once, run_process

AT_ONCE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    return run_process(
        arguments,
        _trade,
        description="Read the files that wait.",
        at_once=AT_ONCE,
        pieces="files",
        alive="a decoder lives",
    )


def _trade() -> Trade:
    from registry.files import decoding
    from registry.storage import waiting

    return Trade(
        "decoder",
        decoding.work_once,
        lambda at: decoding.say_alive(at=at),
        waiting.give_back,
        lambda at: decoding.is_alive(at=at),
    )


if __name__ == "__main__":
    end_at_once(main())
