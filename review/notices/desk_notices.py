"""Creates notices to offices from events: supplements, withdrawals, questions, what became of proposals, late cases.

A notice about a case goes to the officer who has claimed it, else to the heads of the office, else to all its
officers. What came about objections and strikings off stands in `proceeding_notices`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from registry import clock
from registry.deadlines.application_clock import holder_of
from registry.errors import RegisterIncomplete
from registry.models import Account, Application, Event
from registry.notices import filing_notices
from registry.notices import notice as notices
from registry.notices.kinds import kind_of
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.events import desk_of, explanation_of, outcome_of, question_of
from registry.rules.workflow.states import DESKS, PROPOSALS, PROVINCE, Act, Kind, Role, State, StreamKind
from registry.streams import effects
from review.access import Office
from review.desk.leave import present
from review.notices.consultation_notices import notify_of_consultation
from review.notices.office_notices import notify_of_office_act
from review.notices.proceeding_notices import TOLD_BY_STREAM
from review.notices.quality_notices import notify_of_round
from review.notices.recipients import holders_of, officers_for


def events_for_desks() -> list[uuid.UUID]:
    """The events that still await a notice to an office."""
    return effects.events_awaiting(EffectKind.TELL_OFFICE)


@transaction.atomic
def notify_desk(event_id: uuid.UUID, *, at: datetime | None = None) -> int:
    """Creates the notices of one event for the office it concerns; returns their number."""
    at = at or clock.now()
    if effects.take(event_id, EffectKind.TELL_OFFICE) is None:
        return 0
    event = Event.objects.select_related("application__filing", "actor").get(pk=event_id)
    tell = _TOLD_BY_STREAM.get(StreamKind(event.stream_kind))
    count = _notify_of_case(event, at=at) if tell is None else tell(event, at=at)
    effects.settle(event_id, EffectKind.TELL_OFFICE, at=at)
    return count


def _notify_of_case(event: Event, *, at: datetime) -> int:
    application = event.application
    if application is None:
        raise RegisterIncomplete("event_without_subject", event=str(event.pk))
    kind, recipients, detail = _ABOUT[Act(event.act)]
    named = filing_notices.named_facts(application) | {"due_on": filing_notices.due_on(event)}
    given = {
        **named,
        "kind": application.kind,
        "officer_name": event.actor.name if event.actor is not None else "",
        detail: _detail(event, application, detail),
    }
    facts = {name: given[name] for name in kind_of(kind).facts}
    about: dict[str, Any] = {"key": str(event.pk), "application": application, "event": event, "at": at}
    count = notices.notify(kind, accounts=recipients(event, application, at), facts=facts, **about)
    if event.act == Act.ESCALATE:
        missed_by = holders_of(application, Office.PROVINCE, at=at)
        count += notices.notify("desk_missed", accounts=missed_by, facts=named, **about)
    return count


def _detail(event: Event, application: Application, detail: str) -> Any:
    if detail == "province":
        return application.province_code
    if detail == "decision":
        outcome = outcome_of(Act(event.act), event.payload)
        if outcome is None:
            raise RegisterIncomplete("event_without_outcome", event=str(event.pk))
        return filing_notices.decision_fact(Kind(application.kind), outcome)
    if detail == "desk":
        return desk_of(event.payload).value
    return (question_of if detail == "question" else explanation_of)(event.payload)


def _at_the_desk(_event: Event, application: Application, at: datetime) -> list[Account]:
    """The recipients at the office that holds the case now; none after its decision."""
    role = DESKS.get(State(application.state))
    if role is None:
        return []
    return holders_of(application, Office.PROVINCE if role in PROVINCE else Office.NATION, at=at)


def _where_it_lay(_event: Event, application: Application, at: datetime) -> list[Account]:
    """The recipients at the office that held the case when it ended."""
    last = Office.PROVINCE if holder_of(application) in PROVINCE else Office.NATION
    return holders_of(application, last, at=at)


def _holders_and_author(event: Event, application: Application, at: datetime) -> list[Account]:
    """The recipients in the province of a case that came back, and whoever wrote its opinion."""
    found = holders_of(application, Office.PROVINCE, at=at)
    author = present(_actor_of_latest((Act.FORWARD,), event, application), at=at)
    return [*found, *(each for each in author if each not in found)]


def _in_the_nation(_event: Event, application: Application, at: datetime) -> list[Account]:
    return holders_of(application, Office.NATION, at=at)


def _late_desk(event: Event, application: Application, at: datetime) -> list[Account]:
    late = Office.PROVINCE if desk_of(event.payload) in PROVINCE else Office.NATION
    return holders_of(application, late, at=at)


def _proposer(event: Event, application: Application, at: datetime) -> list[Account]:
    """The officer whose proposal a colleague sent back; who has it at the office when that officer has left."""
    author = present(_actor_of_latest(tuple(PROPOSALS), event, application), at=at)
    return author or _at_the_desk(event, application, at)


def _proposer_alone(event: Event, application: Application, _at: datetime) -> list[Account]:
    """The officer whose proposal a colleague confirmed; nobody stands in for who only hears of it."""
    found = _actor_of_latest(tuple(PROPOSALS), event, application)
    return [each for each in found if each.pk != event.actor_id]


def _actor_of_latest(acts: Collection[Act], event: Event, application: Application) -> list[Account]:
    """Who took the latest of these acts before the event, as the only one of the list; none who left the office."""
    earlier = Event.objects.select_related("actor").filter(
        application=application, act__in=[act.value for act in acts], sequence__lt=event.sequence
    )
    latest = earlier.order_by("-sequence").first()
    if latest is None or latest.actor is None:
        return []
    office = Office.PROVINCE if Role(latest.actor_role) in PROVINCE else Office.NATION
    return [each for each in officers_for(application, office) if each.pk == latest.actor_id]


_TOLD_BY_STREAM: Mapping[StreamKind, Callable[..., int]] = {
    **TOLD_BY_STREAM,
    StreamKind.CONSULTATION: notify_of_consultation,
    StreamKind.QUALITY_ROUND: notify_of_round,
    StreamKind.OFFICE: notify_of_office_act,
}

# For each act: the kind of notice, its recipients, and the detail of the event (or province) it quotes.
_ABOUT: Mapping[Act, tuple[str, Callable[[Event, Application, datetime], list[Account]], str]] = {
    Act.SUPPLEMENT: ("desk_supplemented", _at_the_desk, "explanation"),
    Act.RETURN_TO_PROVINCE: ("desk_returned", _holders_and_author, "question"),
    Act.SEND_BACK: ("desk_sent_back", _proposer, "explanation"),
    Act.CONFIRM: ("desk_confirmed", _proposer_alone, "decision"),
    Act.ESCALATE: ("desk_escalated", _in_the_nation, "province"),
    Act.RECORD_LATENESS: ("desk_late", _late_desk, "desk"),
    Act.WITHDRAW: ("desk_withdrawn", _where_it_lay, "explanation"),
    Act.CLOSE_BY_CANCELLATION: ("desk_closed_by_cancellation", _where_it_lay, "explanation"),
    Act.WITHDRAW_CANCELLATION: ("desk_cancellation_withdrawn", _in_the_nation, "explanation"),
}
