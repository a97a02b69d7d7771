"""Tells offices of consultations: the one asked inside the portal of the question, the asking one of its answer.

What goes to an office of another province says who asks and until when, and nothing of the case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from registry.calendar.current import current_calendar
from registry.consultations.consultations import holder_code_of
from registry.models import Account, Consultation, Event
from registry.notices import notice as notices
from registry.notices.fact_words import due_fact
from registry.notices.filing_notices import named_facts
from registry.rules.consultations.events import Answer
from registry.rules.consultations.lifecycle import ConsultationAct
from registry.rules.days.deadlines import decision_due
from registry.rules.days.working_days import is_provisional_day
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from review.access import Office, heads_at, officers_at
from review.notices.recipients import holders_of


def notify_of_consultation(event: Event, *, at: datetime) -> int:
    """The notices of one event of a consultation; gives how many were new."""
    found = Consultation.objects.select_related("application__filing")
    consultation, act = found.get(pk=event.stream_id), ConsultationAct(event.act)
    about: dict[str, Any] = {
        "key": str(event.pk),
        "event": event,
        "link_path": reverse("review:consultation", args=[consultation.pk]),
        "at": at,
    }
    if act is ConsultationAct.SEND:
        return _tell_asked("desk_consulted", consultation, about)
    if act is ConsultationAct.WITHDRAW:
        return _tell_asked("desk_consultation_withdrawn", consultation, about)
    if act is ConsultationAct.ANSWER:
        # What the office entered itself is no news to it.
        is_news = Answer.of(event.payload).by_asked
        return _tell_asking("desk_consultation_answered", consultation, about) if is_news else 0
    due = decision_due(consultation.application.received_on, current_calendar())
    days = {
        "consultation_due_on": _due(consultation),
        "due_on": due_fact(due.due_on, provisional=due.provisional),
    }
    told = _tell_asking("desk_consultation_overdue", consultation, about, **days)
    return told + _tell_asked("desk_consultation_reminder", consultation, about)


def _tell_asked(kind: str, consultation: Consultation, about: dict[str, Any]) -> int:
    """Tells every officer of the office asked inside the portal; a body outside has no account."""
    code = consultation.asked_code
    if not code:
        return 0
    facts = {"office": consultation.office_code, "due_on": _due(consultation)}
    return notices.notify(kind, accounts=_officers_of(code), facts=facts, **about)


def _tell_asking(kind: str, consultation: Consultation, about: dict[str, Any], **facts: Any) -> int:
    """Tells who has the case at the office that holds it now, else at the one that asked."""
    application = consultation.application
    code = holder_code_of(application) or consultation.office_code
    office = Office.NATION if code == NATIONAL_OFFICE_CODE else Office.PROVINCE
    return notices.notify(
        kind,
        accounts=holders_of(application, office, at=about["at"]),
        facts={**named_facts(application), "body_name": consultation.body_name, **facts},
        application=application,
        **about,
    )


def _officers_of(code: str) -> list[Account]:
    if code == NATIONAL_OFFICE_CODE:
        return heads_at(Office.NATION, "")
    return list(officers_at(Office.PROVINCE, code))


def _due(consultation: Consultation) -> dict[str, Any]:
    provisional = is_provisional_day(consultation.due_on, current_calendar())
    return due_fact(consultation.due_on, provisional=provisional)
