"""Consultations as pages show them: where each stands, those of a case, and their steps in its history."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry.consultations import consultations
from registry.labels.consultation_words import (
    BODIES,
    CONSULTATION_ACTS,
    CONSULTATION_STATES,
    CORRECTED,
    DECIDED_WITHOUT,
    LETTER_TO_BE_MADE,
    OVERDUE,
    REGISTERED,
)
from registry.labels.date_format import day, last_day
from registry.labels.offices import office_name
from registry.models import Application, Consultation, Event
from registry.presentation.timeline import TimelineEntry
from registry.rules.consultations.events import Answer, Question, explanation_of
from registry.rules.consultations.lifecycle import Body, ConsultationAct, ConsultationState
from review.desk.stream_acts import actor_name


@dataclass(frozen=True, slots=True)
class Shown:
    """One consultation as a line: whom was asked by which office, until when, and where it stands."""

    consultation: Consultation
    label: Promise
    tone: str
    url: str
    # Nothing has gone to the body yet: the letter is still to be made.
    waits_for_letter: bool = False

    @property
    def body(self) -> Promise:
        """The kind of the body that was asked."""
        return BODIES[Body(self.consultation.body)]

    @property
    def asked(self) -> str:
        """The name of the body that was asked: an office of the portal in the language of the page."""
        code = self.consultation.asked_code
        return office_name(code) if code else self.consultation.body_name

    @property
    def asked_by(self) -> str:
        """The name of the office that asked."""
        return office_name(self.consultation.office_code)


def shown(consultation: Consultation, *, today: date) -> Shown:
    """The consultation as a line; its application must be at hand."""
    state = ConsultationState(consultation.state)
    label, tone = CONSULTATION_STATES[state], "good" if state is ConsultationState.ANSWERED else "ended"
    waits_for_letter = consultations.waits_for_letter(consultation)
    if consultations.is_overdue(consultation, today=today):
        label, tone = OVERDUE, "bad"
    elif consultations.is_awaited(consultation):
        label, tone = LETTER_TO_BE_MADE if waits_for_letter else label, "waiting"
    elif state is ConsultationState.AWAITED:
        label = DECIDED_WITHOUT
    url = reverse("review:consultation", args=[consultation.pk])
    return Shown(consultation, label, tone, url, waits_for_letter)


def awaited_about(application: Application, *, today: date) -> list[Shown]:
    """Those of a case that wait for an answer, the first due first."""
    found = consultations.awaited_about([application]).get(application.pk, [])
    return [shown(each, today=today) for each in found]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a case in a list waits for: how many answers, how many of them overdue, and the first day due."""

    count: int
    overdue: int
    due_on: date


def waiting_for(applications: Iterable[Application], *, today: date) -> dict[uuid.UUID, Waiting]:
    """What each of these cases waits for, of those that wait for an answer; one query for all."""
    return {
        key: Waiting(len(found), sum(today > each.due_on for each in found), found[0].due_on)
        for key, found in consultations.awaited_about(applications).items()
    }


def entries_of(found: Iterable[Consultation]) -> list[TimelineEntry]:
    """The steps of a case's consultations as lines of its history, in no order."""
    return [
        _entry(consultation, event)
        for consultation, events in consultations.with_histories(found)
        for event in events
    ]


def text_of(event: Event) -> str:
    """What a step of a consultation says beside its name; the words that were sealed stay on their page."""
    act = ConsultationAct(event.act)
    if act is ConsultationAct.SEND:
        question = Question.of(event.payload)
        due = last_day(question.due_on, provisional=question.provisional)
        return _("Answer by: %(day)s") % {"day": due}
    if act is ConsultationAct.ANSWER:
        answer = Answer.of(event.payload)
        lines = [_("Answered on %(day)s") % {"day": day(answer.answered_on)}]
        if answer.late_by_working_days:
            lines.append(
                _("%(days)s working days after the last day") % {"days": answer.late_by_working_days}
            )
        if answer.corrects:
            lines.append(
                _("In the place of answer %(before)s, which stays: this is answer %(number)s")
                % {"before": answer.corrects, "number": answer.number}
            )
        return "\n".join(lines)
    return explanation_of(event.payload) if act is ConsultationAct.WITHDRAW else ""


def by_asked_office(event: Event) -> bool:
    """Whether the office that was asked took the step itself."""
    return event.act == ConsultationAct.ANSWER and Answer.of(event.payload).by_asked


def title_of(event: Event) -> Promise:
    """What a step of a consultation is called."""
    act = ConsultationAct(event.act)
    if act is ConsultationAct.SEND and not Question.of(event.payload).asked:
        return REGISTERED
    is_anew = act is ConsultationAct.ANSWER and Answer.of(event.payload).corrects > 0
    return CORRECTED if is_anew else CONSULTATION_ACTS[act]


def _entry(consultation: Consultation, event: Event) -> TimelineEntry:
    code = consultation.asked_code
    lines = [office_name(code) if code else consultation.body_name, text_of(event)]
    return TimelineEntry(
        title=title_of(event),
        at=event.at,
        by=actor_name(event),
        text="\n".join(line for line in lines if line),
        tone="",
        sequence=0,
        url=reverse("review:consultation", args=[consultation.pk]),
        link=_("The consultation"),
    )
