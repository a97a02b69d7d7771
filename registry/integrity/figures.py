"""Compares the offices' figures that are kept by day and by month with what the book says of these days."""

from __future__ import annotations

from collections.abc import Iterator

from registry.calendar.current import current_calendar
from registry.integrity.reading import SILENT, Progress
from registry.integrity.violations import Violation
from registry.statistics.daily import differing_figures


def find_figure_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every figure of a day or a month that is kept and differs from a count of the events, or is missing.

    Figures of another calendar are used by nobody, and not compared.
    """
    for each in progress.through(differing_figures(current_calendar()), "day figures"):
        key = each.key
        where = " ".join(part for part in (key.province_code, key.name.value, key.of) if part)
        code = "month_figure_differs" if each.is_of_month else "day_figure_differs"
        yield Violation(code, key.day.isoformat(), where)
