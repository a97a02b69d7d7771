"""What the applicant is told of an objection: by the event. Who objects is never among them."""

from __future__ import annotations

from django.urls import reverse

from registry.models import Event, Objection
from registry.notices.fact_words import due_fact
from registry.notices.told import Told
from registry.rules.objections.events import Question, explanation_of
from registry.rules.objections.lifecycle import ObjectionAct

_PROPOSING = (ObjectionAct.PROPOSE_UPHOLDING, ObjectionAct.PROPOSE_DISMISSAL)
_OUTCOMES = {
    ObjectionAct.UPHOLD: "objection_upheld",
    ObjectionAct.DISMISS: "objection_dismissed",
}


def told_of_objection(event: Event) -> Told | None:
    """The notice of an event of an objection; None for a withdrawal of what the applicant was never sent."""
    objection = Objection.objects.select_related("entry__batch_list", "filing").get(pk=event.stream_id)
    act, entry = ObjectionAct(event.act), objection.entry
    path = reverse("applicants:objection", args=[objection.pk])
    named: dict[str, object] = {
        "applicant_name": entry.applicant_name,
        "service_name": entry.service_name,
        "number": entry.number,
        "objection_number": objection.receipt_number,
    }
    if act is ObjectionAct.SEND:
        question = Question.of(event.payload)
        asked = {
            "list_number": str(entry.batch_list.number),
            "position": str(entry.position),
            "statement_by": due_fact(question.answer_by, provisional=question.provisional),
        }
        return Told("objection_sent", named | asked, objection.filing, path)
    if act in _OUTCOMES:
        return Told(_OUTCOMES[act], named | {"reason": reason_of(event)}, objection.filing, path)
    if objection.sent_at is None:
        return None
    return Told("objection_withdrawn", named, objection.filing, path)


def reason_of(decision: Event) -> str:
    """The reasons of a decision: those of the proposal that it confirmed."""
    proposals = Event.objects.filter(
        stream_id=decision.stream_id,
        act__in=[act.value for act in _PROPOSING],
        sequence__lt=decision.sequence,
    )
    return explanation_of(proposals.latest("sequence").payload)
