"""Creates applicants' notices from the events of filings, and of objections and strikings off, each event once.

The effects of events are the work list; an effect is done in the transaction that creates the notices.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from registry import clock
from registry.calendar.current import current_calendar
from registry.models import Account, Application, Event, Filing
from registry.notices import notice as notices
from registry.notices.ending_notices import told_of_striking_off
from registry.notices.fact_words import deadline_fact, due_fact
from registry.notices.objection_notices import told_of_objection
from registry.notices.subject import subject_of
from registry.notices.told import Told
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes import filing_number
from registry.rules.days.deadlines import decision_due, resubmission_due
from registry.rules.days.working_days import is_provisional_day
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.events import (
    StruckOff,
    answer_by_of,
    cancelled_on_of,
    kind_of,
    list_kind_of,
    list_number_of,
    list_position_of,
    listed_on_of,
    number_of,
    outcome_of,
    points_of,
    reasons_of,
    received_on_of,
    text_of,
)
from registry.rules.workflow.states import UNDECIDED_STATES, Act, Kind, Outcome, Standing, State, StreamKind
from registry.streams import effects

# The code of a kind of notice, and its facts.
KindAndFacts = tuple[str, dict[str, object]]

# The notice of an entry, by the kind of list.
_LISTED_NOTICES: Mapping[str, str] = {
    ListKind.FILINGS: "listed",
    ListKind.CANCELLED: "cancellation_listed",
    ListKind.STRUCK_OFF: "striking_off_listed",
    ListKind.CORRIGENDA: "entry_corrected",
}
# The kinds that lead to the public record.
_ABOUT_RECORDS = frozenset({"number_issued", "cancelled", "predecessor_noted", *_LISTED_NOTICES.values()})
_HANDED_IN = (Act.SUBMIT, Act.RESUBMIT)


def events_for_applicants() -> list[uuid.UUID]:
    """The events whose notices to the applicant are still to be created, oldest first."""
    return effects.events_awaiting(EffectKind.TELL_APPLICANT)


@transaction.atomic
def notify_applicant(event_id: uuid.UUID, *, at: datetime | None = None) -> int:
    """Creates the notices of one event; gives how many were new.

    They go to every active member of the applicant. Of a submission, one notice goes to whoever filed and to the
    owners, however many services were filed in one go.
    """
    at = at or clock.now()
    if effects.take(event_id, EffectKind.TELL_APPLICANT) is None:
        return 0
    event = Event.objects.select_related("application__filing", "filing", "applicant").get(pk=event_id)
    told = _TOLD_BY_STREAM.get(StreamKind(event.stream_kind), _told_of_filing)(event)
    count = 0
    if told is not None and event.applicant is not None:
        count = notices.notify(
            told.kind,
            key=str(event.pk),
            accounts=_recipients(event, event.applicant.pk),
            facts=told.facts,
            applicant=event.applicant,
            application=told.application,
            filing=told.filing,
            event=event,
            link_path=told.path,
            at=at,
        )
    effects.settle(event_id, EffectKind.TELL_APPLICANT, at=at)
    return count


def _recipients(event: Event, applicant_id: uuid.UUID) -> list[Account]:
    if event.act == Act.SUBMIT:
        return notices.owners_and(event.actor_id, applicant_id)
    return notices.members_of(applicant_id)


def _told_of_filing(event: Event) -> Told | None:
    """The notice of an event of a filing or its applications; None when another event tells of it."""
    content = _CONTENTS[Act(event.act)](event)
    if content is None:
        return None
    kind, facts = content
    application = event.application or _cancellation_of(event)
    return Told(kind, facts, event.filing, _link_path(kind, event), application)


_TOLD_BY_STREAM: Mapping[StreamKind, Callable[[Event], Told | None]] = {
    StreamKind.OBJECTION: told_of_objection,
    StreamKind.STRIKING_OFF: told_of_striking_off,
}


def _link_path(kind: str, event: Event) -> str:
    """Where the notice leads: a page of its subject, or (empty) the application itself."""
    if kind == "applicant_changed":
        return reverse("applicants:dashboard")
    if kind == "struck_off":
        return reverse("applicants:striking_off", args=[StruckOff.of(event.payload).proceeding])
    return record_path(event.filing) if kind in _ABOUT_RECORDS else ""


def decision_notice(
    application: Application,
    outcome: Outcome,
    *,
    reasons: Sequence[Mapping[str, Any]] = (),
    note: str = "",
    at: datetime,
) -> KindAndFacts:
    """The kind and facts of the notice of a decision at the moment `at`; also used for its preview."""
    kind = Kind(application.kind)
    named = named_facts(application) | {"decision": decision_fact(kind, outcome)}
    if outcome is Outcome.REJECTION:
        due = resubmission_due(clock.china_date(at), current_calendar())
        answer_by = due_fact(due.due_on, provisional=due.provisional)
        with_paths = [dict(reason) | {"path": _reason_path(application, reason)} for reason in reasons]
        more = {"kind": kind.value, "reasons": with_paths, "note": note, "answer_by": answer_by}
        return "rejected", named | more
    if kind is Kind.CANCELLATION:
        ends_on = application.event_on.isoformat() if application.event_on else ""
        return "cancellation_approved", named | {"ends_on": ends_on}
    if kind is Kind.INITIAL:
        return "approved", named
    return "change_approved", named | {"kind": kind.value}


def asked_notice(
    application: Application, points: Sequence[Mapping[str, Any]], *, answer_by: date
) -> KindAndFacts:
    """The kind and facts of the notice that asks for corrections; also used for its preview."""
    calendar = current_calendar()
    return "asked", named_facts(application) | {
        "kind": Kind(application.kind).value,
        "reasons": [dict(point) | {"path": _reason_path(application, point)} for point in points],
        "answer_by": due_fact(answer_by, provisional=is_provisional_day(answer_by, calendar)),
    }


def record_path(filing: Filing | None) -> str:
    """The path of a filing's public record by the digits of its number; empty while it has none.

    Every character of the whole number beside the digits takes nine in a text message; the page leads on to it.
    """
    if filing is None or not filing.number:
        return ""
    try:
        return reverse("public:filing", args=[filing_number.parse(filing.number).body])
    except NoReverseMatch:
        return ""


def due_on(event: Event) -> dict[str, Any]:
    """The last day to decide, counted from the latest receipt up to the event, by the calendar in force now."""
    due = decision_due(received_on(event), current_calendar())
    return due_fact(due.due_on, provisional=due.provisional)


def named_facts(application: Application) -> dict[str, object]:
    """The facts that every notice about an application states: applicant, service and receipt number."""
    return {
        "applicant_name": application.applicant_called,
        "service_name": subject_of(application).as_fact(),
        "receipt_number": application.receipt_number,
    }


def reasons_and_note(event: Event) -> tuple[list[dict[str, Any]], str]:
    """The reasons of a rejection, and the officer's text beside them.

    A confirmed proposal brings its reasons alone: its text is addressed to the officer who confirms it.
    """
    reasoned = Event.objects.filter(
        application=event.application_id,
        act__in=[Act.REJECT.value, Act.PROPOSE_REJECTION.value],
        sequence__lte=event.sequence,
    ).latest("sequence")
    return reasons_of(reasoned.payload), text_of(reasoned.payload) if reasoned.pk == event.pk else ""


def _reason_path(application: Application, reason: Mapping[str, Any]) -> str:
    path = reverse("applicants:application", args=[application.pk])
    return f"{path}#reason-{reason.get('id', '')}"


def received_on(event: Event) -> date:
    """The day of the latest receipt up to the event."""
    latest = Event.objects.filter(
        application=event.application_id,
        act__in=[act.value for act in _HANDED_IN],
        sequence__lte=event.sequence,
    ).latest("sequence")
    return received_on_of(latest.payload)


def _of(event: Event) -> Application:
    """The application of an event whose act always has one."""
    return Application.objects.select_related("filing").get(events=event)


def _cancellation_of(event: Event) -> Application | None:
    """The approved cancellation behind an event that has a filing but no application."""
    approved = Application.objects.filter(
        filing=event.filing_id, kind=Kind.CANCELLATION.value, state=State.APPROVED.value
    )
    return approved.order_by("-decided_at").first()


def _submitted(event: Event) -> KindAndFacts | None:
    """One notice of a joint submission: the event of its first application carries it."""
    application = _of(event)
    if application.together_id is not None:
        together = Application.objects.filter(together_id=application.together_id).order_by("receipt_number")
        submitted = list(together.select_related("applicant"))
        if submitted[0].pk != application.pk:
            return None
        if len(submitted) > 1:
            return "submitted_together", _clock(event) | {
                "applicant_name": application.applicant_called,
                "count": len(submitted),
                "applications": [f"{each.service_name} · {each.receipt_number}" for each in submitted],
            }
    facts = named_facts(application) | _clock(event)
    return "submitted", facts | {"kind": kind_of(event.payload).value}


def _resubmitted(event: Event) -> KindAndFacts:
    return "resubmitted", named_facts(_of(event)) | _clock(event)


def _clock(event: Event) -> dict[str, object]:
    calendar = current_calendar()
    due = decision_due(received_on(event), calendar)
    return {
        "received_on": due.event_on.isoformat(),
        "due_on": due_fact(due.due_on, provisional=due.provisional),
        "why": deadline_fact(due, calendar),
    }


def _supplemented(event: Event) -> KindAndFacts:
    return "supplemented", named_facts(_of(event)) | {"due_on": due_on(event)}


def _asked(event: Event) -> KindAndFacts:
    points, answer_by = points_of(event.payload), answer_by_of(event.payload)
    return asked_notice(_of(event), points, answer_by=answer_by)


def _decided(event: Event) -> KindAndFacts | None:
    application = _of(event)
    if outcome_of(Act(event.act), event.payload) is Outcome.APPROVAL:
        ends_on = application.event_on
        is_over = ends_on is not None and ends_on <= clock.china_date(event.at)
        # A service that has already ended is cancelled with the approval; that event makes the notice.
        if application.kind == Kind.CANCELLATION and is_over:
            return None
        return decision_notice(application, Outcome.APPROVAL, at=event.at)
    reasons, note = reasons_and_note(event)
    return decision_notice(application, Outcome.REJECTION, reasons=reasons, note=note, at=event.at)


def decision_fact(kind: Kind, outcome: Outcome) -> dict[str, str]:
    """What was decided about an application of this kind, as a fact of the manner `decision`."""
    return {"kind": kind.value, "outcome": outcome.value}


def _lapsed(event: Event) -> KindAndFacts:
    application = _of(event)
    decision = decision_fact(Kind(application.kind), Outcome.REJECTION)
    return "lapsed", named_facts(application) | {"decision": decision}


def _number_issued(event: Event) -> KindAndFacts:
    facts = _of_filing(event, number=number_of(event.payload))
    return "number_issued", facts | {"decision": decision_fact(Kind.INITIAL, Outcome.APPROVAL)}


def _listed(event: Event) -> KindAndFacts:
    facts = _of_filing(event, number=event.filing.number if event.filing else "")
    return _LISTED_NOTICES[list_kind_of(event.payload)], facts | {
        "list_number": str(list_number_of(event.payload)),
        "position": str(list_position_of(event.payload)),
        "listed_on": listed_on_of(event.payload).isoformat(),
    }


def _cancelled(event: Event) -> KindAndFacts:
    facts = _of_filing(event, number=event.filing.number if event.filing else "")
    return "cancelled", facts | {"cancelled_on": cancelled_on_of(event.payload).isoformat()}


def _struck_off(event: Event) -> KindAndFacts:
    struck = StruckOff.of(event.payload)
    return "struck_off", _of_filing(event, number=event.filing.number if event.filing else "") | {
        "ground": struck.ground.value,
        "struck_off_on": struck.struck_off_on.isoformat(),
        "reason": struck.reason,
        "basis": struck.basis,
    }


def _predecessor_noted(event: Event) -> KindAndFacts:
    facts = _of_filing(event, number=event.filing.number if event.filing else "")
    return "predecessor_noted", facts | {"predecessor": number_of(event.payload)}


def _applicant_changed(event: Event) -> KindAndFacts | None:
    """One notice for all that waits: every filing has an event of the approval, the first of them carries it.

    Filings in force are named by the notice of the approval itself.
    """
    together = Event.objects.filter(act=event.act, applicant=event.applicant_id, at=event.at)
    if together.order_by("filing").values_list("pk", flat=True).first() != event.pk:
        return None
    waiting = Application.objects.filter(
        Q(state__in=[each.value for each in UNDECIDED_STATES])
        | Q(kind=Kind.INITIAL.value, filing__standing=Standing.AWAITING_NUMBER.value),
        filing__in=together.values("filing"),
        submitted_at__lte=event.at,
    ).order_by("receipt_number")
    lines = [f"{each.service_name} · {each.receipt_number}" for each in waiting]
    if not lines or event.applicant is None:
        return None
    return "applicant_changed", {"applicant_name": event.applicant.name, "applications": lines}


def _of_filing(event: Event, *, number: str | None) -> dict[str, object]:
    filing = event.filing
    return {
        "applicant_name": filing.applicant_name if filing else "",
        "service_name": filing.service_name if filing else "",
        "number": number or "",
    }


def _plain(kind: str) -> Callable[[Event], KindAndFacts]:
    return lambda event: (kind, named_facts(_of(event)))


_CONTENTS: Mapping[Act, Callable[[Event], KindAndFacts | None]] = {
    Act.SUBMIT: _submitted,
    Act.SUPPLEMENT: _supplemented,
    Act.ASK: _asked,
    Act.RESUBMIT: _resubmitted,
    Act.REJECT: _decided,
    Act.APPROVE: _decided,
    Act.CONFIRM: _decided,
    Act.ISSUE_NUMBER: _number_issued,
    Act.TAKE_EFFECT: _cancelled,
    Act.STRIKE_OFF: _struck_off,
    Act.NOTE_PREDECESSOR: _predecessor_noted,
    Act.WITHDRAW: _plain("withdrawn"),
    Act.WITHDRAW_CANCELLATION: _plain("cancellation_withdrawn"),
    Act.LAPSE: _lapsed,
    Act.CLOSE_BY_CANCELLATION: _plain("closed_by_cancellation"),
    Act.APPLICANT_CHANGED: _applicant_changed,
    Act.ENTER_IN_LIST: _listed,
}
