"""Statistics for the offices: late submissions, closed decision clocks, late desks and time at each desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from registry import clock
from registry.deadlines.application_clock import step_of
from registry.models import Application, Consultation, Event
from registry.rules.consultations.lifecycle import Body, ConsultationState
from registry.rules.days.working_days import Calendar
from registry.rules.workflow import decision_clock
from registry.rules.workflow.events import CLOCK_LATE_BY, DESK
from registry.rules.workflow.states import OPEN_STATES, PROVINCE, Act, Kind, Role

# The acts that close a decision clock; whether one did stands in its event.
CLOSING_ACTS = (Act.ISSUE_NUMBER, Act.APPROVE, Act.CONFIRM, Act.NOTICE_DELIVERED, Act.LAPSE)


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


@dataclass(slots=True)
class DeskAverage:
    """The rounds of a province's cases decided in a month, and their working days at each desk."""

    rounds: int = 0
    days: Counter[Role] = field(default_factory=Counter)

    def at(self, desk: Role) -> float | None:
        """The average working days per round at a desk; None without rounds."""
        return self.days[desk] / self.rounds if self.rounds else None


def late_marks(*, since: date, province_code: str = "") -> list[LateMarks]:
    """Late submissions by province and kind, of the applications first received on the day `since` or later."""
    received = _within(Application.objects.filter(first_received_on__gte=since), province_code)
    counted = (
        received.values("kind", "province_code")
        .annotate(submitted=Count("pk"), late=Count("pk", filter=Q(late_by_working_days__gt=0)))
        .order_by("province_code", "kind")
    )
    return [
        LateMarks(Kind(row["kind"]), row["province_code"], row["submitted"], row["late"]) for row in counted
    ]


def months_of_clocks(*, since: date, province_code: str = "") -> list[MonthOfClocks]:
    """The months since the one that contains the day `since`, newest first; empty months are left out."""
    found: dict[date, MonthOfClocks] = {}
    events = events_since(since, province_code, (*CLOSING_ACTS, Act.RECORD_LATENESS, Act.ESCALATE)).annotate(
        month=TruncMonth("at", tzinfo=clock.CHINA)
    )
    counted = events.values("month", "act", DESK, CLOCK_LATE_BY).annotate(count=Count("pk"))
    for row in counted:
        month = row["month"].date()
        line = found.setdefault(month, MonthOfClocks(month))
        act, count = Act(row["act"]), row["count"]
        if act is Act.ESCALATE:
            line.missed_by_provinces += count
        elif act is Act.RECORD_LATENESS:
            if Role(row[DESK]) in PROVINCE:
                line.late_at_provinces += count
            else:
                line.late_at_nation += count
        elif row[CLOCK_LATE_BY] is not None:
            line.closed += count
            line.closed_late += count if row[CLOCK_LATE_BY] > 0 else 0
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
    decided = _within(
        Application.objects.filter(
            decided_at__gte=clock.start_of(month), decided_at__lt=clock.start_of(_next_month(month))
        ),
        province_code,
    )
    events = Event.objects.filter(application__in=decided.values("pk")).order_by("application", "sequence")
    averages: dict[str, DeskAverage] = {}
    for history in _by_application(events.iterator(2000)):
        steps = decision_clock.latest_round([step_of(event) for event in history])
        average = averages.setdefault(history[0].province_code, DeskAverage())
        average.rounds += 1
        for stay in decision_clock.times_at_desks(steps, _decided_on(steps), calendar):
            average.days[stay.desk] += stay.working_days
    return averages


def _decided_on(steps: Iterable[decision_clock.RoundStep]) -> date:
    decisions = (Act.APPROVE, Act.REJECT, Act.CONFIRM)
    return max(step.on for step in steps if step.act in decisions)


def _by_application(events: Iterable[Event]) -> Iterator[list[Event]]:
    history: list[Event] = []
    for event in events:
        if history and history[0].application_id != event.application_id:
            yield history
            history = []
        history.append(event)
    if history:
        yield history


def events_since(since: date, province_code: str, acts: Iterable[Act]) -> QuerySet[Event]:
    """The events of these acts from the month that contains the day `since`; of one province, or of all."""
    found = Event.objects.filter(
        act__in=[act.value for act in acts], at__gte=clock.start_of(since.replace(day=1))
    )
    return found.filter(province_code=province_code) if province_code else found


def _within(found: QuerySet[Application], province_code: str) -> QuerySet[Application]:
    return found.filter(province_code=province_code) if province_code else found


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
