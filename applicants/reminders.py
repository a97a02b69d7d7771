"""Reminders to applicants of what they have to do by when; each stage of each deadline once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial

from django.db import transaction

from applicants.deadlines import OwnDeadline, drafts_due, ends_due, resubmissions_due
from applicants.models import Draft
from registry import clock, notices
from registry.calendar import current_calendar
from registry.labels.notice_facts import deadline_fact
from registry.models import Account, Applicant, Application, Filing, PlannedEnd
from registry.rules.reminders import STAGES, Duty, stage_of
from registry.rules.working_days import Calendar
from registry.telling import named_facts


def deadlines_to_remind_of(at: datetime) -> list[OwnDeadline]:
    """Every applicant's deadline that has reached a stage; whether it was told is asked when it is told."""
    calendar, today = current_calendar(), clock.china_date(at)
    return [
        each
        for each in _all_deadlines(today, calendar)
        if each.duty is not None and stage_of(each.duty, each.days_left) is not None
    ]


@transaction.atomic
def remind(deadline: OwnDeadline, *, at: datetime) -> int:
    """Tells whoever acts for the applicant, once for each stage and each day the period began. Gives how many."""
    duty = deadline.duty
    stage = stage_of(duty, deadline.days_left) if duty is not None else None
    if duty is None or stage is None:
        return 0
    return _TELL[duty](deadline, stage, at)


def _all_deadlines(today: date, calendar: Calendar) -> Iterator[OwnDeadline]:
    yield from drafts_due(Draft.objects.all(), today=today, calendar=calendar)
    yield from resubmissions_due(Application.objects.all(), today=today, calendar=calendar)
    yield from ends_due(PlannedEnd.objects.all(), today=today, calendar=calendar)


def _tell_of_draft(
    deadline: OwnDeadline, stage: int, at: datetime, *, started: str, day: str, soon: str
) -> int:
    draft = Draft.objects.select_related("applicant", "account").get(pk=deadline.subject_id)
    named: dict[str, object] = {"service_name": deadline.name, "due_on": deadline.on.isoformat()}
    if stage == max(STAGES[Duty(deadline.duty or Duty.FILE)]) and deadline.period is not None:
        why = deadline_fact(deadline.period, current_calendar())
        kind, facts = started, named | {day: deadline.event_on.isoformat(), "why": why}
    else:
        kind, facts = soon, named | {"days_left": deadline.days_left}
    return notices.tell(
        kind,
        key=_key(deadline, stage),
        accounts=_members(draft.applicant) or [draft.account],
        facts=facts,
        applicant=draft.applicant,
        link_path=deadline.path,
        at=at,
    )


def _tell_of_resubmission(deadline: OwnDeadline, stage: int, at: datetime) -> int:
    application = Application.objects.select_related("applicant", "filing").get(pk=deadline.subject_id)
    facts = named_facts(application) | {"days_left": deadline.days_left, "due_on": deadline.on.isoformat()}
    return notices.tell(
        "resubmission_due",
        key=_key(deadline, stage),
        accounts=_members(application.applicant),
        facts=facts,
        applicant=application.applicant,
        application=application,
        at=at,
    )


def _tell_of_end(deadline: OwnDeadline, stage: int, at: datetime) -> int:
    filing = Filing.objects.select_related("applicant").get(pk=deadline.subject_id)
    facts = {
        "service_name": filing.service_name,
        "number": filing.number or "",
        "ends_on": deadline.event_on.isoformat(),
        "days_left": deadline.days_left,
        "due_on": deadline.on.isoformat(),
    }
    return notices.tell(
        "cancellation_due",
        key=_key(deadline, stage),
        accounts=_members(filing.applicant),
        facts=facts,
        applicant=filing.applicant,
        filing=filing,
        link_path=deadline.path,
        at=at,
    )


def _key(deadline: OwnDeadline, stage: int) -> str:
    """A date that is put right begins the period anew; a calendar that moves does not."""
    return f"{deadline.key}:{deadline.event_on.isoformat()}:{stage}"


def _members(applicant: Applicant | None) -> list[Account]:
    return notices.members_of(applicant.pk) if applicant is not None else []


_TELL: Mapping[Duty, Callable[[OwnDeadline, int, datetime], int]] = {
    Duty.FILE: partial(_tell_of_draft, started="draft_started", day="started_on", soon="draft_due"),
    Duty.CHANGE: partial(_tell_of_draft, started="change_started", day="changed_on", soon="change_due"),
    Duty.RESUBMIT: _tell_of_resubmission,
    Duty.CANCEL: _tell_of_end,
}
