"""The offices' figures by day: of days that are over counted once and kept, of the others counted when asked for.

What happened on a day stands in events, which are only ever added, with the moment they were recorded: the figures of
a day that is over never change. They are kept so that a page need not read the events of a year, with their sums by
month, and lose nothing when they are thrown away: what is not kept is counted from the book. They hold for one
calendar, of which the days that a case ran are counted; with another they are made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth

from registry import clock
from registry.models import CountedDays, DayFigure, Event, MonthFigure
from registry.rules.days.deadlines import Period
from registry.rules.days.working_days import Calendar, count_working_days
from registry.rules.workflow import decision_clock
from registry.rules.workflow.decision_clock import RoundStep
from registry.rules.workflow.events import (
    CLOCK_DUE_ON,
    CLOCK_LATE_BY,
    DESK,
    LATE_BY,
    OUTCOME,
    SUBMITTED_KIND,
    outcome_of,
)
from registry.rules.workflow.states import PROVINCE, Act, Role
from registry.statistics.months import month_after

# The acts that close a decision clock; whether one did stands in its event.
CLOSING_ACTS = (Act.ISSUE_NUMBER, Act.APPROVE, Act.CONFIRM, Act.NOTICE_DELIVERED, Act.LAPSE)
_DECIDING = (Act.APPROVE, Act.REJECT, Act.CONFIRM)
_ONE_DAY = timedelta(days=1)
# An act that was begun before midnight may be recorded a moment after it.
_SETTLED_AFTER = timedelta(hours=1)
_AT_ONCE = 2_000
# The columns of a tally.
_SUMS = ("count", "late", "working_days", "longest")


class FigureName(StrEnum):
    """What is counted of a day.

    CLOSED are the clocks that closed, with the working days that they ran; MISSED the cases that passed to the nation
    after day 15; LATE those that became late, by the desk that had them; RECEIVED the first submissions, by kind;
    DECIDED the rounds that were decided, and STAYED the working days of these at each desk.
    """

    CLOSED = "closed"
    MISSED = "missed"
    LATE = "late"
    RECEIVED = "received"
    DECIDED = "decided"
    STAYED = "stayed"


ALL = frozenset(FigureName)
CLOCKS = frozenset({FigureName.CLOSED, FigureName.MISSED, FigureName.LATE})
ROUNDS = frozenset({FigureName.DECIDED, FigureName.STAYED})


@dataclass(frozen=True, slots=True)
class FigureKey:
    """A figure of a province on a day, or in the month that begins on it; `of` is a kind or a desk, or empty."""

    day: date
    province_code: str
    name: FigureName
    of: str = ""


@dataclass(slots=True)
class Tally:
    """How many, how many of them late, the sum of their working days, and the most of one."""

    count: int = 0
    late: int = 0
    working_days: int = 0
    longest: int = 0

    def add(self, count: int, *, late: int = 0, working_days: int = 0, longest: int = 0) -> None:
        """Adds to the sums; `longest` is that of the larger."""
        self.count += count
        self.late += late
        self.working_days += working_days
        self.longest = max(self.longest, longest)


Figures = dict[FigureKey, Tally]


def month_figures(
    *,
    since: date,
    until: date,
    calendar: Calendar,
    province_code: str = "",
    names: Collection[FigureName] = ALL,
) -> Figures:
    """The figures by month from the day `since` up to and including `until`, of one province or of all.

    What is not in `names` is not counted, which is quicker where the days are not kept.
    """
    found: Figures = {}
    counted = _counted(calendar)
    if counted is not None and since <= counted.until:
        _add_kept(found, counted, since=since, until=until, province_code=province_code, names=names)
        since = counted.until + _ONE_DAY
    if since <= until:
        rest = count_days(since, until, calendar=calendar, province_code=province_code, names=names)
        _add_by_month(found, rest.items())
    return found


def kept_until(calendar: Calendar) -> date | None:
    """The last day, inclusive, whose figures are kept by this calendar; None where none are."""
    counted = _counted(calendar)
    return counted.until if counted is not None else None


def _counted(calendar: Calendar) -> CountedDays | None:
    return CountedDays.objects.filter(calendar_version=calendar.version).first()


def _add_by_month(found: Figures, figures: Iterable[tuple[FigureKey, Tally]]) -> None:
    """Adds figures of days, or of parts of months, to those of their months."""
    for key, tally in figures:
        month = FigureKey(key.day.replace(day=1), key.province_code, key.name, key.of)
        found.setdefault(month, Tally()).add(
            tally.count, late=tally.late, working_days=tally.working_days, longest=tally.longest
        )


def _add_kept(
    found: Figures,
    counted: CountedDays,
    *,
    since: date,
    until: date,
    province_code: str,
    names: Collection[FigureName],
) -> None:
    """Adds what is kept of these days: months that are asked for as far as they are kept, and the days beside them."""
    chosen = Q(name__in=[name.value for name in names])
    if province_code:
        chosen &= Q(province_code=province_code)
    until = min(until, counted.until)
    first = since if since.day == 1 else month_after(since.replace(day=1))
    last = until if until == counted.until or (until + _ONE_DAY).day == 1 else until.replace(day=1) - _ONE_DAY
    if counted.summed_until != counted.until or last < first:
        _add_by_month(found, _sums_of(chosen, since, until))
        return
    months = MonthFigure.objects.filter(chosen, month__gte=first, month__lte=last)
    rows = months.values_list("month", "province_code", "name", "of", *_SUMS)
    _add_by_month(found, (_figure(row) for row in rows))
    for begin, end in ((since, first - _ONE_DAY), (last + _ONE_DAY, until)):
        if begin <= end:
            _add_by_month(found, _sums_of(chosen, begin, end))


def _sums_of(chosen: Q, since: date, until: date) -> Iterator[tuple[FigureKey, Tally]]:
    """The sums by month of the kept days from `since` to `until`, both included."""
    summed = (
        DayFigure.objects.filter(chosen, day__gte=since, day__lte=until)
        .annotate(month=TruncMonth("day"))
        .order_by()
        .values_list("month", "province_code", "name", "of")
        .annotate(Sum("count"), Sum("late"), Sum("working_days"), Max("longest"))
    )
    return (_figure(row) for row in summed)


def _figure(row: Sequence[Any]) -> tuple[FigureKey, Tally]:
    day, code, name, of, *sums = row
    return FigureKey(day, code, FigureName(name), of), Tally(*sums)


# ---------------------------------------------------------------- counting


def count_days(
    first: date,
    last: date,
    *,
    calendar: Calendar,
    province_code: str = "",
    names: Collection[FigureName] = ALL,
) -> Figures:
    """The figures of the days from `first` to `last`, both included, counted from events alone."""
    found: Figures = {}
    events = Event.objects.filter(
        at__gte=clock.start_of(first), at__lt=clock.start_of(last + _ONE_DAY), application__isnull=False
    )
    if province_code:
        events = events.filter(province_code=province_code)
    if CLOCKS & set(names):
        _count_clocks(found, events, calendar)
    if FigureName.RECEIVED in names:
        _count_received(found, events)
    if ROUNDS & set(names):
        _count_rounds(found, events, calendar)
    return {key: tally for key, tally in found.items() if key.name in names}


def _count_clocks(found: Figures, events: QuerySet[Event], calendar: Calendar) -> None:
    acts = (*CLOSING_ACTS, Act.RECORD_LATENESS, Act.ESCALATE)
    counted = (
        events.filter(act__in=[act.value for act in acts])
        .annotate(on=TruncDate("at", tzinfo=clock.CHINA))
        .order_by()
        .values_list("on", "province_code", "act", DESK, CLOCK_DUE_ON, CLOCK_LATE_BY)
        .annotate(count=Count("pk"))
    )
    for on, code, act, desk, due_on, late_by, count in counted:
        if act == Act.ESCALATE:
            _tally(found, on, code, FigureName.MISSED).add(count)
        elif act == Act.RECORD_LATENESS:
            at_desk = Role.PROVINCIAL_REVIEWER if Role(desk) in PROVINCE else Role.NATIONAL_REVIEWER
            _tally(found, on, code, FigureName.LATE, at_desk.value).add(count)
        elif late_by is not None:
            left = 0 if late_by else count_working_days(on, date.fromisoformat(due_on), calendar)
            ran = Period.DECISION.working_days - left + late_by
            _tally(found, on, code, FigureName.CLOSED).add(
                count, late=count if late_by else 0, working_days=ran * count, longest=ran
            )


def _count_received(found: Figures, events: QuerySet[Event]) -> None:
    counted = (
        events.filter(act=Act.SUBMIT.value)
        .annotate(on=TruncDate("at", tzinfo=clock.CHINA))
        .order_by()
        .values_list("on", "province_code", SUBMITTED_KIND, LATE_BY)
        .annotate(count=Count("pk"))
    )
    for on, code, kind, late_by, count in counted:
        _tally(found, on, code, FigureName.RECEIVED, kind).add(count, late=count if late_by else 0)


def _count_rounds(found: Figures, events: QuerySet[Event], calendar: Calendar) -> None:
    """The rounds that were decided, each on the day of its decision: an application may have several."""
    deciding = events.filter(act__in=[act.value for act in _DECIDING])
    decided = set(deciding.order_by().values_list("application", "sequence"))
    histories = (
        Event.objects.filter(application__in=deciding.values("application"))
        .order_by("application", "sequence")
        .values_list("application", "sequence", "province_code", "act", "at", OUTCOME)
    )
    steps: list[RoundStep] = []
    of = None
    for application, sequence, code, name, at, outcome in histories.iterator(_AT_ONCE):
        if application != of:
            steps, of = [], application
        act, on = Act(name), clock.china_date(at)
        steps.append(RoundStep(act, on, outcome_of(act, {"outcome": outcome})))
        if (application, sequence) not in decided:
            continue
        _tally(found, on, code, FigureName.DECIDED).add(1)
        for stay in decision_clock.times_at_desks(decision_clock.latest_round(steps), on, calendar):
            _tally(found, on, code, FigureName.STAYED, stay.desk.value).add(1, working_days=stay.working_days)


def _tally(found: Figures, on: date, code: str, name: FigureName, of: str = "") -> Tally:
    return found.setdefault(FigureKey(on, code, name, of), Tally())


# ---------------------------------------------------------------- keeping


def keep_days(*, calendar: Calendar, at: datetime) -> int:
    """Counts and keeps the days that are over and not kept yet, a month at a time; gives how many days.

    Figures of another calendar are thrown away first. May run twice, late or be killed.
    """
    last = clock.china_date(at - _SETTLED_AFTER) - _ONE_DAY
    CountedDays.objects.exclude(calendar_version=calendar.version).delete()
    counted = _counted(calendar)
    if counted is not None:
        until = counted.until
        if counted.summed_until != until:
            _sum_months(date.min, until)
    else:
        MonthFigure.objects.all().delete()
        DayFigure.objects.all().delete()
        begun = Event.objects.aggregate(first=Min("at"))["first"]
        if begun is None:
            return 0
        until = clock.china_date(begun) - _ONE_DAY
    days = 0
    while until < last:
        first = until + _ONE_DAY
        until = min(month_after(first.replace(day=1)) - _ONE_DAY, last)
        _keep(first, until, calendar)
        days += (until - first).days + 1
    return days


@transaction.atomic
def _keep(first: date, last: date, calendar: Calendar) -> None:
    DayFigure.objects.filter(day__gte=first).delete()
    counted = count_days(first, last, calendar=calendar)
    rows = [DayFigure(day=key.day, **_columns(key, tally)) for key, tally in counted.items()]
    DayFigure.objects.bulk_create(rows, batch_size=_AT_ONCE)
    CountedDays.objects.update_or_create(pk=1, defaults={"until": last, "calendar_version": calendar.version})
    _sum_months(first.replace(day=1), last)


@transaction.atomic
def _sum_months(first: date, last: date) -> None:
    """Sums the kept days of the month that begins on `first` and of those after it, up to the day `last`."""
    MonthFigure.objects.filter(month__gte=first).delete()
    summed = _sums_of(Q(), first, last)
    rows = [MonthFigure(month=key.day, **_columns(key, tally)) for key, tally in summed]
    MonthFigure.objects.bulk_create(rows, batch_size=_AT_ONCE)
    CountedDays.objects.update(summed_until=last)


def _columns(key: FigureKey, tally: Tally) -> dict[str, Any]:
    sums = {"count": tally.count, "late": tally.late}
    sums |= {"working_days": tally.working_days, "longest": tally.longest}
    return {"province_code": key.province_code, "name": key.name.value, "of": key.of, **sums}


def throw_away() -> None:
    """Throws away every figure that is kept; pages count from the book until the days are kept again."""
    with transaction.atomic():
        CountedDays.objects.all().delete()
        MonthFigure.objects.all().delete()
        DayFigure.objects.all().delete()


@dataclass(frozen=True, slots=True)
class Differing:
    """A kept figure of a day, or of the month that begins on it, that is not what the book says."""

    key: FigureKey
    is_of_month: bool


def differing_figures(calendar: Calendar) -> Iterator[Differing]:
    """Every figure that is kept and not what the book says, or that the book has and is not kept."""
    kept = _counted(calendar)
    begun = Event.objects.aggregate(first=Min("at"))["first"]
    if kept is None or begun is None:
        return
    first = clock.china_date(begun)
    while first <= kept.until:
        last = min(month_after(first.replace(day=1)) - _ONE_DAY, kept.until)
        counted = count_days(first, last, calendar=calendar)
        days = DayFigure.objects.filter(day__gte=first, day__lte=last)
        rows = days.values_list("day", "province_code", "name", "of", *_SUMS)
        yield from (Differing(key, is_of_month=False) for key in _differing(counted, rows))
        if kept.summed_until == kept.until:
            by_month: Figures = {}
            _add_by_month(by_month, counted.items())
            months = MonthFigure.objects.filter(month=first.replace(day=1))
            sums = months.values_list("month", "province_code", "name", "of", *_SUMS)
            yield from (Differing(key, is_of_month=True) for key in _differing(by_month, sums))
        first = last + _ONE_DAY


def _differing(counted: Figures, rows: Iterable[Sequence[Any]]) -> list[FigureKey]:
    kept = dict(_figure(row) for row in rows)
    return sorted(
        (key for key in counted.keys() | kept.keys() if counted.get(key) != kept.get(key)),
        key=lambda key: (key.day, key.province_code, key.name, key.of),
    )
