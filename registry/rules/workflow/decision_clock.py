"""The decision clock of one round: which desk holds the case, for how long, and what is due on it (Art. 12)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from registry.rules.days.deadlines import REMINDER_DAYS, Period
from registry.rules.days.working_days import Calendar, count_working_days
from registry.rules.errors import FilingError
from registry.rules.workflow.lifecycle import state_after
from registry.rules.workflow.states import DESKS, OPEN_STATES, Act, Kind, Outcome, Role, State

# The code of a decided case that `awaits_delivery`, where a case has one code for where it stands.
UNDELIVERED = "undelivered"
_ONE_DAY = timedelta(days=1)
_ROUND_STARTS = frozenset({Act.SUBMIT, Act.RESUBMIT})


@dataclass(frozen=True, slots=True)
class RoundStep:
    """One act of a round on its day in China; `outcome` is what a confirmation confirmed."""

    act: Act
    on: date
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class DeskTime:
    """How long a desk held the case without a break; `since` is the day it came there."""

    desk: Role
    since: date
    working_days: int


def is_running(*, state: State, kind: Kind, is_closed: bool) -> bool:
    """Whether a round's clock still runs.

    The clock of a first filing runs until its number is public, that of a rejection until the notice has
    reached the applicant; every other decision stops it at once.
    """
    if is_closed:
        return False
    return state in (*OPEN_STATES, State.REJECTED) or (state is State.APPROVED and kind is Kind.INITIAL)


def awaits_delivery(*, state: State, is_closed: bool) -> bool:
    """Whether an application is rejected and the notice has reached nobody yet: it is decided, its clock runs on."""
    return state is State.REJECTED and not is_closed


class Place(StrEnum):
    """Where a case lies while its clock runs."""

    PROVINCE = "province"
    NATION = "nation"
    UNDELIVERED = UNDELIVERED


def place_of(state: State) -> Place:
    """Where a case in this state lies whose clock runs.

    What is approved and awaits its number lies at the national office, which alone approves; what is rejected and has
    reached nobody yet lies at no desk.
    """
    if state is State.REJECTED:
        return Place.UNDELIVERED
    return Place.PROVINCE if DESKS.get(state) is Role.PROVINCIAL_REVIEWER else Place.NATION


def latest_round(steps: Sequence[RoundStep]) -> Sequence[RoundStep]:
    """The steps from the last submission that started a clock."""
    starts = [index for index, step in enumerate(steps) if step.act in _ROUND_STARTS]
    return steps[starts[-1] :] if starts else ()


def holder_at_end_of(day: date, steps: Iterable[RoundStep]) -> Role:
    """The desk that held the case when a day ended, by the steps of one round.

    A decided case stays with the desk that decided it. Raises FilingError before the round's first day.
    """
    holder: Role | None = None
    for desk, since in _holders(steps):
        if since > day:
            break
        holder = desk
    if holder is None:
        raise FilingError("round_not_begun", day=day.isoformat())
    return holder


def times_at_desks(steps: Iterable[RoundStep], until: date, calendar: Calendar) -> tuple[DeskTime, ...]:
    """The stays of one round, in their order, in whole working days that add up to the day number.

    A working day belongs to the desk that held the case when the day ended, the last day to the desk that
    held it last. The day of receipt is not counted.
    """
    stays = _holders(steps)
    if not stays:
        return ()
    received_on = stays[0][1]
    times = []
    for index, (desk, since) in enumerate(stays):
        following = stays[index + 1][1] if index + 1 < len(stays) else until + _ONE_DAY
        first, last = max(since - _ONE_DAY, received_on), min(following - _ONE_DAY, until)
        days = count_working_days(first, last, calendar) if last > first else 0
        times.append(DeskTime(desk, since, days))
    return tuple(times)


def reminders_due(day_number: int, *, known: Container[int]) -> tuple[int | None, tuple[int, ...]]:
    """The reminder day to notify now, if any, and the due days it supersedes; `known` days are done.

    Of several days that came due together only the newest is notified. After day 20 none is: by then the
    lateness is notified instead.
    """
    due = [day for day in REMINDER_DAYS if day <= day_number and day not in known]
    if not due or day_number > Period.DECISION.working_days:
        return None, tuple(due)
    return due[-1], tuple(due[:-1])


def _holders(steps: Iterable[RoundStep]) -> list[tuple[Role, date]]:
    """Each desk with the day the case came to it, changes of desk only."""
    state: State | None = None
    stays: list[tuple[Role, date]] = []
    for step in steps:
        if step.act is Act.RESUBMIT:
            state = State.REJECTED  # the steps of one round leave out how the round before it ended
        state = state_after(state, step.act, outcome=step.outcome)
        desk = DESKS.get(state)
        if desk is not None and (not stays or stays[-1][0] is not desk):
            stays.append((desk, step.on))
    return stays
