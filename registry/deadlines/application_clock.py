"""The decision clock of an application: whether it runs, what closes it, and how long each desk had the case.

An open clock is derived from the calendar at every question. The event that closes it stores the due day, the
calendar's version, the lateness and the desk; these never change afterwards (Art. 12).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, Func, OuterRef, Q

from registry import clock
from registry.calendar.current import current_calendar
from registry.labels.offices import office_label
from registry.models import Application, Event
from registry.notices import notice as notices
from registry.notices.notice import Arrival
from registry.rules.days.deadlines import (
    Deadline,
    Period,
    decision_due,
    escalation_on,
    late_by,
    resubmission_due,
)
from registry.rules.days.working_days import Calendar
from registry.rules.workflow import decision_clock
from registry.rules.workflow.decision_clock import DeskTime, Place, RoundStep, place_of
from registry.rules.workflow.events import (
    ClosedClock,
    Payload,
    day_15_missed,
    day_20_missed,
    delivered_at_of,
    outcome_of,
)
from registry.rules.workflow.states import DESKS, PROVINCE, Act, Kind, Outcome, Role, State

_WITHDRAWALS = frozenset({Act.WITHDRAW, Act.CLOSE_BY_CANCELLATION, Act.CLOSE_BY_STRIKING_OFF})
_CLOSING = _WITHDRAWALS | {Act.ISSUE_NUMBER, Act.NOTICE_DELIVERED, Act.LAPSE}
_REJECTIONS = (Act.REJECT.value, Act.CONFIRM.value)
# Every act that may close a clock: `_closes` says of one whether it did.
_MAY_CLOSE = tuple(act.value for act in (*_CLOSING, Act.APPROVE, Act.CONFIRM))


def _running_rows() -> Q:
    """The rows whose clock is running, asked of the rule for every state and kind."""
    rows = Q()
    for state in State:
        kinds = [
            kind.value for kind in Kind if decision_clock.is_running(state=state, kind=kind, is_closed=False)
        ]
        if kinds:
            rows |= Q(state=state.value) if len(kinds) == len(Kind) else Q(state=state.value, kind__in=kinds)
    return rows & Q(clock_due_on__isnull=True)


# The condition of a query that finds the applications whose clock is running, as `is_running` says of a row.
RUNNING = _running_rows()


def is_running(application: Application) -> bool:
    """Whether the decision clock of the current round is running; `RUNNING` asks a query the same."""
    return decision_clock.is_running(
        state=State(application.state),
        kind=Kind(application.kind),
        is_closed=application.clock_due_on is not None,
    )


# The condition of a query that finds what is rejected and has reached nobody yet, as `awaits_delivery` says of a row.
AWAITS_DELIVERY = Q(state=State.REJECTED.value, clock_due_on__isnull=True)


def awaits_delivery(application: Application) -> bool:
    """Whether the application is decided and its notice has reached nobody yet: no desk holds it, the clock runs on."""
    return decision_clock.awaits_delivery(
        state=State(application.state), is_closed=application.clock_due_on is not None
    )


def lies_at(place: Place) -> Q:
    """The condition of a query that finds the running clocks at a place, as `place_of` says of a state."""
    return RUNNING & Q(state__in=[state.value for state in State if place_of(state) is place])


class RoleThatRejected(Func):
    """The role that rejected an application which has reached nobody yet; None for any other application.

    Of an application in a query: it comes with the row in one statement. Its SQL is written by hand, for which Django
    takes as long as the database takes to find the row.
    """

    output_field = CharField()

    def __init__(self) -> None:
        super().__init__(F("id"), F("state"), F("clock_due_on"), F("decided_at"))

    def as_sql(self, compiler: Any, _connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A statement that looks for the event of the decision, where the row awaits its delivery."""
        application, state, clock_due_on, decided_at = (
            compiler.compile(each)[0] for each in self.source_expressions
        )
        # Nothing but columns stand in the text.
        sql = (
            f"(CASE WHEN {state} = %s AND {clock_due_on} IS NULL THEN (SELECT rejection.actor_role"  # noqa: S608  # nosec B608
            f" FROM registry_event AS rejection WHERE rejection.application_id = {application}"
            f" AND rejection.act IN (%s, %s) AND rejection.at = {decided_at} LIMIT 1) END)"
        )
        return sql, [State.REJECTED.value, *_REJECTIONS]


def desk_of(role: str) -> Role:
    """The desk that an officer in this role decides for."""
    return Role.PROVINCIAL_REVIEWER if Role(role) in PROVINCE else Role.NATIONAL_REVIEWER


def is_overdue(application: Application, *, at: datetime) -> bool:
    """Whether the decision is late at `at`: day 20 has ended, and no rejection arrived before its end."""
    today = clock.china_date(at)
    if today <= application.received_on + timedelta(days=Period.DECISION.working_days):
        # As many working days are never fewer days: no calendar is needed to say so.
        return False
    due_on = decision_due(application.received_on, current_calendar()).due_on
    if today <= due_on:
        return False
    arrival = rejection_arrival(application) if application.state == State.REJECTED else None
    return arrival is None or clock.china_date(arrival.at) > due_on


def rejection_arrival(application: Application) -> Arrival | None:
    """The earliest arrival of the latest rejection's notice at the applicant; None before any."""
    decided = application.events.filter(act__in=_REJECTIONS).order_by("-sequence").first()
    return None if decided is None else notices.arrival_of(decided)


def rejection_arrived() -> Exists:
    """The condition of a query of rejected applications that `rejection_arrival` is not None of."""
    return Exists(
        notices.arrived_notices().filter(
            event__application=OuterRef("pk"), event__act__in=_REJECTIONS, event__at=OuterRef("decided_at")
        )
    )


def resubmission_deadline(application: Application, calendar: Calendar) -> Deadline | None:
    """The last day to resubmit a rejected application; None for any other."""
    if application.state != State.REJECTED or application.decided_at is None:
        return None
    return resubmission_due(clock.china_date(application.decided_at), calendar)


def with_clock(
    act: Act,
    application: Application,
    payload: Payload,
    *,
    at: datetime,
    history: Iterable[Event],
    calendar: Callable[[], Calendar],
) -> dict[str, Any]:
    """The act's payload, completed by the facts of the clock that the act closes or reports as late.

    Call it with the application locked, before the act is folded in; `history` is its stream until now. `calendar`
    gives the calendar in force; it is asked by acts that need one, and by no other.
    """
    steps = _round_of(event for event in history if event.application_id == application.pk)
    if act is Act.RECORD_LATENESS:
        return dict(payload) | _lateness(application, steps, calendar())
    if act is Act.ESCALATE:
        return dict(payload) | _missed_by_province(application, calendar())
    if not is_running(application) or not _closes(act, application, payload):
        return dict(payload)
    moment = delivered_at_of(payload) if act is Act.NOTICE_DELIVERED else at
    closed = _closed(application, steps, calendar(), by=act, moment=moment)
    return dict(payload) | closed.as_payload()


def _closes(act: Act, application: Application, payload: Payload) -> bool:
    """Whether an act closes the running clock.

    An approval closes that of later applications; a first filing's runs until its number is issued.
    """
    is_last = application.kind != Kind.INITIAL and outcome_of(act, payload) is Outcome.APPROVAL
    return is_last or act in _CLOSING


def steps_of(application: Application) -> tuple[RoundStep, ...]:
    """The steps of the current round, oldest first."""
    return _round_of(application.events.order_by("sequence"))


def _round_of(events: Iterable[Event]) -> tuple[RoundStep, ...]:
    return tuple(decision_clock.latest_round([step_of(event) for event in events]))


def step_of(event: Event) -> RoundStep:
    """An event as a step for the rules of the decision clock."""
    act = Act(event.act)
    return RoundStep(act, clock.china_date(event.at), outcome_of(act, event.payload))


def times_at_desks(application: Application, *, today: date, calendar: Calendar) -> tuple[DeskTime, ...]:
    """The time that each desk has had the case in this round, until today or until the round was closed."""
    until = clock.china_date(application.closed_at) if application.closed_at is not None else today
    return decision_clock.times_at_desks(steps_of(application), until, calendar)


def _lateness(application: Application, steps: Sequence[RoundStep], calendar: Calendar) -> dict[str, Any]:
    due = decision_due(application.received_on, calendar)
    return day_20_missed(
        desk=decision_clock.holder_at_end_of(due.due_on, steps),
        due_on=due.due_on,
        provisional=due.provisional,
        calendar_version=due.calendar_version,
    )


def _missed_by_province(application: Application, calendar: Calendar) -> dict[str, Any]:
    return day_15_missed(
        desk=Role.PROVINCIAL_REVIEWER,
        due_on=escalation_on(application.received_on, calendar),
        calendar_version=calendar.version,
    )


def _closed(
    application: Application, steps: Sequence[RoundStep], calendar: Calendar, *, by: Act, moment: datetime
) -> ClosedClock:
    due = decision_due(application.received_on, calendar)
    return ClosedClock(
        due_on=due.due_on,
        provisional=due.provisional,
        calendar_version=due.calendar_version,
        late_by_working_days=None if by in _WITHDRAWALS else late_by(due, clock.china_date(moment), calendar),
        desk=holder_of(application, steps),
    )


def closing_days(applications: Sequence[Application]) -> dict[uuid.UUID, date]:
    """The day in China on which each closed clock stopped, as its closing event stored it; one query for all.

    A rejection's clock stops on the day its notice arrived.
    """
    closed = [each.pk for each in applications if each.clock_due_on is not None]
    found: dict[uuid.UUID, date] = {}
    if not closed:
        return found
    events = Event.objects.filter(application__in=closed, act__in=_MAY_CLOSE).order_by("sequence")
    for event in events:
        if event.application_id is not None and ClosedClock.of(event.payload) is not None:
            is_delivery = event.act == Act.NOTICE_DELIVERED
            found[event.application_id] = clock.china_date(
                delivered_at_of(event.payload) if is_delivery else event.at
            )
    return found


def desk_label(application: Application) -> str:
    """The office that holds an open application, the deciding office of a closed one."""
    return office_label(holder_of(application), application.province_code)


def holder_of(application: Application, steps: Sequence[RoundStep] | None = None) -> Role:
    """The desk that holds an open application, or that decided a closed one; `steps` for who knows its round.

    While the clock of a decided application still runs, the steps of its round say who decided it.
    """
    desk = DESKS.get(State(application.state))
    if desk is not None:
        return desk
    if application.clock_desk:
        return Role(application.clock_desk)
    return decision_clock.holder_at_end_of(date.max, steps_of(application) if steps is None else steps)
