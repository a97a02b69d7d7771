"""Cases that came back to review: returned by the national office with a question, or sent back by a second officer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from registry.labels.act_words import words_of
from registry.models import Application, Event
from registry.rules.workflow.events import explanation_of, question_of
from registry.rules.workflow.states import PROPOSALS, REVIEWS, Act, Kind

_RETURNS = frozenset({Act.RETURN_TO_PROVINCE, Act.SEND_BACK})
# After these a case no longer lies as it was returned.
_MOVES = frozenset({Act.FORWARD, Act.ESCALATE, Act.RESUBMIT, *PROPOSALS})


@dataclass(frozen=True, slots=True)
class Return:
    """How a case came back: the step in words, who took it, and what they asked or explained."""

    step: Promise
    by: str
    text: str
    at: datetime


def returns_of(applications: Iterable[Application]) -> dict[uuid.UUID, Return]:
    """The return of each of these cases that lies as it was returned; one query for all."""
    reviewed = {each.pk: each for each in applications if each.state in REVIEWS}
    acts = [act.value for act in (*_RETURNS, *_MOVES)]
    events = Event.objects.filter(application__in=reviewed, act__in=acts).select_related("actor")
    latest = {event.application_id: event for event in events.order_by("sequence")}
    return {
        key: _return(event, Kind(reviewed[key].kind))
        for key, event in latest.items()
        if key is not None and Act(event.act) in _RETURNS
    }


def _return(event: Event, kind: Kind) -> Return:
    is_question = event.act == Act.RETURN_TO_PROVINCE
    return Return(
        step=words_of(kind, Act(event.act)).recorded,
        by=event.actor.name if event.actor is not None else "",
        text=(question_of if is_question else explanation_of)(event.payload),
        at=event.at,
    )
