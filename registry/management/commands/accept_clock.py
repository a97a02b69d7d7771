"""Says that the clock is right after the portal was not at work for more than a week."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.jobs import clock_watch


class Command(BaseCommand):
    """For whoever runs the portal, once the machine's clock was compared with a clock that is right."""

    help = "Says that this machine's clock is right after more than a week without work, so that jobs go on."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            clock_watch.accept_clock(at=clock.now())
        except clock_watch.ClockWrong as error:
            raise CommandError(f"The clock still cannot be right: {error.code}") from error
        self.stdout.write(f"{clock.now():%Y-%m-%d %H:%M} UTC is taken as right")
