"""The rounds of an application: submissions, decision, reasons for a rejection, and the applicant's answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from registry.labels import particulars as words
from registry.labels.act_words import outcome_words
from registry.labels.reasons import fault_label, place_label, remedy_text
from registry.models import Application, Event
from registry.rules.particulars import sections
from registry.rules.particulars.reasons import WHOLE
from registry.rules.workflow.events import (
    answer_by_of,
    answers_of,
    explanation_of,
    opened_of,
    outcome_of,
    points_of,
    reasons_of,
    received_on_of,
)
from registry.rules.workflow.states import Act, Kind, Outcome


@dataclass(slots=True)
class AnsweredReason:
    """One reason of a rejection, with the applicant's answer from the resubmission."""

    id: str
    key: str
    place: Promise
    fault: Promise | str
    article: str
    remedy: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission of materials: the one that starts a round, or a supplement with its explanation.

    `opened` are the labels of the sections that the applicant opened although no reason named them.
    """

    revision_number: int
    at: datetime
    is_supplement: bool
    explanation: str
    opened: tuple[Promise | str, ...]


@dataclass(slots=True)
class Asking:
    """A request for corrections in the course of a round: its points, with their answers once these came."""

    at: datetime
    answer_by: date
    points: list[AnsweredReason]


@dataclass(slots=True)
class Round:
    """One round, from the receipt of materials to the decision; `outcome` is None while it is open."""

    kind: Kind
    number: int
    received_on: date
    submissions: list[Submission] = field(default_factory=list)
    askings: list[Asking] = field(default_factory=list)
    reasons: list[AnsweredReason] = field(default_factory=list)
    outcome: Outcome | None = None
    decided_at: datetime | None = None

    @property
    def outcome_label(self) -> Promise | str:
        return outcome_words(self.kind, self.outcome).decided if self.outcome is not None else ""

    @property
    def is_answered(self) -> bool:
        return any(reason.answer for reason in self.reasons)


def rounds_of(application: Application) -> list[Round]:
    """The rounds of an application, oldest first, as its events record them."""
    found: list[Round] = []
    events = Event.objects.filter(application=application).order_by("sequence")
    proposed: list[AnsweredReason] = []
    for event in events:
        act, payload = Act(event.act), event.payload
        if act in (Act.SUBMIT, Act.RESUBMIT):
            if found:
                _put_answers(found[-1].reasons, answers_of(payload))
            found.append(Round(Kind(application.kind), len(found) + 1, received_on_of(payload)))
        if act in (Act.SUBMIT, Act.RESUBMIT, Act.SUPPLEMENT):
            found[-1].submissions.append(_submission(event, is_supplement=act is Act.SUPPLEMENT))
        if act is Act.ASK:
            points = [reason_shown(each) for each in points_of(payload)]
            found[-1].askings.append(Asking(event.at, answer_by_of(payload), points))
        if act is Act.SUPPLEMENT and found[-1].askings:
            _put_answers(found[-1].askings[-1].points, answers_of(payload))
        if act in (Act.PROPOSE_REJECTION, Act.REJECT):
            proposed = [reason_shown(each) for each in reasons_of(payload)]
        outcome = outcome_of(act, payload)
        if outcome is not None:
            found[-1].outcome, found[-1].decided_at = outcome, event.at
            found[-1].reasons = proposed if outcome is Outcome.REJECTION else []
    return found


def reason_shown(reason: Mapping[str, Any]) -> AnsweredReason:
    """A reason as an event stores it, in words."""
    key = str(reason.get("key", WHOLE))
    return AnsweredReason(
        id=str(reason.get("id", "")),
        key=key,
        place=place_label(key),
        fault=fault_label(reason),
        article=str(reason.get("article", "")),
        remedy=remedy_text(reason),
        text=str(reason.get("text") or "").strip(),
    )


def _put_answers(reasons: Iterable[AnsweredReason], answers: Mapping[str, Any]) -> None:
    for reason in reasons:
        reason.answer = str(answers.get(reason.id, "")) or reason.answer


def _submission(event: Event, *, is_supplement: bool) -> Submission:
    opened = [section for section in opened_of(event.payload) if section in sections()]
    return Submission(
        revision_number=event.revision_number or 0,
        at=event.at,
        is_supplement=is_supplement,
        explanation=explanation_of(event.payload) if is_supplement else "",
        opened=tuple(words.section_label(section) for section in opened),
    )
