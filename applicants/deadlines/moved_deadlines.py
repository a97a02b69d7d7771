"""Notifies applicants of their own deadlines that a holiday notice moved: of drafts and of planned ends.

Moved deadlines of submitted applications have rows of their own (`registry.deadlines.holiday_loading`). Drafts and
planned ends are private to the applicant, so no such row names them; their deadlines are counted by the calendar
before the notice and by the one after it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from applicants.deadlines.own_deadlines import OwnDeadline, drafts_due, ends_due
from applicants.deadlines.reminders import addressees_of_draft
from applicants.models import CalendarNoticeTold, Draft
from registry import clock
from registry.calendar.current import calendars_around, current_calendar
from registry.models import Applicant, CalendarNotice, Filing, PlannedEnd
from registry.notices import notice as notices
from registry.notices.fact_words import deadline_fact, due_fact
from registry.rules.days.deadlines import Deadline
from registry.rules.days.reminders import Duty
from registry.rules.days.working_days import Calendar


@dataclass(frozen=True, slots=True)
class _Moved:
    old: OwnDeadline
    new: OwnDeadline
    period: Deadline


def notices_to_announce() -> list[CalendarNotice]:
    """The holiday notices whose moved deadlines have not all been announced, in the order they were loaded."""
    announced = CalendarNoticeTold.objects.values("notice")
    return list(CalendarNotice.objects.exclude(pk__in=announced).order_by("loaded_at", "pk"))


def subjects_of(waiting: list[CalendarNotice]) -> list[uuid.UUID]:
    """The ids of the drafts and planned-end filings that existed when the last of these notices was loaded."""
    if not waiting:
        return []
    until = max(notice.loaded_at for notice in waiting)
    drafts = Draft.objects.filter(application_id__isnull=True, created_at__lte=until)
    ends = PlannedEnd.objects.filter(noted_at__lte=until)
    return [*drafts.values_list("pk", flat=True), *ends.values_list("filing", flat=True)]


@transaction.atomic
def notify_of_moves(subject_id: uuid.UUID, waiting: list[CalendarNotice], *, at: datetime) -> int:
    """Notifies the applicant's members how each of these notices moved one draft or planned end, once each."""
    return sum(
        _notify(moved, notice, at=at)
        for notice in waiting
        for moved in _moves_by(notice, subject_id, today=clock.china_date(at))
    )


def mark_announced(waiting: list[CalendarNotice], *, at: datetime) -> None:
    """Records that every applicant was notified of these notices; a second call changes nothing."""
    for notice in waiting:
        CalendarNoticeTold.objects.get_or_create(notice=notice, defaults={"at": at})


def _moves_by(notice: CalendarNotice, subject_id: uuid.UUID, *, today: date) -> Iterator[_Moved]:
    before, after = calendars_around(notice)
    drafts = Draft.objects.filter(pk=subject_id, created_at__lte=notice.loaded_at)
    ends = PlannedEnd.objects.filter(filing=subject_id, noted_at__lte=notice.loaded_at)

    def under(calendar: Calendar) -> dict[str, OwnDeadline]:
        found = [
            *drafts_due(drafts, today=today, calendar=calendar),
            *ends_due(ends, today=today, calendar=calendar),
        ]
        return {each.key: each for each in found}

    old, new, now = under(before), under(after), under(current_calendar())
    for key in old.keys() & new.keys() & now.keys():
        before_it, deadline = old[key], now[key]
        # A deadline that a newer notice moved again is announced with that one; past deadlines do not matter.
        is_moved = before_it.on != new[key].on == deadline.on and max(before_it.on, deadline.on) >= today
        if is_moved and deadline.period is not None:
            yield _Moved(before_it, deadline, deadline.period)


def _notify(moved: _Moved, notice: CalendarNotice, *, at: datetime) -> int:
    deadline = moved.new
    applicant: Applicant | None
    if deadline.duty is Duty.CANCEL:
        filing = Filing.objects.select_related("applicant").get(pk=deadline.subject_id)
        applicant, accounts = filing.applicant, notices.members_of(filing.applicant_id)
    else:
        filing = None
        applicant, accounts = addressees_of_draft(deadline.subject_id)
    facts: dict[str, object] = {
        "service_name": deadline.name,
        "what": moved.period.period.value,
        "year": notice.year,
        "old_due_on": due_fact(moved.old.on, provisional=moved.old.provisional),
        "new_due_on": due_fact(deadline.on, provisional=deadline.provisional),
        "why": deadline_fact(moved.period, current_calendar()),
    }
    return notices.notify(
        "own_deadline_moved",
        key=f"{notice.pk}:{deadline.key}:{deadline.event_on.isoformat()}",
        accounts=accounts,
        facts=facts,
        applicant=applicant,
        filing=filing,
        link_path=deadline.path,
        at=at,
    )
