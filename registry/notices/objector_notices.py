"""Creates the notices to who objects to an entry of a list, each event once; the recipient has no account."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from registry import clock
from registry.calendar.objection_days import decision_due
from registry.models import Event, Objection
from registry.notices import notice as notices
from registry.notices.fact_words import due_fact
from registry.notices.objection_notices import reason_of
from registry.rules.objections.events import Extension, Receipt, explanation_of
from registry.rules.objections.lifecycle import ObjectionAct
from registry.rules.workflow.effects import EffectKind
from registry.streams import effects

Facts = dict[str, object]


def events_for_objectors() -> list[uuid.UUID]:
    """The events whose notice to the objector is still to be created, oldest first."""
    return effects.events_awaiting(EffectKind.TELL_OBJECTOR)


@transaction.atomic
def notify_objector(event_id: uuid.UUID, *, at: datetime | None = None) -> int:
    """Creates the notice of one event; gives how many were new. One of a letter is printed, and sent by nobody."""
    at = at or clock.now()
    if effects.take(event_id, EffectKind.TELL_OBJECTOR) is None:
        return 0
    event = Event.objects.get(pk=event_id)
    objection = Objection.objects.select_related("entry__batch_list").get(pk=event.stream_id)
    kind, more = _ABOUT[ObjectionAct(event.act)]
    facts = _named(objection) | more(event, objection)
    count = notices.notify_objector(kind, objection=objection, facts=facts, event=event, at=at)
    effects.settle(event_id, EffectKind.TELL_OBJECTOR, at=at)
    return count


def _named(objection: Objection) -> Facts:
    entry = objection.entry
    return {
        "objection_number": objection.receipt_number,
        "list_number": str(entry.batch_list.number),
        "position": str(entry.position),
        "service_name": entry.service_name,
        "applicant_name": entry.applicant_name,
    }


def _received(event: Event, _objection: Objection) -> Facts:
    receipt = Receipt.of(event.payload)
    return {
        "received_on": receipt.received_on.isoformat(),
        "objections_until": due_fact(receipt.objections_until, provisional=receipt.provisional),
    }


def _admitted(_event: Event, objection: Objection) -> Facts:
    due = decision_due(objection)
    return {"due_on": due_fact(due.due_on, provisional=due.provisional)}


def _refused(event: Event, _objection: Objection) -> Facts:
    return {"reason": explanation_of(event.payload)}


def _extended(event: Event, _objection: Objection) -> Facts:
    extension = Extension.of(event.payload)
    due_on = due_fact(extension.due_on, provisional=extension.provisional)
    return {"reason": extension.explanation, "due_on": due_on}


def _decided(event: Event, _objection: Objection) -> Facts:
    return {"reason": reason_of(event)}


# For each act the kind of notice, and its facts beside the objection and its entry.
_ABOUT: Mapping[ObjectionAct, tuple[str, Callable[[Event, Objection], Facts]]] = {
    ObjectionAct.RECEIVE: ("objector_received", _received),
    ObjectionAct.ADMIT: ("objector_admitted", _admitted),
    ObjectionAct.REFUSE: ("objector_not_admitted", _refused),
    ObjectionAct.EXTEND: ("objector_extended", _extended),
    ObjectionAct.UPHOLD: ("objector_upheld", _decided),
    ObjectionAct.DISMISS: ("objector_dismissed", _decided),
}
