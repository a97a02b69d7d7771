"""Reminders to applicants of their deadlines, once for each stage of each deadline."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from applicants.deadlines.own_deadlines import (
    OwnDeadline,
    answers_due,
    asked_among,
    drafts_due,
    ends_due,
    resubmissions_due,
)
from applicants.models import Draft
from registry import clock
from registry.calendar.current import current_calendar
from registry.models import Account, Applicant, Application, Filing, PlannedEnd
from registry.notices import notice as notices
from registry.notices.fact_words import deadline_fact, due_fact
from registry.notices.filing_notices import decision_fact, named_facts
from registry.rules.days.reminders import STAGES, Duty, stage_of
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.states import Kind, Outcome, State

_EDITED_FOR = timedelta(hours=24)


def subjects_to_look_at() -> list[uuid.UUID]:
    """The ids of everything a reminder can be about: drafts, applications to be corrected, planned ends."""
    drafts = Draft.objects.filter(application_id__isnull=True, amends_application_id__isnull=True)
    rejected = Application.objects.filter(state=State.REJECTED.value, decided_at__isnull=False)
    asked = asked_among(Application.objects.all())
    return [
        *drafts.order_by("created_at", "pk").values_list("pk", flat=True),
        *rejected.order_by("decided_at", "pk").values_list("pk", flat=True),
        *asked.order_by("asked_until", "pk").values_list("pk", flat=True),
        *PlannedEnd.objects.order_by("ends_on", "pk").values_list("filing", flat=True),
    ]


@transaction.atomic
def remind(subject_id: uuid.UUID, *, at: datetime) -> int:
    """Notifies the applicant's members of what is due for one subject; returns the number of accounts notified.

    Each stage is announced once for each day on which the period began. While a draft is being edited nobody is
    reminded of it: it is being edited for 24 hours after it was last saved, and a stage that came meanwhile is
    announced afterwards. On the last day it is announced all the same.
    """
    calendar, today = current_calendar(), clock.china_date(at)
    found = [
        *_drafts_to_remind_of(subject_id, at=at, calendar=calendar),
        *answers_due(asked_among(Application.objects.filter(pk=subject_id)), today=today, calendar=calendar),
        *resubmissions_due(Application.objects.filter(pk=subject_id), today=today, calendar=calendar),
        *ends_due(PlannedEnd.objects.filter(filing=subject_id), today=today, calendar=calendar),
    ]
    return sum(_remind_of(deadline, at) for deadline in found)


def _drafts_to_remind_of(subject_id: uuid.UUID, *, at: datetime, calendar: Calendar) -> Iterator[OwnDeadline]:
    drafts = Draft.objects.filter(pk=subject_id)
    is_edited = drafts.filter(saved_at__gt=at - _EDITED_FOR, saved_at__lte=at).exists()
    for deadline in drafts_due(drafts, today=clock.china_date(at), calendar=calendar):
        if not is_edited or deadline.days_left == 0:
            yield deadline


def addressees_of_draft(subject_id: uuid.UUID) -> tuple[Applicant | None, list[Account]]:
    """The applicant of a draft and its members; without an applicant, None and the account that created the draft."""
    draft = Draft.objects.select_related("applicant", "account").get(pk=subject_id)
    return draft.applicant, _members(draft.applicant) or [draft.account]


def _remind_of(deadline: OwnDeadline, at: datetime) -> int:
    duty = deadline.duty
    stage = stage_of(duty, deadline.days_left) if duty is not None else None
    return _REMINDERS[duty](deadline, stage, at) if duty is not None and stage is not None else 0


def _remind_of_draft(
    deadline: OwnDeadline, stage: int, at: datetime, *, started: str, day: str, soon: str
) -> int:
    applicant, accounts = addressees_of_draft(deadline.subject_id)
    named: dict[str, object] = {"service_name": deadline.name, "due_on": _last_day(deadline)}
    if stage == max(STAGES[Duty(deadline.duty or Duty.FILE)]) and deadline.period is not None:
        why = deadline_fact(deadline.period, current_calendar())
        kind, facts = started, named | {day: deadline.event_on.isoformat(), "why": why}
    else:
        kind, facts = soon, named | {"days_left": deadline.days_left}
    return notices.notify(
        kind,
        key=_key(deadline, stage),
        accounts=accounts,
        facts=facts,
        applicant=applicant,
        link_path=deadline.path,
        at=at,
    )


def _remind_of_resubmission(deadline: OwnDeadline, stage: int, at: datetime) -> int:
    application = Application.objects.select_related("applicant", "filing").get(pk=deadline.subject_id)
    facts = named_facts(application) | {
        "decision": decision_fact(Kind(application.kind), Outcome.REJECTION),
        "days_left": deadline.days_left,
        "due_on": _last_day(deadline),
    }
    return notices.notify(
        "resubmission_due",
        key=_key(deadline, stage),
        accounts=_members(application.applicant),
        facts=facts,
        applicant=application.applicant,
        application=application,
        at=at,
    )


def _remind_of_answer(deadline: OwnDeadline, stage: int, at: datetime) -> int:
    application = Application.objects.select_related("applicant", "filing").get(pk=deadline.subject_id)
    return notices.notify(
        "answer_due",
        key=_key(deadline, stage),
        accounts=_members(application.applicant),
        facts=named_facts(application) | {"answer_by": _last_day(deadline)},
        applicant=application.applicant,
        application=application,
        at=at,
    )


def _remind_of_end(deadline: OwnDeadline, stage: int, at: datetime) -> int:
    filing = Filing.objects.select_related("applicant").get(pk=deadline.subject_id)
    facts = {
        "service_name": filing.service_name,
        "number": filing.number or "",
        "ends_on": deadline.event_on.isoformat(),
        "days_left": deadline.days_left,
        "due_on": _last_day(deadline),
    }
    return notices.notify(
        "cancellation_due",
        key=_key(deadline, stage),
        accounts=_members(filing.applicant),
        facts=facts,
        applicant=filing.applicant,
        filing=filing,
        link_path=deadline.path,
        at=at,
    )


def _last_day(deadline: OwnDeadline) -> dict[str, Any]:
    return due_fact(deadline.on, provisional=deadline.provisional)


def _key(deadline: OwnDeadline, stage: int) -> str:
    """The notice's key: a corrected date restarts the reminders, a moved calendar day does not."""
    return f"{deadline.key}:{deadline.event_on.isoformat()}:{stage}"


def _members(applicant: Applicant | None) -> list[Account]:
    return notices.members_of(applicant.pk) if applicant is not None else []


_REMINDERS: Mapping[Duty, Callable[[OwnDeadline, int, datetime], int]] = {
    Duty.FILE: partial(_remind_of_draft, started="draft_started", day="started_on", soon="draft_due"),
    Duty.CHANGE: partial(_remind_of_draft, started="change_started", day="changed_on", soon="change_due"),
    Duty.ANSWER: _remind_of_answer,
    Duty.RESUBMIT: _remind_of_resubmission,
    Duty.CANCEL: _remind_of_end,
}
