"""The deadlines of applicants, and the days they wait for: for their page, calendar feed and reminders."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from applicants import access
from applicants.models import Draft
from registry import clock
from registry.book import examination
from registry.calendar.objection_days import statement_due
from registry.deadlines import application_clock
from registry.endings import striking_off
from registry.models import Account, Applicant, Application, Filing, Objection, PlannedEnd, StrikingOff
from registry.notices.subject import title_of
from registry.rules.days.deadlines import (
    Deadline,
    cancellation_due,
    change_due,
    decision_due,
    filing_due,
    working_days_left,
)
from registry.rules.days.reminders import Duty
from registry.rules.days.working_days import Calendar, is_provisional_day
from registry.rules.endings.lifecycle import StrikingOffState
from registry.rules.errors import CalendarOutOfRange
from registry.rules.objections.lifecycle import ObjectionState
from registry.rules.particulars.materials import date_of
from registry.rules.workflow.states import OPEN_STATES, Kind, Standing, State

_OPEN = [state.value for state in OPEN_STATES]

DUTY_LABELS: Mapping[Duty, Promise] = MappingProxyType(
    {
        Duty.FILE: pgettext_lazy("deadline", "File the service"),
        Duty.CHANGE: pgettext_lazy("deadline", "Submit the change"),
        Duty.ANSWER: pgettext_lazy("deadline", "Correct the materials, as the office asks"),
        Duty.RESUBMIT: pgettext_lazy("deadline", "Mend the application and submit it again"),
        Duty.CANCEL: pgettext_lazy("deadline", "Submit the cancellation"),
    }
)
_DECISION = gettext_lazy("The office decides by this day")
_SUPERSEDED = gettext_lazy("Superseded by a later change, lapses after this day: begin it anew")
_END = gettext_lazy("The service ends")
_STATEMENT_ON_OBJECTION = pgettext_lazy("deadline", "Send your statement on an objection, if you make one")
_STATEMENT_ON_STRIKING_OFF = pgettext_lazy(
    "deadline", "State your case before a striking off, if you wish to"
)
# What Art. 11 asks for is still owed after its last day, and an answer taken until the office decides; a rejected
# application has lapsed by then.
_OWED_WHEN_LATE = frozenset({Duty.FILE, Duty.CHANGE, Duty.CANCEL, Duty.ANSWER})
_MAY_STATE = [StrikingOffState.SERVED.value, StrikingOffState.ANNOUNCED.value]


@dataclass(frozen=True, slots=True)
class OwnDeadline:
    """One deadline of one applicant.

    `applicant_id` is None, and `client` the name as typed, of a draft whose applicant the register does not know yet.
    `duty` is None for a day that asks for nothing: the applicant waits for it, or may state its case until then.
    `reference` identifies it without names, for calendar programs outside the portal. `period` is the legal
    deadline, None for a day outside the periods of Art. 11 and 12.
    """

    key: str
    subject_id: uuid.UUID
    duty: Duty | None
    label: Promise
    name: str
    reference: str
    event_on: date
    on: date
    days_left: int
    provisional: bool
    path: str
    applicant_id: uuid.UUID | None
    client: str
    period: Deadline | None = None

    @property
    def days_late(self) -> int:
        """Working days since the last day; 0 when it has not passed."""
        return max(0, -self.days_left)


def deadlines_of(account: Account, *, today: date, calendar: Calendar) -> list[OwnDeadline]:
    """The account's deadlines, soonest first: what is overdue and still owed, then what has not passed."""
    applications = access.applications_of(account)
    filings = access.filings_of(account)
    found = [
        *drafts_due(access.drafts_of(account), today=today, calendar=calendar),
        *answers_due(asked_among(applications), today=today, calendar=calendar),
        *resubmissions_due(applications, today=today, calendar=calendar),
        *ends_due(PlannedEnd.objects.filter(filing__in=filings), today=today, calendar=calendar),
        *_decisions_awaited(applications, today=today, calendar=calendar),
        *_ends_approved(filings, today=today, calendar=calendar),
        *statements_due(access.applicants_of(account), today=today, calendar=calendar),
    ]
    shown = (each for each in found if each.days_left >= 0 or each.duty in _OWED_WHEN_LATE)
    return sorted(shown, key=lambda each: (each.on, each.key))


def years_of(deadlines: Iterable[OwnDeadline]) -> str:
    """The years in which they lie, as a heading names them: 2026–2027."""
    years = sorted({each.on.year for each in deadlines})
    return "–".join(str(year) for year in dict.fromkeys((*years[:1], *years[-1:])))


def drafts_due(drafts: QuerySet[Draft], *, today: date, calendar: Calendar) -> Iterator[OwnDeadline]:
    """The deadlines of unsent first filings whose service has started, and of unsent changes that have happened."""
    begun = drafts.filter(application_id__isnull=True, amends_application_id__isnull=True)
    for draft in begun.select_related("applicant"):
        event_on, kind = _event_of(draft), Kind(draft.kind)
        if event_on is None or not calendar.first_day <= event_on <= today:
            continue
        period = (filing_due if kind is Kind.INITIAL else change_due)(event_on, calendar)
        duty = Duty.FILE if kind is Kind.INITIAL else Duty.CHANGE
        yield OwnDeadline(
            key=f"{duty}-{draft.pk}",
            subject_id=draft.pk,
            duty=duty,
            label=DUTY_LABELS[duty],
            name=service_of(draft),
            reference=_("draft begun on %(day)s") % {"day": clock.china_date(draft.created_at).isoformat()},
            event_on=event_on,
            on=period.due_on,
            days_left=working_days_left(period.due_on, today, calendar),
            provisional=period.provisional,
            path=reverse("applicants:draft", args=[draft.pk]),
            applicant_id=draft.applicant_id,
            client=client_of(draft),
            period=period,
        )


def resubmissions_due(
    applications: QuerySet[Application], *, today: date, calendar: Calendar
) -> Iterator[OwnDeadline]:
    """The deadlines to resubmit rejected applications; one that can only be begun anew lapses on that day."""
    rejected = list(
        applications.filter(state=State.REJECTED.value, decided_at__isnull=False).select_related(
            "applicant", "filing"
        )
    )
    superseded = examination.superseded_among(rejected)
    for application in rejected:
        due = application_clock.resubmission_deadline(application, calendar)
        if due is None:
            continue
        is_superseded = application.pk in superseded
        yield OwnDeadline(
            key=f"{Duty.RESUBMIT}-{application.pk}-{application.round_number}",
            subject_id=application.pk,
            duty=None if is_superseded else Duty.RESUBMIT,
            label=_SUPERSEDED if is_superseded else DUTY_LABELS[Duty.RESUBMIT],
            name=title_of(application),
            reference=application.receipt_number,
            event_on=due.event_on,
            on=due.due_on,
            days_left=working_days_left(due.due_on, today, calendar),
            provisional=due.provisional,
            path=reverse("applicants:application", args=[application.pk]),
            applicant_id=application.applicant_id,
            client=application.applicant_called,
        )


def asked_among(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those that the office asks to have corrected, with what `answers_due` reads of each."""
    return applications.filter(asked_until__isnull=False).select_related("applicant", "filing")


def answers_due(
    applications: Iterable[Application], *, today: date, calendar: Calendar
) -> Iterator[OwnDeadline]:
    """Until when those of these applications that the office asks to have corrected are to be corrected."""
    for application in applications:
        answer_by = application.asked_until
        if answer_by is None:
            continue
        yield OwnDeadline(
            key=f"{Duty.ANSWER}-{application.pk}",
            subject_id=application.pk,
            duty=Duty.ANSWER,
            label=DUTY_LABELS[Duty.ANSWER],
            name=title_of(application),
            reference=application.receipt_number,
            event_on=answer_by,
            on=answer_by,
            days_left=working_days_left(answer_by, today, calendar),
            provisional=is_provisional_day(answer_by, calendar),
            path=reverse("applicants:application", args=[application.pk]),
            applicant_id=application.applicant_id,
            client=application.applicant_called,
        )


def ends_due(planned: QuerySet[PlannedEnd], *, today: date, calendar: Calendar) -> Iterator[OwnDeadline]:
    """The last lawful day to file the cancellation of each service with a planned end."""
    asked_for = Application.objects.filter(kind=Kind.CANCELLATION.value, state__in=_OPEN).values("filing")
    waiting = planned.filter(filing__standing=Standing.IN_FORCE.value, filing__ends_on__isnull=True)
    for plan in waiting.exclude(filing__in=asked_for).select_related("filing"):
        try:
            period = cancellation_due(plan.ends_on, calendar)
        except CalendarOutOfRange:
            continue
        yield OwnDeadline(
            key=f"{Duty.CANCEL}-{plan.filing_id}",
            subject_id=plan.filing_id,
            duty=Duty.CANCEL,
            label=DUTY_LABELS[Duty.CANCEL],
            name=plan.filing.service_name,
            reference=plan.filing.number or "",
            event_on=plan.ends_on,
            on=period.due_on,
            days_left=working_days_left(period.due_on, today, calendar),
            provisional=period.provisional,
            path=reverse("applicants:deadlines"),
            applicant_id=plan.filing.applicant_id,
            client=plan.filing.applicant_name,
            period=period,
        )


def _decisions_awaited(
    applications: QuerySet[Application], *, today: date, calendar: Calendar
) -> Iterator[OwnDeadline]:
    # A rejection is made, though its clock runs until it arrives: the day to wait for is the one to answer by.
    for application in applications.filter(application_clock.RUNNING).exclude(state=State.REJECTED.value):
        period = decision_due(application.received_on, calendar)
        yield OwnDeadline(
            key=f"decision-{application.pk}-{application.round_number}",
            subject_id=application.pk,
            duty=None,
            label=_DECISION,
            name=title_of(application),
            reference=application.receipt_number,
            event_on=application.received_on,
            on=period.due_on,
            days_left=working_days_left(period.due_on, today, calendar),
            provisional=period.provisional,
            path=reverse("applicants:application", args=[application.pk]),
            applicant_id=application.applicant_id,
            client=application.applicant_called,
            period=period,
        )


def _ends_approved(filings: QuerySet[Filing], *, today: date, calendar: Calendar) -> Iterator[OwnDeadline]:
    for filing in filings.filter(standing=Standing.IN_FORCE.value, ends_on__isnull=False):
        if filing.ends_on is None or filing.ends_on > calendar.last_day:
            continue
        yield OwnDeadline(
            key=f"end-{filing.pk}",
            subject_id=filing.pk,
            duty=None,
            label=_END,
            name=filing.service_name,
            reference=filing.number or "",
            event_on=filing.ends_on,
            on=filing.ends_on,
            days_left=working_days_left(filing.ends_on, today, calendar),
            provisional=False,
            path=reverse("applicants:deadlines"),
            applicant_id=filing.applicant_id,
            client=filing.applicant_name,
        )


def statements_due(
    applicants: QuerySet[Applicant], *, today: date, calendar: Calendar
) -> Iterator[OwnDeadline]:
    """Until when these applicants may make a statement: on an objection, or before a striking off."""
    yield from _statements_on_objections(applicants, today=today, calendar=calendar)
    yield from _statements_on_strikings_off(applicants, today=today, calendar=calendar)


def _statements_on_objections(
    applicants: QuerySet[Applicant], *, today: date, calendar: Calendar
) -> Iterator[OwnDeadline]:
    asked = Objection.objects.filter(
        applicant__in=applicants,
        state=ObjectionState.WITH_APPLICANT.value,
        answered_at__isnull=True,
    )
    for objection in asked.select_related("entry"):
        due = statement_due(objection, calendar=calendar)
        if due is None or objection.sent_at is None:
            continue
        yield OwnDeadline(
            key=f"objection-{objection.pk}",
            subject_id=objection.pk,
            duty=None,
            label=_STATEMENT_ON_OBJECTION,
            name=objection.entry.service_name,
            reference=objection.receipt_number,
            event_on=clock.china_date(objection.sent_at),
            on=due.due_on,
            days_left=working_days_left(due.due_on, today, calendar),
            provisional=due.provisional,
            path=reverse("applicants:objection", args=[objection.pk]),
            applicant_id=objection.applicant_id,
            client=objection.entry.applicant_name,
        )


def _statements_on_strikings_off(
    applicants: QuerySet[Applicant], *, today: date, calendar: Calendar
) -> Iterator[OwnDeadline]:
    served = StrikingOff.objects.filter(
        applicant__in=applicants, state__in=_MAY_STATE, served_on__isnull=False
    )
    for proceeding in served.select_related("filing"):
        period = striking_off.statement_deadline(proceeding, calendar=calendar)
        last_day = striking_off.last_day_of_statement(proceeding, calendar=calendar)
        if period is None or last_day is None:
            continue
        yield OwnDeadline(
            key=f"striking-off-{proceeding.pk}",
            subject_id=proceeding.pk,
            duty=None,
            label=_STATEMENT_ON_STRIKING_OFF,
            name=proceeding.filing.service_name,
            reference=proceeding.number,
            event_on=period.event_on,
            on=last_day,
            days_left=working_days_left(last_day, today, calendar),
            provisional=period.provisional,
            path=reverse("applicants:striking_off", args=[proceeding.pk]),
            applicant_id=proceeding.applicant_id,
            client=proceeding.filing.applicant_name,
            period=period,
        )


def client_of(draft: Draft) -> str:
    """The name of a draft's applicant: as the register has it, else as it was typed."""
    if draft.applicant is not None:
        return draft.applicant.name
    return str(draft.materials["applicant"].get("name") or "")


def service_of(draft: Draft) -> str:
    """The name of a draft's service; empty for a change of the applicant, which concerns all services."""
    if draft.kind == Kind.APPLICANT_CHANGE:
        return ""
    return str(draft.materials["service"].get("service_name") or "—")


def _event_of(draft: Draft) -> date | None:
    """The day that starts a draft's period: the start of the service, or the oldest of its changes."""
    if draft.kind == Kind.INITIAL:
        return date_of(draft.materials["service"].get("service_started_on"))
    return min(_days(draft.notes["changed_on"].values()), default=None)


def _days(texts: Iterable[object]) -> Iterator[date]:
    for text in texts:
        day = date_of(text)
        if day is not None:
            yield day
