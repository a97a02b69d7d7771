"""What a head sees first: what breaks soon, who has what, and at the national office which province is slow.

Every figure leads to the search that finds exactly its cases.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery, UUIDField
from django.urls import reverse

from registry import clock
from registry.calendar.current import current_calendar
from registry.labels.province_words import full_name
from registry.models import Account
from registry.rules.days.deadlines import last_receipt_due_by
from registry.rules.days.working_days import Calendar, add_working_days, latest_start
from registry.rules.workflow.decision_clock import Place
from review.access import Office, colleagues_of, office_of, open_cases
from review.desk.claims import NOBODY, live_claims
from review.heads.standing import FORECAST_WORKING_DAYS, Lying, Standing, standing_of

# A case that has lain at a province for so many working days is half through its period.
LONG_WORKING_DAYS = 10
_MOST_PROVINCES = 12
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of cases, and the search that finds them; no address for none."""

    count: int
    url: str = ""

    @classmethod
    def of(cls, count: int, **criteria: object) -> Figure:
        """The figure with the search by these criteria; days as dates, what is None is left out."""
        given = {name: str(value) for name, value in criteria.items() if value is not None}
        return cls(count, f"{reverse('review:cases')}?{urlencode(given)}" if count else "")


@dataclass(frozen=True, slots=True)
class DayThatBreaks:
    """The cases whose last day is this one, by place; `due_on` is None for those whose last day is over."""

    due_on: date | None
    is_provisional: bool
    province: Figure
    nation: Figure
    undelivered: Figure


@dataclass(frozen=True, slots=True)
class Holder:
    """What an officer works on now; `name` is empty for what nobody works on."""

    name: str
    all: Figure
    late: Figure
    soon: Figure


@dataclass(frozen=True, slots=True)
class SlowProvince:
    """What lies at a province's desk: all, what came LONG_WORKING_DAYS ago or earlier, and what is late."""

    name: str
    all: Figure
    long: Figure
    late: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page; `provinces` is empty at a provincial office."""

    late: Figure
    today: Figure
    soon: Figure
    unclaimed: Figure
    undelivered: Figure
    days: Sequence[DayThatBreaks]
    holders: Sequence[Holder]
    provinces: Sequence[SlowProvince] = field(default_factory=tuple)

    @property
    def figures(self) -> list[Figure]:
        """Every figure of the page."""
        return [
            self.late,
            self.today,
            self.soon,
            self.unclaimed,
            self.undelivered,
            *(each for day in self.days for each in (day.province, day.nation, day.undelivered)),
            *(each for row in self.holders for each in (row.all, row.late, row.soon)),
            *(each for row in self.provinces for each in (row.all, row.long, row.late)),
        ]


def overview_of(head: Account, *, at: datetime) -> Overview:
    """The overview of a head's office as of now; the same few queries however many cases there are."""
    calendar, today = current_calendar(), clock.china_date(at)
    standing = standing_of(head, calendar=calendar, today=today)
    holders = list(_holders(head, standing, calendar=calendar, at=at))
    nobody = next(row for row in holders if not row.name)
    return Overview(
        late=_late(standing),
        today=Figure.of(standing.count(lambda row: row.due.due_on == today), due_from=today, due_to=today),
        soon=Figure.of(standing.soon, due_from=today, due_to=standing.last_soon),
        unclaimed=nobody.all,
        undelivered=Figure.of(standing.at(Place.UNDELIVERED), place=Place.UNDELIVERED.value),
        days=_days(standing, calendar=calendar),
        holders=holders,
        provinces=_provinces(standing, calendar=calendar) if office_of(head) is Office.NATION else (),
    )


def _late(standing: Standing) -> Figure:
    return Figure.of(standing.late, due_to=standing.today - _ONE_DAY)


def _days(standing: Standing, *, calendar: Calendar) -> list[DayThatBreaks]:
    """What is late already, then each of the next working days on which something breaks."""
    last = add_working_days(standing.today, FORECAST_WORKING_DAYS, calendar)
    rows: list[DayThatBreaks] = []
    if standing.late:
        rows.append(_day(None, filter(standing.is_late, standing.rows), standing))
    ahead = [row for row in standing.rows if standing.today <= row.due.due_on <= last]
    for due_on in sorted({row.due.due_on for row in ahead}):
        rows.append(_day(due_on, (row for row in ahead if row.due.due_on == due_on), standing))
    return rows


def _day(due_on: date | None, rows: Iterable[Lying], standing: Standing) -> DayThatBreaks:
    found: Counter[Place] = Counter()
    is_provisional = False
    for row in rows:
        found[row.place] += row.count
        is_provisional = is_provisional or row.due.provisional
    due_to = standing.today - _ONE_DAY if due_on is None else due_on
    province, nation, undelivered = (
        Figure.of(found[place], place=place.value, due_from=due_on, due_to=due_to) for place in Place
    )
    return DayThatBreaks(due_on, is_provisional, province, nation, undelivered)


def _holders(head: Account, standing: Standing, *, calendar: Calendar, at: datetime) -> Iterable[Holder]:
    """What lies at the head's office by who works on it: nobody first, then its officers by name."""
    claims = live_claims(office_of(head), at=at, calendar=calendar).filter(application=OuterRef("pk"))
    counted = (
        open_cases(head)
        .select_related(None)
        .order_by()
        .annotate(holder=Subquery(claims.values("officer")[:1], output_field=UUIDField()))
        .values_list("holder", "received_on")
        .annotate(count=Count("pk"))
    )
    late_by = last_receipt_due_by(standing.today - _ONE_DAY, calendar)
    soon_by = last_receipt_due_by(standing.last_soon, calendar)
    all_of: Counter[uuid.UUID | None] = Counter()
    late_of: Counter[uuid.UUID | None] = Counter()
    soon_of: Counter[uuid.UUID | None] = Counter()
    for holder, received_on, count in counted:
        all_of[holder] += count
        if received_on <= late_by:
            late_of[holder] += count
        elif received_on <= soon_by:
            soon_of[holder] += count
    people: list[tuple[uuid.UUID | None, str]] = [(None, "")]
    people += [(each.pk, each.name) for each in colleagues_of(head)]
    for holder, name in people:
        key = NOBODY if holder is None else str(holder)
        yield Holder(
            name,
            Figure.of(all_of[holder], holder=key),
            Figure.of(late_of[holder], holder=key, due_to=standing.today - _ONE_DAY),
            Figure.of(soon_of[holder], holder=key, due_from=standing.today, due_to=standing.last_soon),
        )


def _provinces(standing: Standing, *, calendar: Calendar) -> list[SlowProvince]:
    """The provinces at whose desk most has lain for long; of those with as much, the one with more that is late."""
    long_since = latest_start(standing.today, LONG_WORKING_DAYS, calendar)
    all_of: Counter[str] = Counter()
    long_of: Counter[str] = Counter()
    late_of: Counter[str] = Counter()
    for row in standing.rows:
        if row.place is Place.PROVINCE:
            all_of[row.province_code] += row.count
            long_of[row.province_code] += row.count if row.received_on <= long_since else 0
            late_of[row.province_code] += row.count if standing.is_late(row) else 0
    slow = sorted(all_of, key=lambda code: (-long_of[code], -late_of[code], -all_of[code], code))
    at_desk = {"place": Place.PROVINCE.value}
    return [
        SlowProvince(
            full_name(code),
            Figure.of(all_of[code], province=code, **at_desk),
            Figure.of(long_of[code], province=code, received_to=long_since, **at_desk),
            Figure.of(late_of[code], province=code, due_to=standing.today - _ONE_DAY, **at_desk),
        )
        for code in slow[:_MOST_PROVINCES]
    ]
