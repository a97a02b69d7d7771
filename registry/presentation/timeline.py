"""The timeline of an application for both desks, and the applications of a joint submission."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.errors import RegisterIncomplete
from registry.labels import particulars as words
from registry.labels.act_words import outcome_words, words_of
from registry.labels.date_format import last_day
from registry.labels.examined_words import examined_line
from registry.labels.offices import office_label
from registry.labels.reasons import reason_line
from registry.labels.states import label_of
from registry.models import Application, Event
from registry.notices.delivery_words import arrival_label
from registry.rules.workflow.events import (
    ApplicantFacts,
    Base,
    HandedIn,
    answer_by_of,
    answers_of,
    approved_in,
    desk_of,
    details_of,
    examined_of,
    explanation_of,
    how_delivered,
    number_of,
    outcome_of,
    passed_over_of,
    points_of,
    question_of,
    reasons_of,
    recommendation_of,
    text_of,
)
from registry.rules.workflow.states import Act, Kind, Outcome, Role
from registry.streams.applications import events_about

_RECOMMENDS = _("Recommends: %(outcome)s")
_NUMBER = _("Filing number: %(number)s")
_NOW_CALLED = _("The applicant is now: %(name)s")
_CHANGED = _("Changed of the applicant: %(what)s")
_NAME = "applicant.name"
_LAY_WITH = _("It lay with: %(office)s")
_ANSWER_BY = _("To be answered by: %(day)s")
_PASSED_OVER = _("Passed over, though marked deficient: %(places)s")

_BAD_ACTS = frozenset({Act.REJECT, Act.PROPOSE_REJECTION, Act.WITHDRAW, Act.LAPSE})
# Steps towards a decision, which applicants never see.
_INTERNAL_ACTS = frozenset({Act.PROPOSE_APPROVAL, Act.PROPOSE_REJECTION, Act.SEND_BACK})


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event as input of `includes/timeline.html`."""

    title: Promise | str
    at: datetime
    by: str
    text: str
    tone: str
    sequence: int
    url: str = ""
    link: str = ""
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class JointSubmission:
    """A joint submission: all its applications by receipt number, and one application's place, from 1."""

    place: int
    applications: tuple[Application, ...]

    @property
    def total(self) -> int:
        return len(self.applications)


def joint_submissions(applications: Iterable[Application]) -> dict[uuid.UUID, JointSubmission]:
    """The joint submission of each of these applications that belongs to one, by its id; one query for all."""
    together_ids = {each.pk: each.together_id for each in applications if each.together_id is not None}
    if not together_ids:
        return {}
    found: dict[uuid.UUID | None, list[Application]] = {}
    rows = Application.objects.filter(together_id__in=set(together_ids.values())).select_related("filing")
    for each in rows.order_by("receipt_number"):
        found.setdefault(each.together_id, []).append(each)
    places = {each.pk: place for joint in found.values() for place, each in enumerate(joint, start=1)}
    return {
        pk: JointSubmission(places[pk], tuple(found[together_id])) for pk, together_id in together_ids.items()
    }


def timeline(
    application: Application, *, internal: bool, after: int = 0, newest_first: bool = False
) -> list[TimelineEntry]:
    """The events of an application in words.

    `internal` is the office's view: officers by name, with opinions and questions. In the applicant's view officers
    appear as their office, proposals are left out, and of the officers' texts only the reasons of a rejection, its
    text and the number are shown.
    """
    events = events_about(application)
    names = _names_at(events, application)
    entries = [
        _entry(event, application, applicant_name=names[event.pk], internal=internal)
        for event in events
        if event.sequence > after and (internal or Act(event.act) not in _INTERNAL_ACTS)
    ]
    return entries[::-1] if newest_first else entries


def applicant_name_at(event: Event) -> str:
    """What the applicant of an event's application was called when it happened."""
    application = event.application
    if application is None:
        raise RegisterIncomplete("event_without_subject", event=str(event.pk))
    return _names_at(events_about(application), application)[event.pk]


def _names_at(events: Iterable[Event], application: Application) -> dict[uuid.UUID, str]:
    """What the applicant was called at each event of an application, by the event's id.

    What a change of the applicant proposes is its name from the approval on; before, it is called as in what the
    change started from.
    """
    found: dict[uuid.UUID, str] = {}
    is_proposal = application.kind == Kind.APPLICANT_CHANGE
    called = proposed = ""
    for event in events:
        act, payload = Act(event.act), event.payload
        if act in (Act.SUBMIT, Act.SUPPLEMENT, Act.RESUBMIT):
            proposed = _name_in(HandedIn.of(payload).columns)
            called = proposed if not is_proposal else called or _name_before(event)
        elif act is Act.APPLICANT_CHANGED:
            called = _name_in(ApplicantFacts.of_change(payload).columns)
        elif is_proposal and outcome_of(act, payload) is Outcome.APPROVAL:
            called = proposed
        found[event.pk] = called
    return found


def _name_before(submission: Event) -> str:
    """The applicant's name in the revision that a change of the applicant started from."""
    base = Base.of(submission.payload)
    if base is None:
        return submission.applicant.name if submission.applicant is not None else ""
    stated = Event.objects.filter(
        application=uuid.UUID(base.application_id),
        revision_number=base.revision_number,
        act__in=[Act.SUBMIT.value, Act.SUPPLEMENT.value, Act.RESUBMIT.value],
    ).latest("sequence")
    return _name_in(HandedIn.of(stated.payload).columns)


def _name_in(columns: Mapping[str, Any]) -> str:
    return str(columns["applicant_name"])


def _entry(event: Event, application: Application, *, applicant_name: str, internal: bool) -> TimelineEntry:
    act, kind = Act(event.act), Kind(application.kind)
    is_rejection = act is Act.CONFIRM and outcome_of(act, event.payload) is Outcome.REJECTION
    return TimelineEntry(
        title=words_of(kind, act if internal else _as_decided(act, is_rejection=is_rejection)).recorded,
        at=event.at,
        by=_actor_text(event, applicant_name=applicant_name, internal=internal),
        text=_event_text(event, act, kind, internal=internal),
        tone="bad" if act in _BAD_ACTS or is_rejection else "",
        sequence=event.sequence,
        act=act,
    )


def _as_decided(act: Act, *, is_rejection: bool) -> Act:
    """The act as the applicant sees it: a confirmed proposal is the decision itself."""
    if act is not Act.CONFIRM:
        return act
    return Act.REJECT if is_rejection else Act.APPROVE


def _actor_text(event: Event, *, applicant_name: str, internal: bool) -> str:
    role = Role(event.actor_role)
    if role is Role.SYSTEM or event.actor is None:
        return str(label_of(Role.SYSTEM))
    if role is Role.APPLICANT:
        return f"{event.actor.name} · {applicant_name}"
    if internal:
        return f"{event.actor.name} · {label_of(role)}"
    return office_label(role, event.province_code)


def _applicant_lines(payload: Mapping[str, Any]) -> list[str]:
    """What an approved change of the applicant changed; the name where it is new, or where only the facts are told."""
    submissions = Event.objects.filter(
        application=approved_in(payload), act__in=[Act.SUBMIT.value, Act.RESUBMIT.value, Act.SUPPLEMENT.value]
    ).order_by("sequence")
    changed: list[str] = []
    for given in map(details_of, submissions.values_list("payload", flat=True)):
        changed = [str(each.get("key")) for each in given.get("changes", ())] or changed
    lines = []
    if not changed or _NAME in changed:
        name = ApplicantFacts.of_change(payload).columns["applicant_name"]
        lines.append(str(_NOW_CALLED) % {"name": name})
    if changed:
        lines.append(str(_CHANGED) % {"what": ", ".join(str(words.label_of(key)) for key in changed)})
    return lines


def _event_text(event: Event, act: Act, kind: Kind, *, internal: bool) -> str:
    payload = event.payload
    lines: list[str] = []
    if internal and act in (Act.ESCALATE, Act.RECORD_LATENESS):
        office = office_label(desk_of(payload), event.province_code)
        lines.append(str(_LAY_WITH) % {"office": office})
    if act is Act.NOTICE_DELIVERED and (how := arrival_label(how_delivered(payload))):
        lines.append(how)
    if act is Act.APPLICANT_CHANGED:
        lines += _applicant_lines(payload)
    if act is Act.ISSUE_NUMBER:
        lines.append(str(_NUMBER) % {"number": number_of(payload)})
    if internal and act is Act.FORWARD:
        recommended = outcome_words(kind, recommendation_of(payload))
        lines.append(str(_RECOMMENDS) % {"outcome": recommended.decide})
    if internal and act is Act.CONFIRM and (outcome := outcome_of(act, payload)) is not None:
        lines.append(str(outcome_words(kind, outcome).decided))
    if act is Act.REJECT or (act is Act.PROPOSE_REJECTION and internal):
        lines += [reason_line(reason) for reason in reasons_of(payload)]
    if act is Act.ASK:
        lines.append(str(_ANSWER_BY) % {"day": last_day(answer_by_of(payload))})
        lines += [reason_line(point) for point in points_of(payload)]
    if act is Act.SUPPLEMENT:
        lines += [str(each) for each in answers_of(payload).values()]
    if internal and (examined := examined_of(payload)) is not None:
        lines.append(examined_line(examined))
    if internal and (passed_over := passed_over_of(payload)):
        places = ", ".join(str(words.label_of(key)) for key in passed_over)
        lines.append(str(_PASSED_OVER) % {"places": places})
    own_words = event.actor_role == Role.APPLICANT
    if internal or own_words or act is Act.REJECT:
        said = (explanation_of(payload), question_of(payload), text_of(payload))
        lines += [text for text in said if text]
    return "\n".join(lines)
