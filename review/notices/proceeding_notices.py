"""Tells the national office of what came to it beside cases: an objection, and statements of applicants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.urls import reverse

from registry.calendar.objection_days import decision_due
from registry.models import Account, Event, Objection, StrikingOff
from registry.notices import notice as notices
from registry.notices.fact_words import due_fact
from registry.rules.endings.lifecycle import StrikingOffAct
from registry.rules.objections.lifecycle import ObjectionAct
from registry.rules.workflow.states import StreamKind
from review.access import OFFICE_ROLES, Office


def _objection(event: Event, *, at: datetime) -> int:
    """A new objection goes to every officer of the office, a statement to the one who asked for it."""
    objection = Objection.objects.select_related("entry__batch_list", "filing").get(pk=event.stream_id)
    entry, is_new = objection.entry, event.act == ObjectionAct.RECEIVE
    officers, due = _officers(), decision_due(objection)
    return notices.notify(
        "desk_objection" if is_new else "desk_objection_answered",
        key=str(event.pk),
        accounts=officers if is_new else _who_acted(event, ObjectionAct.SEND, officers),
        facts={
            "objection_number": objection.receipt_number,
            "list_number": str(entry.batch_list.number),
            "position": str(entry.position),
            "service_name": entry.service_name,
            "applicant_name": entry.applicant_name,
            "due_on": due_fact(due.due_on, provisional=due.provisional),
        },
        filing=objection.filing,
        event=event,
        link_path=reverse("review:objection", args=[objection.pk]),
        at=at,
    )


def _striking_off(event: Event, *, at: datetime) -> int:
    """A statement on a striking off goes to the officer who proposed it."""
    proceeding = StrikingOff.objects.select_related("filing").get(pk=event.stream_id)
    filing = proceeding.filing
    return notices.notify(
        "desk_striking_off_stated",
        key=str(event.pk),
        accounts=_who_acted(event, StrikingOffAct.PROPOSE, _officers()),
        facts={
            "proceeding_number": proceeding.number,
            "number": filing.number or "",
            "service_name": filing.service_name,
            "applicant_name": filing.applicant_name,
        },
        filing=filing,
        event=event,
        link_path=reverse("review:striking_off", args=[proceeding.pk]),
        at=at,
    )


def _officers() -> list[Account]:
    roles = [role.value for role in OFFICE_ROLES[Office.NATION]]
    return list(Account.objects.filter(role__in=roles, is_active=True).order_by("pk"))


def _who_acted(event: Event, act: ObjectionAct | StrikingOffAct, officers: list[Account]) -> list[Account]:
    """The officer who did an act last in the event's stream; all officers when that one is no officer any more."""
    done = Event.objects.filter(stream_id=event.stream_id, act=act.value, sequence__lt=event.sequence)
    latest = done.order_by("sequence").last()
    return [each for each in officers if latest is not None and each.pk == latest.actor_id] or officers


TOLD_BY_STREAM: Mapping[StreamKind, Callable[..., int]] = {
    StreamKind.OBJECTION: _objection,
    StreamKind.STRIKING_OFF: _striking_off,
}
