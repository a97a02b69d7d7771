"""Cancellation of a filing: planner, submission and resubmission (Art. 11).

A cancellation asks only for the day the service ends and the arrangements for its users. Its materials are
those in force, unchanged; of an imported filing without particulars, what the register knows of it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from applicants.changes.change import refuse_unless_in_force
from registry.book import examination, ledger
from registry.book.act_request import Actor, Request
from registry.book.application_details import latest_details
from registry.book.held_facts import materials_as_of
from registry.book.in_force import known_materials
from registry.errors import TransitionNotAllowed
from registry.models import Account, Application, Filing
from registry.rules.days.deadlines import Deadline, cancellation_due, earliest_service_end
from registry.rules.days.working_days import Calendar
from registry.rules.errors import CalendarOutOfRange
from registry.rules.particulars.materials import date_of
from registry.rules.workflow.guards import BEFORE_SERVICE_END
from registry.rules.workflow.states import Act, Kind, State

LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A submitted cancellation form.

    `answers` are by the id of a reason or point; a supplement without any has an `explanation`.
    """

    ends_on: str = ""
    arrangement: str = ""
    late_reason: str = ""
    is_declared_late: bool = False
    explanation: str = ""
    answers: tuple[tuple[str, str], ...] = ()

    def details(self) -> dict[str, Any]:
        """The event's details."""
        details = {"ends_on": self.ends_on, "arrangement": self.arrangement.strip()}
        return {**details, "late_reason": self.late_reason.strip()}


@dataclass(frozen=True, slots=True)
class Plan:
    """The planner's answer: the earliest lawful end if submitted today, and the deadline for the wanted end.

    `is_provisional` is true while the holidays of a year before that end are not announced. `due` is the last
    lawful day to submit for the wanted end, None without a day. `is_late` says whether it had passed on
    `measured_on`, the day of the first submission.
    """

    earliest_end: date
    is_provisional: bool
    measured_on: date
    wanted: date | None
    due: Deadline | None
    is_out_of_range: bool = False

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due.due_on < self.measured_on

    @property
    def is_past(self) -> bool:
        """Whether the wanted day had passed when the cancellation was, or would be, submitted first."""
        return self.wanted is not None and self.wanted < self.measured_on


def plan_cancellation(
    wanted: str, *, today: date, calendar: Calendar, first_submitted_on: date | None = None
) -> Plan:
    """The plan for a wanted last day of the service; text that is no date gives a plan without `due`.

    Lateness is measured on `first_submitted_on`, or today; a day outside the calendar gives `is_out_of_range`.
    """
    measured_on = first_submitted_on or today
    earliest = earliest_service_end(today, calendar)
    provisional = cancellation_due(earliest, calendar).provisional
    day = date_of(wanted)
    if day is None:
        return Plan(earliest, provisional, measured_on, None, None)
    try:
        due = cancellation_due(day, calendar)
    except CalendarOutOfRange:
        return Plan(earliest, provisional, measured_on, day, None, is_out_of_range=True)
    return Plan(earliest, provisional, measured_on, day, due)


@transaction.atomic
def submit_cancellation(
    filing: Filing,
    cancellation: Cancellation,
    *,
    account: Account,
    declaration_accepted: bool,
    key: uuid.UUID,
    at: datetime,
) -> Application:
    """Submits the cancellation of a filing once; a repeated `key` gives the first application.

    Raises TransitionNotAllowed when the filing is not in force or its end is already set, and the ledger's errors.
    """
    existing = Application.objects.filter(events__idempotency_key=key).first()
    if existing is None:
        refuse_unless_in_force(filing)
    event = ledger.submit(
        Kind.CANCELLATION,
        applicant_id=filing.applicant_id,
        filing_id=filing.pk,
        actor=Actor.of(account),
        request=Request(
            materials=known_materials(filing),
            details=cancellation.details(),
            declaration_accepted=declaration_accepted,
            idempotency_key=key,
        ),
        at=at,
    )
    return Application.objects.get(events=event)


def resubmit_cancellation(
    application: Application,
    cancellation: Cancellation,
    *,
    account: Account,
    declaration_accepted: bool,
    key: uuid.UUID,
    at: datetime,
) -> Application:
    """Resubmits a rejected cancellation, or supplements one under review. Raises the ledger's errors."""
    is_rejected = application.state == State.REJECTED
    details = cancellation.details()
    if is_rejected or cancellation.answers:
        details["answers"] = dict(cancellation.answers)
    else:
        details["explanation"] = cancellation.explanation.strip()
    materials = materials_as_of(application)
    ledger.record(
        Act.RESUBMIT if is_rejected else Act.SUPPLEMENT,
        application.pk,
        actor=Actor.of(account),
        request=Request(
            details=details,
            materials=materials,
            declaration_accepted=declaration_accepted,
            idempotency_key=key,
        ),
        at=at,
    )
    application.refresh_from_db()
    return application


def latest_cancellation(application: Application) -> Cancellation:
    """The cancellation as last submitted."""
    asked = latest_details(application)
    return Cancellation(
        ends_on=str(asked.get("ends_on") or ""),
        arrangement=str(asked.get("arrangement") or ""),
        late_reason=str(asked.get("late_reason") or ""),
        is_declared_late=bool(asked.get("late_reason")),
    )


def withdraw_cancellation(
    application: Application, *, explanation: str, account: Account, at: datetime
) -> None:
    """Withdraws an approved cancellation before the service ends; a repeated request changes nothing."""
    if application.state == State.WITHDRAWN:
        return
    facts = examination.row_facts(application, actor=Actor.of(account), at=at)
    if not BEFORE_SERVICE_END.holds(facts):
        raise TransitionNotAllowed(BEFORE_SERVICE_END.name, act=Act.WITHDRAW_CANCELLATION.value)
    ledger.record(
        Act.WITHDRAW_CANCELLATION,
        application.pk,
        actor=Actor.of(account),
        request=Request(details={"explanation": explanation} if explanation else {}),
        at=at,
    )
