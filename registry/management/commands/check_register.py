"""`manage.py check_register`: prints every violation of the register's integrity and what was checked."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand

from registry.integrity.reading import SILENT, Progress
from registry.integrity.register import verify_register

_SECONDS_BETWEEN_LINES = 10


class Command(BaseCommand):
    """Verifies the whole register; exit status 1 when there is a violation. On a terminal it says how far it is."""

    help = "Checks the whole register against its events; exit status 1 when anything is wrong."

    def handle(self, *_args: Any, **_options: Any) -> None:
        say = now_and_then(self._say_how_far, seconds=_SECONDS_BETWEEN_LINES)
        report = verify_register(Progress(say) if self.stderr.isatty() else SILENT)
        for violation in report.violations:
            self.stdout.write(str(violation))
        counts = ", ".join(f"{count} {what}" for what, count in report.counts.items())
        self.stdout.write(f"checked {counts}: {len(report.violations)} violations")
        if report.violations:
            sys.exit(1)

    def _say_how_far(self, what: str, number: int) -> None:
        self.stderr.write(f"checking {what}: {number:,} read", self.style.NOTICE)


def now_and_then(say: Callable[[str, int], None], *, seconds: float) -> Callable[[str, int], None]:
    """Says what it is told at most once in so many seconds, the first time after as many."""
    last = time.monotonic()

    def say_if_due(what: str, number: int) -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            say(what, number)

    return say_if_due
