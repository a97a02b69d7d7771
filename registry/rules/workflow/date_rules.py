"""The date that each kind of application turns on, and its lateness in working days (Art. 11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.rules.days.deadlines import Period, deadline, late_by
from registry.rules.days.working_days import Calendar
from registry.rules.errors import CalendarOutOfRange
from registry.rules.particulars.consistency.changes import change_follows_the_start_of_the_service
from registry.rules.particulars.consistency.definitions import Stated
from registry.rules.particulars.materials import date_of
from registry.rules.workflow.states import Kind

PERIODS = {
    Kind.INITIAL: Period.FILING,
    Kind.CHANGE: Period.CHANGE,
    Kind.APPLICANT_CHANGE: Period.CHANGE,
    Kind.CANCELLATION: Period.CANCELLATION,
}


@dataclass(frozen=True, slots=True)
class DateFinding:
    """The result of the date rule for one submission; `refusal` is None when the rule is met."""

    event_on: date | None
    late_by_working_days: int
    refusal: str | None

    @property
    def is_met(self) -> bool:
        return self.refusal is None


def check_event_date(
    kind: Kind,
    materials: Mapping[str, Any],
    details: Mapping[str, Any],
    submitted_on: date,
    calendar: Calendar,
    *,
    first_submitted_on: date | None = None,
) -> DateFinding:
    """The date of the event, the lateness of the submission, and the code of a refusal.

    Initial filing: the start of the service, on or before the submission (10 working days). Change: the
    oldest day of `details["changes"]`, likewise (5), and in the first submission none of a service before its start.
    Cancellation: `details["ends_on"]` (30, counted back). A late submission needs a reason. The lateness of a later
    submission of the same application is that of `first_submitted_on`; no event may lie after the submission itself.
    """
    service = materials.get("service", {})
    if kind is Kind.INITIAL:
        event_on = date_of(service.get("service_started_on"))
        reason = service.get("late_reason")
    elif kind is Kind.CANCELLATION:
        event_on = date_of(details.get("ends_on"))
        reason = details.get("late_reason")
    else:
        days = [date_of(change.get("changed_on")) for change in details.get("changes", ())]
        known = [day for day in days if day is not None]
        if len(known) < len(days) or any(day > submitted_on for day in known):
            return DateFinding(None, 0, "changed_on_missing_or_future")
        if kind is Kind.CHANGE and first_submitted_on is None and _precedes_service(materials, details):
            return DateFinding(None, 0, "changed_before_service_started")
        event_on = min(known, default=None)
        reason = details.get("late_reason")
    if event_on is None:
        return DateFinding(None, 0, "event_date_missing")
    if kind is not Kind.CANCELLATION and event_on > submitted_on:
        return DateFinding(event_on, 0, "event_date_in_future")
    try:
        due = deadline(PERIODS[kind], event_on, calendar)
        late = late_by(due, first_submitted_on or submitted_on, calendar)
    except CalendarOutOfRange:
        return DateFinding(event_on, 0, "event_date_out_of_range")
    refusal = "late_reason_required" if late and not str(reason or "").strip() else None
    return DateFinding(event_on, late, refusal)


def _precedes_service(materials: Mapping[str, Any], details: Mapping[str, Any]) -> bool:
    days = {
        str(change.get("key")): str(change.get("changed_on") or "") for change in details.get("changes", ())
    }
    return any(change_follows_the_start_of_the_service.find(Stated(materials, date.max, days)))
