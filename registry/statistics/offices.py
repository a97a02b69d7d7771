"""Statistics for the offices: late submissions, closed decision clocks, late desks and time at each desk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from registry import clock
from registry.models import Application, Consultation
from registry.rules.consultations.lifecycle import Body, ConsultationState
from registry.rules.days.working_days import Calendar
from registry.rules.figures import Share
from registry.rules.workflow.states import OPEN_STATES, PROVINCE, Kind, Role
from registry.statistics.daily import ROUNDS, FigureName, Figures, Tally, month_figures
from registry.statistics.months import month_after


@dataclass(frozen=True, slots=True)
class LateMarks:
    """The numbers of applications of a kind from a province, and of those submitted late (Art. 11)."""

    kind: Kind
    province_code: str
    submitted: int
    late: int


@dataclass(slots=True)
class MonthOfClocks:
    """One month in China: the decision clocks closed, how many of them late, and the late cases by desk.

    `missed_by_provinces` counts the cases that were escalated after day 15.
    """

    month: date
    closed: int = 0
    closed_late: int = 0
    late_at_provinces: int = 0
    late_at_nation: int = 0
    missed_by_provinces: int = 0

    @property
    def share_in_time(self) -> Share:
        """Those closed within 20 working days (Art. 12), of all that closed."""
        return Share(self.closed - self.closed_late, self.closed)


@dataclass(slots=True)
class DeskAverage:
    """The rounds of a province's cases decided in a month, and their working days at each desk."""

    rounds: int = 0
    days: Counter[Role] = field(default_factory=Counter)

    def at(self, desk: Role) -> float | None:
        """The average working days per round at a desk; None without rounds."""
        return self.days[desk] / self.rounds if self.rounds else None


def late_marks(figures: Figures) -> list[LateMarks]:
    """Late submissions by province and kind, of the applications received in the months of these figures."""
    found: dict[tuple[str, Kind], Tally] = {}
    for key, tally in figures.items():
        if key.name is FigureName.RECEIVED:
            found.setdefault((key.province_code, Kind(key.of)), Tally()).add(tally.count, late=tally.late)
    return [
        LateMarks(kind, code, found[code, kind].count, found[code, kind].late) for code, kind in sorted(found)
    ]


def has_applications_before(day: date, *, province_code: str = "") -> bool:
    """Whether anything was received before a day: figures of an earlier month are those of a register in use."""
    return _within(Application.objects.filter(first_received_on__lt=day), province_code).exists()


def months_of_clocks(figures: Figures) -> list[MonthOfClocks]:
    """The months of these figures, newest first; empty months are left out."""
    found: dict[date, MonthOfClocks] = {}
    for key, tally in figures.items():
        line = found.setdefault(key.day, MonthOfClocks(key.day))
        if key.name is FigureName.MISSED:
            line.missed_by_provinces += tally.count
        elif key.name is FigureName.CLOSED:
            line.closed += tally.count
            line.closed_late += tally.late
        elif key.name is FigureName.LATE and Role(key.of) in PROVINCE:
            line.late_at_provinces += tally.count
        elif key.name is FigureName.LATE:
            line.late_at_nation += tally.count
    lines = (line for line in found.values() if line != MonthOfClocks(line.month))
    return sorted(lines, key=lambda line: line.month, reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationsOfABody:
    """What became of the questions to one kind of body; `answered_late` are among those answered.

    `awaited` are of cases not decided, `overdue` among them; `decided_without` are of cases decided before an answer.
    """

    body: Body
    sent: int
    answered: int
    answered_late: int
    withdrawn: int
    awaited: int
    overdue: int
    decided_without: int


def consultations(*, since: date, today: date, province_code: str = "") -> list[ConsultationsOfABody]:
    """The questions sent on the day `since` or later, by kind of body; of cases of one province, or of all."""
    states = ConsultationState
    waiting = Q(state=states.AWAITED.value)
    undecided = Q(application__state__in=[state.value for state in OPEN_STATES])
    found = Consultation.objects.filter(sent_at__gte=clock.start_of(since))
    if province_code:
        found = found.filter(province_code=province_code)
    counted = found.values("body").annotate(
        sent=Count("pk"),
        answered=Count("pk", filter=Q(state=states.ANSWERED.value)),
        answered_late=Count("pk", filter=Q(state=states.ANSWERED.value, answered_late=True)),
        withdrawn=Count("pk", filter=Q(state=states.WITHDRAWN.value)),
        awaited=Count("pk", filter=waiting & undecided),
        overdue=Count("pk", filter=waiting & undecided & Q(due_on__lt=today)),
        decided_without=Count("pk", filter=waiting & ~undecided),
    )
    found_of = {row["body"]: row for row in counted}
    return [
        ConsultationsOfABody(
            body=each,
            sent=row["sent"],
            answered=row["answered"],
            answered_late=row["answered_late"],
            withdrawn=row["withdrawn"],
            awaited=row["awaited"],
            overdue=row["overdue"],
            decided_without=row["decided_without"],
        )
        for each in Body
        if (row := found_of.get(each.value)) is not None
    ]


def desk_averages(month: date, *, calendar: Calendar, province_code: str = "") -> dict[str, DeskAverage]:
    """The averages of the rounds decided in the month that begins on `month`, by province code."""
    until = month_after(month) - timedelta(days=1)
    figures = month_figures(
        since=month, until=until, calendar=calendar, province_code=province_code, names=ROUNDS
    )
    averages: dict[str, DeskAverage] = {}
    for key, tally in figures.items():
        average = averages.setdefault(key.province_code, DeskAverage())
        if key.name is FigureName.DECIDED:
            average.rounds += tally.count
        else:
            average.days[Role(key.of)] += tally.working_days
    return averages


def _within(found: QuerySet[Application], province_code: str) -> QuerySet[Application]:
    return found.filter(province_code=province_code) if province_code else found
