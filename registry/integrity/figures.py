"""Compares the offices' figures that are kept by day with what the book says of these days."""

from __future__ import annotations

from collections.abc import Iterator

from registry.calendar.current import current_calendar
from registry.integrity.reading import SILENT, Progress
from registry.integrity.violations import Violation
from registry.statistics.daily import differing_figures


def find_figure_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every figure of a day that is kept and differs from a count of the events, or is missing.

    Figures of another calendar are used by nobody, and not compared.
    """
    for key in progress.through(differing_figures(current_calendar()), "day figures"):
        where = " ".join(part for part in (key.province_code, key.name.value, key.of) if part)
        yield Violation("day_figure_differs", key.day.isoformat(), where)
