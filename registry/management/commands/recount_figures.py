"""Throws away the offices' figures that are kept by day and counts them anew from the book."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry import clock
from registry.calendar.current import current_calendar
from registry.statistics import daily


class Command(BaseCommand):
    """For figures that `check_register` finds to differ. Pages count from the book meanwhile."""

    help = "Throws away the figures of heads that are kept by day, and counts them anew from the book."

    def handle(self, *_args: Any, **_options: Any) -> None:
        daily.throw_away()
        days = daily.keep_days(calendar=current_calendar(), at=clock.now())
        self.stdout.write(f"{days} days counted")
