"""The timeline of an application for both desks, and the applications of a joint submission."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as words
from registry.labels.act_words import outcome_words, words_of
from registry.labels.offices import office_label
from registry.labels.reasons import reason_line
from registry.labels.states import label_of
from registry.models import Application, Event
from registry.notices.delivery_words import arrival_label
from registry.rules.workflow.events import (
    ApplicantFacts,
    desk_of,
    explanation_of,
    how_delivered,
    number_of,
    outcome_of,
    passed_over_of,
    question_of,
    reasons_of,
    recommendation_of,
    text_of,
)
from registry.rules.workflow.states import UNDECIDED_STATES, Act, Kind, Outcome, Role, Standing, State

_RECOMMENDS = _("Recommends: %(outcome)s")
_NUMBER = _("Filing number: %(number)s")
_NOW_CALLED = _("The applicant is now: %(name)s")
_LAY_WITH = _("It lay with: %(office)s")
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


def events_of(application: Application, *, after: int = 0) -> QuerySet[Event]:
    """The events of an application with their actors, in sequence; only those after the sequence `after`."""
    return (
        Event.objects.filter(application=application, sequence__gt=after)
        .select_related("actor")
        .order_by("sequence")
    )


def timeline(
    application: Application, *, internal: bool, after: int = 0, newest_first: bool = False
) -> list[TimelineEntry]:
    """The events of an application in words.

    `internal` is the office's view: officers by name, with opinions and questions. In the applicant's view officers
    appear as their office, proposals are left out, and of the officers' texts only the reasons of a rejection, its
    text and the number are shown.
    """
    entries = [
        _entry(event, application, internal=internal)
        for event in _with_changes_of_applicant(application, after=after)
        if internal or Act(event.act) not in _INTERNAL_ACTS
    ]
    return entries[::-1] if newest_first else entries


def _with_changes_of_applicant(application: Application, *, after: int) -> list[Event]:
    """Its own events, and the changes of the applicant that reached its filing while it was not settled.

    Those are events of the filing, which name none of its applications.
    """
    own = list(events_of(application, after=after))
    if application.filing_id is None:
        return own
    changes = Event.objects.filter(
        filing=application.filing_id, act=Act.APPLICANT_CHANGED.value, sequence__gt=after
    )
    start = own[0].sequence if own and not after else after
    end = own[-1].sequence if own else after
    is_waiting = State(application.state) in UNDECIDED_STATES or (
        application.kind == Kind.INITIAL
        and application.filing is not None
        and application.filing.standing == Standing.AWAITING_NUMBER
    )
    reached = [
        event
        for event in changes.select_related("actor")
        if event.sequence > start and (is_waiting or event.sequence < end)
    ]
    return sorted([*own, *reached], key=lambda event: event.sequence)


def _entry(event: Event, application: Application, *, internal: bool) -> TimelineEntry:
    act, kind = Act(event.act), Kind(application.kind)
    is_rejection = act is Act.CONFIRM and outcome_of(act, event.payload) is Outcome.REJECTION
    return TimelineEntry(
        title=words_of(kind, act if internal else _as_decided(act, is_rejection=is_rejection)).recorded,
        at=event.at,
        by=_actor_text(event, application, internal=internal),
        text=_event_text(event, act, kind, internal=internal),
        tone="bad" if act in _BAD_ACTS or is_rejection else "",
        sequence=event.sequence,
    )


def _as_decided(act: Act, *, is_rejection: bool) -> Act:
    """The act as the applicant sees it: a confirmed proposal is the decision itself."""
    if act is not Act.CONFIRM:
        return act
    return Act.REJECT if is_rejection else Act.APPROVE


def _actor_text(event: Event, application: Application, *, internal: bool) -> str:
    role = Role(event.actor_role)
    if role is Role.SYSTEM or event.actor is None:
        return str(label_of(Role.SYSTEM))
    if role is Role.APPLICANT:
        return f"{event.actor.name} · {application.applicant_name}"
    if internal:
        return f"{event.actor.name} · {label_of(role)}"
    return office_label(role, event.province_code)


def _event_text(event: Event, act: Act, kind: Kind, *, internal: bool) -> str:
    payload = event.payload
    lines: list[str] = []
    if internal and act in (Act.ESCALATE, Act.RECORD_LATENESS):
        office = office_label(desk_of(payload), event.province_code)
        lines.append(str(_LAY_WITH) % {"office": office})
    if act is Act.NOTICE_DELIVERED and (how := arrival_label(how_delivered(payload))):
        lines.append(how)
    if act is Act.APPLICANT_CHANGED:
        lines.append(str(_NOW_CALLED) % {"name": ApplicantFacts.of_change(payload).columns["applicant_name"]})
    if act is Act.ISSUE_NUMBER:
        lines.append(str(_NUMBER) % {"number": number_of(payload)})
    if internal and act is Act.FORWARD:
        recommended = outcome_words(kind, recommendation_of(payload))
        lines.append(str(_RECOMMENDS) % {"outcome": recommended.decide})
    if internal and act is Act.CONFIRM and (outcome := outcome_of(act, payload)) is not None:
        lines.append(str(outcome_words(kind, outcome).decided))
    if act is Act.REJECT or (act is Act.PROPOSE_REJECTION and internal):
        lines += [reason_line(reason) for reason in reasons_of(payload)]
    if internal and (passed_over := passed_over_of(payload)):
        places = ", ".join(str(words.label_of(key)) for key in passed_over)
        lines.append(str(_PASSED_OVER) % {"places": places})
    own_words = event.actor_role == Role.APPLICANT
    if internal or own_words or act is Act.REJECT:
        said = (explanation_of(payload), question_of(payload), text_of(payload))
        lines += [text for text in said if text]
    return "\n".join(lines)
