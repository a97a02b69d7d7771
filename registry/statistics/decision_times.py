"""How long decisions took, by month and province: for heads, and for everybody once the office opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count
from django.db.models.functions import TruncDate

from registry import clock
from registry.rules.days.deadlines import Period
from registry.rules.days.working_days import Calendar, count_working_days
from registry.rules.figures import Share
from registry.rules.workflow.events import CLOCK_DUE_ON, CLOCK_LATE_BY
from registry.statistics import offices

_ONE_DAY = timedelta(days=1)
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
    found: dict[tuple[date, str], DecisionTimes] = {}
    closings = (
        offices.events_since(since, province_code, offices.CLOSING_ACTS)
        .filter(**{f"{CLOCK_LATE_BY}__isnull": False}, at__lt=clock.start_of(until + _ONE_DAY))
        .annotate(closed_on=TruncDate("at", tzinfo=clock.CHINA))
        .values_list("province_code", "closed_on", CLOCK_DUE_ON, CLOCK_LATE_BY)
        .annotate(count=Count("pk"))
    )
    for code, closed_on, due_on, late_by, count in closings:
        key = (closed_on.replace(day=1), code)
        line = found.setdefault(key, DecisionTimes(*key))
        left = count_working_days(closed_on, date.fromisoformat(due_on), calendar) if not late_by else 0
        ran = Period.DECISION.working_days - left + late_by
        line.closed += count
        line.in_time += 0 if late_by else count
        line.working_days += ran * count
        line.longest = max(line.longest, ran)
    return sorted(found.values(), key=lambda line: (-line.month.toordinal(), line.province_code))
