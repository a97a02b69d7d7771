"""Creates the notices to who objects to an entry of a list, each event once; the recipient has no account."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from registry import clock
from registry.calendar.objection_days import decision_due
from registry.models import Attachment, Event, Objection, ObjectionFile
from registry.notices import notice as notices
from registry.notices.fact_words import due_fact
from registry.notices.objection_notices import reason_of
from registry.rules.objections.events import Extension, Receipt, explanation_of
from registry.rules.objections.lifecycle import OPEN_STATES, ObjectionAct, ObjectionState, ObjectionWay
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.events import file_in_place_of
from registry.storage.attachments import MAY_BE_TRIED_AGAIN
from registry.streams import effects

Facts = dict[str, object]

FILE_REFUSED = "objector_file_refused"


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


def files_to_tell() -> list[uuid.UUID]:
    """The evidence that could not be read, of objections through the site, of which nobody was told.

    Of one that takes no other file any more: where the file can be read once more.
    """
    refused = (
        ObjectionFile.objects.filter(
            Q(objection__state=ObjectionState.RECEIVED.value)
            | Q(attachment__refusal_code__in=MAY_BE_TRIED_AGAIN),
            attachment__state=Attachment.State.REFUSED,
            objection__way=ObjectionWay.WEB.value,
            objection__state__in=[state.value for state in OPEN_STATES],
        )
        .order_by("attachment__uploaded_at", "position", "pk")
        .values_list("pk", flat=True)
    )
    return notices.not_told_of(refused, FILE_REFUSED)


@transaction.atomic
def tell_of_file(file_id: uuid.UUID, *, at: datetime) -> int:
    """Tells who objects, once for each file, that it cannot be read.

    Gives how many notices are new: none for a file that was tried again or replaced meanwhile.
    """
    file = (
        ObjectionFile.objects.filter(pk=file_id, attachment__state=Attachment.State.REFUSED)
        .select_related("objection__entry__batch_list")
        .first()
    )
    event = None if file is None else _event_of(file)
    if file is None or event is None:
        return 0
    facts = _named(file.objection)
    return notices.notify_objector(
        FILE_REFUSED, objection=file.objection, facts=facts, event=event, at=at, key=str(file.pk)
    )


def _event_of(file: ObjectionFile) -> Event | None:
    """The event that states the file: that of the receipt, or of its being put in place of another."""
    receipt: Event | None = None
    acts = (ObjectionAct.RECEIVE.value, ObjectionAct.REPLACE_FILE.value)
    for event in Event.objects.filter(stream_id=file.objection_id, act__in=acts).order_by("sequence"):
        if event.act == ObjectionAct.RECEIVE:
            receipt = event
        elif file_in_place_of(event.payload).file == str(file.pk):
            return event
    return receipt


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
