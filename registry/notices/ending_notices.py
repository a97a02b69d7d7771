"""What the applicant is told of a proposed striking off: kind and facts by the event."""

from __future__ import annotations

from django.urls import reverse

from registry.models import Event, StrikingOff
from registry.notices.fact_words import due_fact
from registry.notices.told import Told
from registry.rules.days.deadlines import Period
from registry.rules.endings.events import Service, explanation_of
from registry.rules.endings.lifecycle import StrikingOffAct


def told_of_striking_off(event: Event) -> Told | None:
    """The notice of an event of a proceeding; None for a drop of what the applicant was never told of."""
    proceeding = StrikingOff.objects.select_related("filing").get(pk=event.stream_id)
    act, filing = StrikingOffAct(event.act), proceeding.filing
    facts: dict[str, object] = {
        "applicant_name": filing.applicant_name,
        "service_name": filing.service_name,
        "number": filing.number or "",
        "proceeding_number": proceeding.number,
    }
    path = reverse("applicants:striking_off", args=[proceeding.pk])
    grounds = {"ground": proceeding.ground, "reason": proceeding.reason, "basis": proceeding.basis}
    if act is StrikingOffAct.SEND_NOTICE:
        days = str(Period.STATEMENT.working_days)
        return Told("strike_off_notice", facts | grounds | {"statement_days": days}, filing, path)
    if act is StrikingOffAct.ANNOUNCE:
        service = Service.of(event.payload)
        dates = {
            "served_on": service.served_on.isoformat(),
            "statement_by": due_fact(service.statement_by, provisional=service.provisional),
        }
        return Told("strike_off_announced", facts | grounds | dates, filing, path)
    if act is StrikingOffAct.ANSWER:
        return Told("strike_off_answered", facts, filing, path)
    if proceeding.notified_at is None:
        return None
    return Told("strike_off_dropped", facts | {"reason": explanation_of(event.payload)}, filing, path)
