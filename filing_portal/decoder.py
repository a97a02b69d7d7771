"""The decoder: a process of its own that takes files from the database's list and has each read in a confined child.

It reaches the database and the folder of the files, and nothing else: no broker, no mail server, no gateway. The
children get one file by pipe, and have neither keys nor connections (`registry/storage/checks/isolation.py`).
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from threading import Event as Flag
from types import FrameType

AT_ONCE = 2
_LOOKS_EVERY_SECONDS = 0.5
_SAYS_ALIVE_EVERY_SECONDS = 20.0
_DATABASE_LOST_SECONDS = 5.0


class Decoder:
    """So many files at once until it is told to stop; what it was at work on is then free for the next one."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        own = f"{socket.gethostname()[:32]}-{os.getpid()}"
        self.names = [f"{own}-{number}" for number in range(1, at_once + 1)]
        self.stopping = Flag()

    def ask_to_stop(self, _signal_number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Works until `stopping` is set."""
        from django.db import DatabaseError, close_old_connections
        from structlog import get_logger

        from registry import clock
        from registry.files.decoding import say_alive

        log = get_logger(__name__)
        for name in self.names:
            # Daemons: a file at work keeps nobody from stopping.
            threading.Thread(target=self._work, args=(name,), daemon=True).start()
        log.info("decoder_started", at_once=len(self.names))
        while not self.stopping.is_set():
            close_old_connections()
            try:
                say_alive(at=clock.now())
            except DatabaseError as error:
                log.warning("decoder_without_database", reason=type(error).__name__)
            self.stopping.wait(_SAYS_ALIVE_EVERY_SECONDS)
        self._give_back()

    def _work(self, name: str) -> None:
        from django.db import DatabaseError, close_old_connections
        from structlog import get_logger

        from registry.files.decoding import work_once

        log = get_logger(__name__)
        while not self.stopping.is_set():
            close_old_connections()
            try:
                had_work = work_once(name)
            except DatabaseError as error:
                log.warning("decoder_without_database", reason=type(error).__name__)
                self.stopping.wait(_DATABASE_LOST_SECONDS)
            else:
                if not had_work:
                    self.stopping.wait(_LOOKS_EVERY_SECONDS)

    def _give_back(self) -> None:
        from django.db import DatabaseError

        from registry.storage import waiting

        for name in self.names:
            try:
                waiting.give_back(name)
            except DatabaseError:
                return


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
    if given.is_alive:
        from registry import clock
        from registry.files.decoding import is_alive

        return 0 if is_alive(at=clock.now()) else 1
    from filing_portal.surroundings import refuse_unsafe_role

    refuse_unsafe_role()
    decoder = Decoder(given.at_once)
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, decoder.ask_to_stop)
    decoder.run()
    return 0


if __name__ == "__main__":
    status = main()
    # At once: a thread that waits for its child would be waited for.
    sys.stdout.flush()
    os._exit(status)
