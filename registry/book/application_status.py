"""What the holder of a receipt may learn of an application without signing in: where it stands, and no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from registry import clock
from registry.book.decision_period import period_of
from registry.book.examination import is_superseded
from registry.book.receipt_numbers import is_query_code
from registry.book.uptake import is_taken_up, with_uptake
from registry.calendar.current import current_calendar
from registry.deadlines.application_clock import awaits_delivery, desk_label, resubmission_deadline
from registry.deadlines.case_standing import standing_of
from registry.labels.states import label_of, status_code, status_words
from registry.models import Application
from registry.rules.days.deadlines import Deadline
from registry.rules.workflow.decision_clock import UNDELIVERED
from registry.rules.workflow.states import OPEN_STATES, PUBLIC_STANDINGS, Kind, State


@dataclass(frozen=True, slots=True)
class ApplicationStatus:
    """The status of one application.

    `code` and `label` are those that the applicant sees; what was decided is called as in the decision, once that is
    delivered. `office` and `due` are given while an office has to decide, the first also until the decision is
    delivered, `answer_by` while the applicant may mend a rejected application. `number` is the filing number once it
    is public.
    """

    receipt_number: str
    kind: Kind
    kind_label: Promise
    code: str
    label: Promise
    is_open: bool
    is_taken_up: bool
    received_on: date
    office: str = ""
    due: Deadline | None = None
    answer_by: Deadline | None = None
    decided_on: date | None = None
    number: str = ""


def status_for_holder(receipt_number: str, *, code: str) -> ApplicationStatus | None:
    """The status of the application with this receipt number, for who knows its query code too.

    None for a wrong code, before anything is looked up: that a number was given is told to nobody without its code.
    """
    if not is_query_code(code, of=receipt_number):
        return None
    found = with_uptake(Application.objects.select_related("filing"), at=clock.now())
    application = found.filter(receipt_number=receipt_number).first()
    return None if application is None else _status_of(application)


def _status_of(application: Application) -> ApplicationStatus:
    calendar, today = current_calendar(), clock.today()
    is_open = State(application.state) in OPEN_STATES
    filing, decided_at = application.filing, application.decided_at
    answer_by = resubmission_deadline(application, calendar)
    if answer_by is not None and is_superseded(application):
        answer_by = None
    is_public = filing is not None and filing.standing in PUBLIC_STANDINGS
    return ApplicationStatus(
        receipt_number=application.receipt_number,
        kind=Kind(application.kind),
        kind_label=label_of(Kind(application.kind)),
        code=UNDELIVERED if awaits_delivery(application) else status_code(application),
        label=_label(application),
        is_open=is_open,
        is_taken_up=is_taken_up(application),
        received_on=application.received_on,
        office=desk_label(application) if is_open or awaits_delivery(application) else "",
        due=period_of(application, today=today, calendar=calendar).deadline if is_open else None,
        answer_by=answer_by,
        decided_on=clock.china_date(decided_at) if decided_at is not None and not is_open else None,
        number=(filing.number or "") if filing is not None and is_public else "",
    )


def _label(application: Application) -> Promise:
    if status_code(application) in (State.APPROVED, State.REJECTED):
        return standing_of(application).label
    return status_words(application, is_claimed=is_taken_up(application))
