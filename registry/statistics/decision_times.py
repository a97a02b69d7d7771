"""How long decisions took, by month and province: for heads, and for everybody once the office opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from registry.rules.days.working_days import Calendar
from registry.rules.figures import Share
from registry.statistics.daily import FigureName, Figures, month_figures

_TENTH = Decimal("0.1")


@dataclass(slots=True)
class DecisionTimes:
    """The decision clocks of a province's cases that closed in a month of China, and the working days they ran.

    The days are counted from the day after receipt up to and including the day on which the clock closed.
    """

    month: date
    province_code: str
    closed: int = 0
    in_time: int = 0
    working_days: int = 0
    longest: int = 0

    @property
    def share_in_time(self) -> Share:
        """Those closed within 20 working days (Art. 12), of all that closed."""
        return Share(self.in_time, self.closed)

    @property
    def average(self) -> Decimal:
        """The average of the working days, with one decimal, half up."""
        return (Decimal(self.working_days) / self.closed).quantize(_TENTH, rounding=ROUND_HALF_UP)


def decision_times(
    *, since: date, until: date, calendar: Calendar, province_code: str = ""
) -> list[DecisionTimes]:
    """By month and province, the decision clocks closed from the month of `since` up to and including `until`.

    The latest month comes first, within it the provinces by their codes; what is empty is left out.
    """
    figures = month_figures(
        since=since.replace(day=1),
        until=until,
        calendar=calendar,
        province_code=province_code,
        names={FigureName.CLOSED},
    )
    return times_in(figures)


def times_in(figures: Figures) -> list[DecisionTimes]:
    """The decision times of these months, in the order of `decision_times`."""
    found = [
        DecisionTimes(
            key.day,
            key.province_code,
            tally.count,
            tally.count - tally.late,
            tally.working_days,
            tally.longest,
        )
        for key, tally in figures.items()
        if key.name is FigureName.CLOSED
    ]
    return sorted(found, key=lambda line: (-line.month.toordinal(), line.province_code))
