"""Amendments of applications: resubmission after a rejection, and supplement during the review.

A resubmission may change only the fields that the reasons name, the answer to a request for corrections those that
its points name, and any other supplement the sections the applicant has opened. Fields that become required through
the changes themselves are open too, so that an amendment can always be completed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.functional import Promise

from applicants import words
from applicants.drafts import statement
from applicants.drafts.first_filing import start_of_service, start_points
from applicants.drafts.joint import lock_draft
from applicants.drafts.matter import Matter
from applicants.drafts.prepared import Prepared
from applicants.drafts.steps import FORM_SECTIONS, STEPS, Point, row_key, step_of, step_url
from applicants.models import Draft
from registry import clock
from registry.book import examination, ledger
from registry.book.act_request import Actor, Request
from registry.book.applicants import correct_applicant
from registry.book.application_details import latest_details
from registry.book.asked import asked_context
from registry.book.in_force import materials_replaced, supplies_particulars, versions_before
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock
from registry.documents.statement import StatedChange, concerned_filings, supplied_change
from registry.errors import FilingError, NotFound, OutOfDate, RegisterIncomplete, TransitionNotAllowed
from registry.labels.act_words import outcome_words
from registry.models import Account, Application
from registry.notices.subject import title_of
from registry.rules.days.deadlines import Deadline, working_days_left
from registry.rules.days.working_days import Calendar
from registry.rules.particulars import (
    APPLICANT_SECTIONS,
    Particular,
    Slot,
    changed_keys,
    find_particular,
    find_slot,
    is_of_applicant,
    is_slot,
    particulars,
    slots,
)
from registry.rules.particulars.gaps import Gap
from registry.rules.particulars.materials import Materials, files_of
from registry.rules.particulars.reasons import WHOLE
from registry.rules.visible_text import is_visible
from registry.rules.workflow.date_rules import DateFinding
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.guards import (
    BASE_REVISION_IN_FORCE,
    EVERY_POINT_ANSWERED,
    EVERY_REASON_ANSWERED,
    EXPLANATION_GIVEN,
    Guard,
)
from registry.rules.workflow.lifecycle import transitions_from
from registry.rules.workflow.states import CONFIRMATIONS, Act, Kind, Outcome, State

SECTIONS_TO_OPEN = (*FORM_SECTIONS, "attachments")
LONGEST_TEXT = 2000
RESUBMISSION_OVER = "resubmission_not_ended"
BASE_SUPERSEDED = "base_superseded"
NOT_IN_FORCE = BASE_REVISION_IN_FORCE.name
TEXT_TOO_LONG = "text_too_long"

_STARTED_ON, _LATE_REASON = "service.service_started_on", "service.late_reason"


class Amendment(Matter):
    """The amendment of an application, from the revision it had when the draft was begun."""

    own_step = "amendment"
    top = "applicants/amendments/includes/amendment_top.html"
    locked_note = "applicants/amendments/includes/locked_note.html"

    @classmethod
    def holds(cls, draft: Draft) -> bool:
        return draft.amends_application_id is not None

    @cached_property
    def application(self) -> Application:
        return Application.objects.select_related("filing", "applicant").get(
            pk=str(self.draft.amends_application_id)
        )

    @cached_property
    def base(self) -> dict[str, Any]:
        return materials_of(get_revision(self.application.pk, self.draft.base_revision_number or 0))

    @property
    def versions(self) -> tuple[Materials, ...]:
        """What a change would replace, and the revisions up to the one that is amended."""
        number = (self.draft.base_revision_number or 0) + 1
        return versions_before(self.application, number=number, now=self.draft.materials)

    @cached_property
    def reasons(self) -> tuple[dict[str, Any], ...]:
        """What has to be answered: the reasons of a rejection, or the points that the office asks to have corrected."""
        if self.is_resubmission:
            return tuple(examination.latest_reasons(self.application))
        return tuple(examination.points_awaited(self.application)) if self.act is Act.SUPPLEMENT else ()

    @property
    def is_answer(self) -> bool:
        """Whether the office waits for what it asked to have corrected."""
        return not self.is_resubmission and bool(self.reasons)

    @property
    def answers_each(self) -> bool:
        """Whether each reason or point takes an answer of its own, instead of one explanation."""
        return self.is_resubmission or self.is_answer

    @cached_property
    def notes(self) -> dict[str, Any]:
        return self.draft.notes

    @property
    def act(self) -> Act | None:
        return act_for(self.application.state)

    @property
    def texts(self) -> words.MatterWords:
        if self.is_resubmission:
            return words.RESUBMISSION
        return words.ANSWER if self.is_answer else words.SUPPLEMENT

    @property
    def title(self) -> str:
        is_of_applicant = self.application.kind == Kind.APPLICANT_CHANGE
        return title_of(self.application) if is_of_applicant else super().title

    @property
    def origin_url(self) -> str:
        return reverse("applicants:application", args=[self.application.pk])

    @property
    def is_resubmission(self) -> bool:
        return self.act is Act.RESUBMIT

    @cached_property
    def is_superseded(self) -> bool:
        """Whether it can only be begun anew: what it started from is no longer in force."""
        return self.is_resubmission and examination.is_superseded(self.application)

    @property
    def must_differ(self) -> bool:
        """Every reason and every point may be answered with why nothing has to change (Art. 12)."""
        return not self.answers_each

    @property
    def opened(self) -> tuple[str, ...]:
        """The sections that the applicant has opened as a whole."""
        return tuple(self.notes["opened"])

    @property
    def explanation(self) -> str:
        return str(self.notes["explanation"])

    @property
    def named_keys(self) -> frozenset[str]:
        """The keys of the rows that the reasons name; for a field of a group, the key of the group."""
        return frozenset(row_key(str(reason.get("key", WHOLE))) for reason in self.reasons)

    def answer_to(self, reason_id: str) -> str:
        """The answer to a reason; empty while there is none."""
        return str(self.notes["answers"].get(reason_id, ""))

    def required_texts(self) -> dict[str, str]:
        """What has to be written, by the names of its fields: an answer to each reason, or the explanation."""
        if not self.answers_each:
            return {"explanation": self.explanation}
        return {f"answer-{each['id']}": self.answer_to(str(each["id"])) for each in self.reasons}

    def steps(self, gaps: tuple[Gap, ...]) -> tuple[str, ...]:
        return (self.own_step, *(step for step in STEPS if self.concerns(step)))

    def concerns(self, step: str) -> bool:
        """Whether a step holds something that the application is about, or that a reason names."""
        kept = {*STEPS} - {*FORM_SECTIONS} | {*APPLICANT_SECTIONS, *map(step_of, self.named_keys)}
        return self.application.kind != Kind.APPLICANT_CHANGE or step in kept

    def open_keys(self, prepared: Prepared) -> frozenset[str]:
        """What a reason names, what lies in an opened section, what was not asked before, what is missing or wrong
        now or contradicts another answer, and what was changed already.
        """
        named = self.named_keys
        gaps = (row_key(gap.key) for gap in prepared.gaps)
        found = {*named, *gaps, *changed_keys(self.base, self.draft.materials), *self._contradicted(prepared)}
        everything: tuple[Particular | Slot, ...] = (*particulars(), *slots())
        for each in everything:
            is_open = WHOLE in named or each.section in self.opened or not each.applies(self.base)
            if is_open and is_about(Kind(self.application.kind), each.key):
                found.add(each.key)
        if _STARTED_ON in found:
            found.add(_LATE_REASON)
        if self.draft.printed_on_statement != prepared.printed:
            found.add(statement.SLOT)
        return frozenset(found - {WHOLE})

    def _contradicted(self, prepared: Prepared) -> set[str]:
        """What contradicts each other and may be changed by an application of this kind."""
        kind = Kind(self.application.kind)
        return {
            key
            for key in prepared.contradicted
            if is_about(kind, key) and not (kind is Kind.CHANGE and is_of_applicant(key))
        }

    def lateness(
        self, materials: Mapping[str, Any], *, today: date, calendar: Calendar
    ) -> tuple[DateFinding, Deadline | None]:
        """Measured from the first submission; an unchanged date keeps its earlier finding."""
        application = self.application
        kept = DateFinding(application.event_on, application.late_by_working_days, None)
        if application.kind != Kind.INITIAL:
            return kept, None
        found, _due = start_of_service(materials, today=application.first_received_on, calendar=calendar)
        return (kept if found.event_on == application.event_on else found), None

    def points(self, materials: Mapping[str, Any], found: DateFinding, *, today: date) -> list[Point]:
        """Unanswered reasons, or a missing explanation of a supplement; texts that are too long."""
        url = f"{step_url(self.draft.pk, self.own_step)}?gaps=1#"
        points = start_points(self.draft, found)
        for number, (name, text) in enumerate(self.required_texts().items(), start=1):
            message: Promise | str = ""
            if not is_visible(text):
                message = self._missing(number)
            elif len(text) > LONGEST_TEXT:
                message = words.TEXT_TOO_LONG
            if message:
                points.append(Point(self.own_step, name, str(message), f"{url}{name}", not is_visible(text)))
        return points

    def _missing(self, number: int) -> Promise | str:
        """The message that a text is missing; `number` is that of the reason or point."""
        if self.is_resubmission:
            return words.answer_missing(number)
        return words.answer_to_point_missing(number) if self.is_answer else words.EXPLANATION_MISSING

    @property
    def _text_asked(self) -> Guard:
        """The condition that the texts have to meet."""
        if self.is_resubmission:
            return EVERY_REASON_ANSWERED
        return EVERY_POINT_ANSWERED if self.is_answer else EXPLANATION_GIVEN

    def refuse_closed(self, *, today: date) -> None:
        if self.act is None:
            raise self.refusal("not_in_this_state")
        if self.application.revision_number != self.draft.base_revision_number:
            raise OutOfDate(BASE_SUPERSEDED, version=self.draft.version)
        if self.is_over(today):
            raise self.refusal(RESUBMISSION_OVER)
        if self.is_superseded:
            raise self.refusal(NOT_IN_FORCE)

    def refuse(self, materials: Mapping[str, Any]) -> None:
        texts = self.required_texts().values()
        if not all(is_visible(text) for text in texts):
            raise self.refusal(self._text_asked.name)
        if any(len(text) > LONGEST_TEXT for text in texts):
            raise self.refusal(TEXT_TOO_LONG)
        if self.must_differ and not changed_keys(self.base, materials):
            raise self.refusal("materials_changed")

    def submit(
        self, materials: dict[str, Any], *, account: Account, is_joint: bool, at: datetime
    ) -> Application:
        """Opens a new round after a rejection, and supplements the materials during the review.

        Corrects the applicant's name and place while it is not established.
        """
        correct_applicant(self.application.applicant, materials["applicant"])
        ledger.record(
            self.act or Act.SUPPLEMENT,
            self.application.pk,
            actor=Actor.of(account),
            request=Request(
                details=self._details(),
                materials=materials,
                declaration_accepted=True,
                idempotency_key=self.draft.submission_key,
            ),
            at=at,
        )
        return self.application

    def with_notes(self, given: Mapping[str, Any]) -> dict[str, Any]:
        known = {str(reason["id"]) for reason in self.reasons}
        answers = {name: text for name, text in given["answers"].items() if name in known}
        explanation = self.explanation if self.answers_each else given["explanation"]
        return {
            **self.notes,
            "answers": {**self.notes["answers"], **answers},
            "explanation": explanation,
        }

    def stated_change(self, materials: Mapping[str, Any]) -> StatedChange | None:
        """The change as it was handed in; None for a first filing."""
        application = self.application
        if supplies_particulars(Kind(application.kind), application.filing):
            return supplied_change(application.applicant_id, application.filing)
        before = materials_replaced(application, by=materials)
        if before is None:
            return None
        given = latest_details(application).get("changes", ())
        days = {str(each.get("key")): str(each.get("changed_on")) for each in given}
        filings = concerned_filings(application.applicant_id, application.filing)
        return StatedChange(Kind(application.kind), before, days, filings)

    @property
    def receipt_number(self) -> str:
        return self.application.receipt_number

    def step_note(self, step: str, prepared: Prepared, *, open_keys: frozenset[str]) -> Promise:
        keys = [key for key in open_keys if step_of(key) == step]
        asked = (find_slot(key) if is_slot(key) else find_particular(key) for key in keys)
        is_open = any(each.applies(prepared.materials) for each in asked)
        return words.STEP_OPEN if is_open else words.STEP_LOCKED

    def blocked(self, *, today: date) -> str:
        if self.is_over(today):
            return str(words.RESUBMISSION_OVER)
        if self.is_superseded:
            return str(words.BEGIN_ANEW)
        return _takes_nothing(self.application.state) if self.act is None else ""

    def context(self, materials: Mapping[str, Any], *, today: date) -> dict[str, Any]:
        """The application, the last day to resubmit it, and the days left."""
        due = application_clock.resubmission_deadline(self.application, current_calendar())
        left = None
        if due is not None and today <= due.due_on:
            left = working_days_left(due.due_on, today, current_calendar())
        return {
            "application": self.application,
            "is_resubmission": self.is_resubmission,
            "is_answer": self.is_answer,
            "asked": asked_context(self.application, calendar=current_calendar(), today=today),
            "decided": outcome_words(Kind(self.application.kind), Outcome.REJECTION).decided,
            "ends_on": due.due_on if due is not None else None,
            "days_left": left,
            "provisional": left is not None and due is not None and due.provisional,
            "blocked": self.blocked(today=today),
            "may_begin_anew": self.is_superseded,
            "open_url": step_url(self.draft.pk, self.own_step),
        }

    def refusal_text(self, refusal: FilingError) -> str:
        if refusal.code == "not_in_this_state":
            return _takes_nothing(self.application.state)
        return super().refusal_text(refusal)

    def is_over(self, today: date) -> bool:
        """Whether the period to resubmit has passed."""
        last_day = ends_on(self.application)
        return last_day is not None and today > last_day

    def _details(self) -> dict[str, Any]:
        """The event's details: the answers by reason, or the explanation, and the sections opened."""
        opened = {"opened": list(self.opened)} if self.opened else {}
        if not self.answers_each:
            return {"explanation": self.explanation.strip(), **opened}
        answers = {str(reason["id"]): self.answer_to(str(reason["id"])).strip() for reason in self.reasons}
        return {"answers": answers, **opened}


def act_for(state: str) -> Act | None:
    """The act that brings new materials to an application in this state."""
    acts = (Act.RESUBMIT, Act.SUPPLEMENT)
    return next((act for act in acts if transitions_from(State(state), act=act)), None)


def ends_on(application: Application) -> date | None:
    """The last day to resubmit a rejected application; None for any other."""
    due = application_clock.resubmission_deadline(application, current_calendar())
    return due.due_on if due is not None else None


def open_draft(application: Application) -> Draft | None:
    """The unsent amendment of an application, if there is one."""
    return Draft.objects.filter(amends_application_id=application.pk, application_id__isnull=True).first()


def start_refusal_text(refusal: TransitionNotAllowed, state: str) -> str:
    """Why no amendment can be begun for an application in this state, in words."""
    told = {RESUBMISSION_OVER: words.RESUBMISSION_OVER, NOT_IN_FORCE: words.BEGIN_ANEW}
    return str(told[refusal.code]) if refusal.code in told else _takes_nothing(state)


def start_amendment(application: Application, *, account: Account, at: datetime) -> Draft:
    """The unsent amendment of an application; creates one from its latest revision if there is none.

    Raises TransitionNotAllowed when the application takes neither a resubmission nor a supplement, when the period to
    resubmit has passed, or when what it started from is no longer in force.
    """
    if application.state == State.REJECTED and examination.is_superseded(application):
        raise TransitionNotAllowed(NOT_IN_FORCE, act=Act.RESUBMIT.value)
    existing = open_draft(application)
    if existing is not None:
        return existing
    if act_for(application.state) is None:
        raise TransitionNotAllowed("not_in_this_state", act=Act.RESUBMIT.value)
    last_day = ends_on(application)
    if last_day is not None and clock.china_date(at) > last_day:
        raise TransitionNotAllowed(RESUBMISSION_OVER, act=Act.RESUBMIT.value)
    materials = materials_of(get_revision(application.pk, application.revision_number))
    draft = Draft(
        kind=application.kind,
        account=account,
        applicant=application.applicant,
        province_code=application.province_code,
        filing_id=application.filing_id,
        amends_application_id=application.pk,
        base_revision_number=application.revision_number,
        created_at=at,
        saved_at=at,
    )
    draft.materials = materials
    if files_of(materials, statement.SLOT):
        draft.printed_on_statement = statement.values_to_print(materials, at=at)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        # A colleague has just created it.
        existing = open_draft(application)
        if existing is None:
            raise RegisterIncomplete("amendment_missing") from None
        return existing
    return draft


@transaction.atomic
def open_section(draft_id: uuid.UUID, section: str, *, at: datetime) -> Draft:
    """Opens a whole section of an amendment, beyond the fields that the reasons name. Raises NotFound."""
    draft = lock_draft(draft_id)
    if not Amendment.holds(draft):
        raise NotFound("draft_unknown", draft=str(draft.pk))
    if section not in SECTIONS_TO_OPEN:
        raise NotFound("section_unknown", section=section[:40])
    notes = draft.notes
    if section not in notes["opened"]:
        draft.notes = {**notes, "opened": [*notes["opened"], section]}
        draft.version += 1
        draft.saved_at = at
        draft.save()
    return draft


def _takes_nothing(state: str) -> str:
    return str(words.OFFICE_IS_DECIDING if state in CONFIRMATIONS else words.APPLICATION_ENDED)
