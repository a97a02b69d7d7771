"""An application as its applicant sees it: status, stage, desk, day n of 20, and possible acts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applicants import words
from applicants.drafts.steps import row_key
from registry import clock
from registry.book import examination
from registry.book.act_request import Actor
from registry.book.decision_period import period_context, period_of
from registry.book.uptake import is_taken_up
from registry.deadlines import application_clock
from registry.deadlines.application_clock import desk_label
from registry.labels import states as state_words
from registry.labels.act_words import outcome_words
from registry.labels.reasons import fault_label, place_label, remedy_text
from registry.models import Account, Application
from registry.notices.subject import title_of
from registry.presentation.materials import deadline_context
from registry.presentation.rounds import AnsweredReason, Round, reason_shown, rounds_of
from registry.presentation.timeline import JointSubmission
from registry.rules.days.working_days import Calendar
from registry.rules.particulars import PersonalKind, particulars
from registry.rules.particulars.reasons import WHOLE
from registry.rules.workflow.lifecycle import allowed_acts
from registry.rules.workflow.states import DESKS, OPEN_STATES, Act, Kind, Outcome, Role, Standing, State


@dataclass(frozen=True, slots=True)
class Row:
    """An application on the dashboard.

    `is_superseded` is set for a rejected one that can only be begun anew. `day_number` is None once the clock has
    stopped, `due_on` once the office has decided. `together` is the joint submission it belongs to, if any.
    """

    application: Application
    url: str
    kind_label: Any
    status_code: str
    status_label: Any
    stage_label: Any
    desk_label: str
    is_open: bool
    day_number: int | None
    goes_on: str
    closed_words: str
    due_on: date | None
    working_days: int
    provisional: bool
    needs_applicant: bool
    answer_by: date | None
    answer_is_provisional: bool
    is_superseded: bool = False
    together: JointSubmission | None = None

    @property
    def rejected_words(self) -> Promise:
        """What its rejection is called."""
        return outcome_words(Kind(self.application.kind), Outcome.REJECTION).decided

    @property
    def title(self) -> str:
        """The name of the service, for a change of the applicant that of the applicant."""
        return title_of(self.application)


def row_of(
    application: Application,
    *,
    calendar: Calendar,
    today: date,
    together: JointSubmission | None = None,
    closings: Mapping[uuid.UUID, date] | None = None,
) -> Row:
    """The dashboard row of an application; its filing must have been fetched with it.

    `closings` are the `closing_days` of a whole list.
    """
    with_office = is_with_office(application)
    period = period_of(application, today=today, calendar=calendar, closings=closings)
    answer = application_clock.resubmission_deadline(application, calendar)
    return Row(
        application=application,
        url=reverse("applicants:application", args=[application.pk]),
        kind_label=state_words.label_of(Kind(application.kind)),
        status_code=state_words.status_code(application),
        status_label=state_words.status_words(application, is_claimed=is_taken_up(application)),
        stage_label=stage_label(application),
        desk_label=desk_label(application) if with_office else "",
        is_open=with_office,
        day_number=period.day_number if period.is_running else None,
        goes_on=period.goes_on,
        closed_words=period.closed_words,
        due_on=period.due_on if with_office else None,
        working_days=period.working_days,
        provisional=with_office and period.provisional,
        needs_applicant=answer is not None,
        answer_by=answer.due_on if answer is not None else None,
        answer_is_provisional=answer is not None and answer.provisional,
        is_superseded=answer is not None and examination.is_superseded(application),
        together=together,
    )


def is_with_office(application: Application) -> bool:
    """Whether the office has still to act: until its decision, for an approved first filing until the number."""
    filing = application.filing
    awaits_number = (
        application.state == State.APPROVED
        and application.kind == Kind.INITIAL
        and filing is not None
        and filing.standing == Standing.AWAITING_NUMBER
    )
    return State(application.state) in OPEN_STATES or awaits_number


def stage_label(application: Application) -> Any:
    """The office that reviews the application; steps within an office are not shown."""
    role = DESKS.get(State(application.state))
    if role is None:
        return ""
    return words.STAGE_LABELS["province" if role is Role.PROVINCIAL_REVIEWER else "nation"]


def decision_clock(application: Application, calendar: Calendar, *, today: date) -> dict[str, Any] | None:
    """The due day with its explanation; once the clock is closed, by a decision or a withdrawal, how it closed.

    None for a clock that stands without a stored day.
    """
    period = period_of(application, today=today, calendar=calendar)
    return period_context(period, calendar, today=today, title=_("Decision due (Art. 12)"))


def acts_open_to(application: Application, account: Account) -> frozenset[Act]:
    """The acts this account may take on the application now."""
    facts = examination.row_facts(application, actor=Actor.of(account), at=clock.now())
    return allowed_acts(facts)


def reasons_of(application: Application) -> list[dict[str, Any]]:
    """The reasons of the latest rejection; `target` is the id of the row of the materials a reason is about.

    [] for any state but REJECTED, since a mere proposal is not for applicants.
    """
    if application.state != State.REJECTED:
        return []
    return [
        {
            "id": str(reason.get("id", "")),
            "key": str(reason.get("key", WHOLE)),
            "place": place_label(str(reason.get("key", WHOLE))),
            "fault": fault_label(reason),
            "article": reason.get("article", ""),
            "remedy": remedy_text(reason),
            "text": str(reason.get("text") or "").strip(),
            "target": "" if reason.get("key", WHOLE) == WHOLE else f"row-{row_key(str(reason['key']))}",
        }
        for reason in examination.latest_reasons(application)
    ]


def reasons_to_answer(application: Application) -> list[AnsweredReason]:
    """The reasons of a standing rejection, or the points that the office asks to have corrected."""
    is_rejected = application.state == State.REJECTED
    found = (examination.latest_reasons if is_rejected else examination.points_awaited)(application)
    return [reason_shown(reason) for reason in found]


def rounds_to_read(application: Application) -> list[Round]:
    """All rounds but the latest; the latest too once it was supplemented or sections were opened."""
    found = rounds_of(application)
    latest = found[-1]
    has_more = len(latest.submissions) > 1 or bool(latest.submissions[0].opened or latest.askings)
    return found if has_more else found[:-1]


def keys_shown_by_default() -> frozenset[str]:
    """The keys of an applicant's own data shown in full: all but the numbers of identity documents."""
    return frozenset(
        each.key
        for top in particulars()
        for each in (top, *top.fields)
        if each.personal_kind is not PersonalKind.IDENTITY
    )


def resubmission_clock(application: Application, calendar: Calendar, *, today: date) -> dict[str, Any] | None:
    """The last day to resubmit a rejected application, with its explanation; None for any other."""
    due = application_clock.resubmission_deadline(application, calendar)
    if due is None:
        return None
    return deadline_context(due, calendar, today=today, title=_("Time to submit it again"))
