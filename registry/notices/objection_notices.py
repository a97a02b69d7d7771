"""What the applicant is told of an objection: kind and facts by the event. Who objects is never among them."""

from __future__ import annotations

from django.urls import reverse

from registry.models import Event, Objection
from registry.rules.objections.events import Question, explanation_of
from registry.rules.objections.lifecycle import ObjectionAct

_PROPOSING = (ObjectionAct.PROPOSE_UPHOLDING, ObjectionAct.PROPOSE_DISMISSAL)
_OUTCOMES = {
    ObjectionAct.UPHOLD: "objection_upheld",
    ObjectionAct.DISMISS: "objection_dismissed",
}


def objection_of(event: Event) -> Objection:
    """The objection whose stream an event stands in."""
    return Objection.objects.select_related("entry__batch_list", "filing").get(pk=event.stream_id)


def objection_path(objection: Objection) -> str:
    """The applicant's page of an objection."""
    return reverse("applicants:objection", args=[objection.pk])


def content_of(event: Event, objection: Objection) -> tuple[str, dict[str, object]] | None:
    """The kind of the notice and its facts; None for a withdrawal of what the applicant was never sent."""
    act, entry = ObjectionAct(event.act), objection.entry
    named: dict[str, object] = {
        "applicant_name": entry.applicant_name,
        "service_name": entry.service_name,
        "number": entry.number,
        "objection_number": objection.receipt_number,
    }
    if act is ObjectionAct.SEND:
        return "objection_sent", named | {
            "list_number": str(entry.batch_list.number),
            "position": str(entry.position),
            "statement_by": Question.of(event.payload).answer_by.isoformat(),
        }
    if act in _OUTCOMES:
        return _OUTCOMES[act], named | {"reason": reason_of(event)}
    return ("objection_withdrawn", named) if objection.sent_at is not None else None


def reason_of(decision: Event) -> str:
    """The reasons of a decision: those of the proposal that it confirmed."""
    proposals = Event.objects.filter(
        stream_id=decision.stream_id,
        act__in=[act.value for act in _PROPOSING],
        sequence__lt=decision.sequence,
    )
    return explanation_of(proposals.latest("sequence").payload)
