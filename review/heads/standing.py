"""What lies where now, in a head's jurisdiction: the running decision clocks by day of receipt, province and place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Count, Value
from django.db.models.functions import Greatest

from registry.book.decision_period import SOON_WORKING_DAYS
from registry.deadlines.application_clock import RUNNING
from registry.models import Account
from registry.rules.days.deadlines import Deadline, decision_due, last_receipt_due_by
from registry.rules.days.working_days import Calendar, add_working_days
from registry.rules.workflow.decision_clock import Place, place_of
from registry.rules.workflow.states import State
from review.access import cases_of

FORECAST_WORKING_DAYS = 10
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lying:
    """So many cases of a province that were received on one day and lie at one place.

    All that is late is together, as of the last day of receipt whose cases are late.
    """

    received_on: date
    province_code: str
    place: Place
    due: Deadline
    count: int


@dataclass(frozen=True)
class Standing:
    """The cases whose clock runs, as of `today`; `last_soon` is the last day of those that are due soon."""

    rows: tuple[Lying, ...]
    today: date
    last_soon: date

    def count(self, holds: Callable[[Lying], bool]) -> int:
        """How many cases there are of the rows that hold."""
        return sum(row.count for row in self.rows if holds(row))

    @cached_property
    def total(self) -> int:
        """All of them."""
        return self.count(lambda _row: True)

    def at(self, place: Place) -> int:
        """Those that lie at a place."""
        return self.count(lambda row: row.place is place)

    @cached_property
    def late(self) -> int:
        """Those whose last day is over."""
        return self.count(self.is_late)

    @cached_property
    def soon(self) -> int:
        """Those that are not late, and whose last day comes within SOON_WORKING_DAYS."""
        return self.count(self.is_soon)

    def is_late(self, row: Lying) -> bool:
        """Whether the last day of these cases is over."""
        return row.due.due_on < self.today

    def is_soon(self, row: Lying) -> bool:
        """Whether these cases are due within SOON_WORKING_DAYS, today included."""
        return self.today <= row.due.due_on <= self.last_soon


def standing_of(head: Account, *, calendar: Calendar, today: date) -> Standing:
    """What lies in the head's jurisdiction now; one query, which reads no case but counts them.

    It is answered from an index of the running clocks alone, and gives as many rows as there are days until a case is
    late, not as many as there are days of which one is left.
    """
    late_by = last_receipt_due_by(today - _ONE_DAY, calendar)
    counted = (
        cases_of(head)
        .select_related(None)
        .filter(RUNNING)
        .order_by()
        .values_list(Greatest("received_on", Value(late_by)), "province_code", "state")
        .annotate(count=Count("*"))
    )
    rows = tuple(
        Lying(received_on, province_code, place_of(State(state)), decision_due(received_on, calendar), count)
        for received_on, province_code, state, count in counted
    )
    return Standing(rows, today, add_working_days(today, SOON_WORKING_DAYS, calendar))
