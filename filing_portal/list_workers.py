"""A process that takes its work from a list in the database, several pieces at once, until it is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag
from types import FrameType
from typing import NoReturn

_LOOKS_EVERY_SECONDS = 0.5
_SAYS_ALIVE_EVERY_SECONDS = 20.0
_DATABASE_LOST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Trade:
    """What such a process does, once Django is set up.

    `work_once` takes one piece in the name of a worker, does it, and gives whether there was one. `say_alive` notes
    that the process lives. `give_back` frees what a worker that is about to stop is at work on. `is_alive` says whether
    such a process lives, and whatever it needs.
    """

    name: str
    work_once: Callable[[str], bool]
    say_alive: Callable[[datetime], object]
    give_back: Callable[[str], object]
    is_alive: Callable[[datetime], bool]


class ListWorkers:
    """So many pieces at once until told to stop; what they were at work on is then free for the next process."""

    def __init__(self, trade: Trade, *, at_once: int) -> None:
        own = f"{socket.gethostname()[:32]}-{os.getpid()}"
        self.trade = trade
        self.names = [f"{own}-{number}" for number in range(1, at_once + 1)]
        self.stopping = Flag()

    def ask_to_stop(self, _signal_number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def run_until_signalled(self) -> None:
        """Works until SIGINT or SIGTERM."""
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, self.ask_to_stop)
        self.run()

    def run(self) -> None:
        """Works until `stopping` is set."""
        from django.db import DatabaseError, close_old_connections
        from structlog import get_logger

        from registry import clock

        log = get_logger(__name__)
        for name in self.names:
            # Daemons: a piece at work keeps nobody from stopping.
            threading.Thread(target=self._work, args=(name,), daemon=True).start()
        log.info(f"{self.trade.name}_started", at_once=len(self.names))
        while not self.stopping.is_set():
            close_old_connections()
            try:
                self.trade.say_alive(clock.now())
            except DatabaseError as error:
                log.warning(f"{self.trade.name}_without_database", reason=type(error).__name__)
            self.stopping.wait(_SAYS_ALIVE_EVERY_SECONDS)
        self._give_back()

    def _work(self, name: str) -> None:
        from django.db import DatabaseError, close_old_connections
        from structlog import get_logger

        log = get_logger(__name__)
        while not self.stopping.is_set():
            close_old_connections()
            try:
                had_work = self.trade.work_once(name)
            except DatabaseError as error:
                log.warning(f"{self.trade.name}_without_database", reason=type(error).__name__)
                self.stopping.wait(_DATABASE_LOST_SECONDS)
            else:
                if not had_work:
                    self.stopping.wait(_LOOKS_EVERY_SECONDS)

    def _give_back(self) -> None:
        from django.db import DatabaseError

        for name in self.names:
            try:
                self.trade.give_back(name)
            except DatabaseError:
                return


def run_process(
    arguments: Sequence[str] | None,
    trade: Callable[[], Trade],
    *,
    description: str,
    at_once: int,
    pieces: str,
    alive: str,
) -> int:
    """Reads the arguments of such a process and does its trade until it is told to stop; gives its exit status.

    `trade` is asked for once Django is set up. `at_once` is how many `pieces` it works on unless told otherwise.
    `alive` says what `--is-alive` asks, which starts nothing.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--at-once", type=int, default=at_once, help=f"how many {pieces} at once")
    parser.add_argument("--is-alive", action="store_true", help=f"exit with 1 unless {alive}; start none")
    given = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")
    import django

    django.setup()
    from registry import clock

    its = trade()
    if given.is_alive:
        return 0 if its.is_alive(clock.now()) else 1
    from filing_portal.surroundings import refuse_unsafe_role

    refuse_unsafe_role()
    ListWorkers(its, at_once=given.at_once).run_until_signalled()
    return 0


def end_at_once(status: int) -> NoReturn:
    """Ends the process: a thread that waits for its piece would be waited for."""
    sys.stdout.flush()
    os._exit(status)
