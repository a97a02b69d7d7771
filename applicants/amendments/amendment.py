"""Amendments of applications: resubmission after a rejection, and supplement during the review.

A resubmission may change only the fields that the reasons name, a supplement the sections the applicant has
opened. Fields that become required through the changes themselves are open too, so that an amendment can
always be completed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from applicants.drafts import statement
from applicants.drafts.joint import lock_draft
from applicants.drafts.saves import count_save, is_stale, saved_meanwhile
from applicants.drafts.submission import STATEMENT_OUTDATED
from applicants.models import Draft
from registry import clock
from registry.book import examination, ledger
from registry.book.act_request import Actor, Request
from registry.book.applicants import correct_applicant
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock
from registry.errors import MaterialsIncomplete, NotFound, OutOfDate, RegisterIncomplete, TransitionNotAllowed
from registry.lists import current_lists
from registry.models import Account, Application
from registry.rules.particulars import Particular, Slot, changed_keys, clear_irrelevant, particulars, slots
from registry.rules.particulars.completeness import Gap, Lists, canonical_materials, find_gaps
from registry.rules.particulars.materials import files_of
from registry.rules.particulars.reasons import WHOLE
from registry.rules.workflow.guards import EVERY_REASON_ANSWERED, EXPLANATION_GIVEN
from registry.rules.workflow.lifecycle import transitions_from
from registry.rules.workflow.states import Act, State

SECTION = "amendment"
SECTIONS_TO_OPEN = ("applicant", "person_in_charge", "service", "content", "attachments")
LONGEST_TEXT = 2000

_STARTED_ON, _LATE_REASON = "service.service_started_on", "service.late_reason"


@dataclass(frozen=True, slots=True)
class Amendment:
    """The amendment that a draft holds: the application, the act that submits it, and its base revision.

    `act` is None while the application takes neither a resubmission nor a supplement. `reasons` are those
    to be answered; `ends_on` is the last day to resubmit.
    """

    application: Application
    act: Act | None
    base: dict[str, Any]
    reasons: tuple[dict[str, Any], ...]
    opened: tuple[str, ...]
    answers: dict[str, str]
    explanation: str
    ends_on: date | None

    @property
    def is_resubmission(self) -> bool:
        return self.act is Act.RESUBMIT

    @property
    def named_keys(self) -> frozenset[str]:
        """The keys of the rows that the reasons name; for a field of a group, the key of the group."""
        return frozenset(row_key(str(reason.get("key", WHOLE))) for reason in self.reasons)

    def unanswered(self) -> list[dict[str, Any]]:
        """The reasons that have no answer yet."""
        return [reason for reason in self.reasons if not self.answers.get(str(reason["id"]), "").strip()]

    @property
    def is_provisional(self) -> bool:
        """Whether the last day to resubmit may still move."""
        due = application_clock.resubmission_deadline(self.application, current_calendar())
        return due is not None and due.provisional

    def is_over(self, today: date) -> bool:
        """Whether the period to resubmit has passed."""
        return self.ends_on is not None and today > self.ends_on


def row_key(key: str) -> str:
    """The key of the row that shows a particular; for a field of a group, the key of the group."""
    return ".".join(key.split(".")[:2])


def act_for(state: str) -> Act | None:
    """The act that brings new materials to an application in this state."""
    acts = (Act.RESUBMIT, Act.SUPPLEMENT)
    return next((act for act in acts if transitions_from(State(state), act=act)), None)


def ends_on(application: Application) -> date | None:
    """The last day to resubmit a rejected application; None for any other."""
    due = application_clock.resubmission_deadline(application, current_calendar())
    return due.due_on if due is not None else None


def amendment_of(draft: Draft) -> Amendment | None:
    """The amendment that the draft holds; None for the draft of a first submission."""
    if draft.amends_application_id is None:
        return None
    application = Application.objects.select_related("filing").get(pk=draft.amends_application_id)
    act = act_for(application.state)
    notes = draft.notes
    return Amendment(
        application=application,
        act=act,
        base=materials_of(get_revision(application.pk, draft.base_revision_number or 0)),
        reasons=tuple(examination.latest_reasons(application)) if act is Act.RESUBMIT else (),
        opened=tuple(notes["opened"]),
        answers=dict(notes["answers"]),
        explanation=str(notes["explanation"]),
        ends_on=ends_on(application),
    )


def open_draft(application: Application) -> Draft | None:
    """The unsent amendment of an application, if there is one."""
    return Draft.objects.filter(amends_application_id=application.pk, application_id__isnull=True).first()


def open_keys(
    draft: Draft,
    amendment: Amendment,
    *,
    at: datetime,
    gaps: tuple[Gap, ...] | None = None,
    lists: Lists | None = None,
) -> frozenset[str]:
    """The keys of the particulars and slots that the amendment may change; all others are locked.

    Open is what a reason names, what lies in an opened section, what was not asked before, what is missing or
    wrong now, and what was changed already. `gaps` and `lists` may be passed if they are known.
    """
    lists = current_lists() if lists is None else lists
    materials = draft.materials
    if gaps is None:
        gaps = find_gaps(clear_irrelevant(materials), lists=lists, today=clock.china_date(at))
    named = amendment.named_keys
    found = {*named, *(row_key(gap.key) for gap in gaps), *changed_keys(amendment.base, materials)}
    everything: tuple[Particular | Slot, ...] = (*particulars(), *slots())
    for each in everything:
        if WHOLE in named or each.section in amendment.opened or not each.applies(amendment.base):
            found.add(each.key)
    if _STARTED_ON in found:
        found.add(_LATE_REASON)
    if draft.printed_on_statement != statement.values_to_print(materials, at=at, lists=lists):
        found.add(statement.SLOT)
    return frozenset(found - {WHOLE})


class HasBase(Protocol):
    """An amendment or a change, which started from submitted materials."""

    @property
    def base(self) -> dict[str, Any]: ...


def keep_unchanged_answers(
    origin: HasBase, typed: Mapping[str, Any], canonical: Mapping[str, Any]
) -> dict[str, Any]:
    """The canonical materials of an amendment or a change, with unchanged answers exactly as the office has them.

    `typed` are the answers as typed, without irrelevant ones. `canonical` itself stays as it is.
    """
    changed = set(changed_keys(origin.base, typed))
    materials = dict(canonical)
    for particular in particulars():
        section, name = particular.section, particular.name
        if particular.key not in changed and name in materials[section]:
            materials[section] = {**materials[section], name: origin.base[section].get(name)}
    return materials


RESUBMISSION_OVER = "resubmission_not_ended"


BASE_SUPERSEDED = "base_superseded"


TEXT_TOO_LONG = "text_too_long"


@dataclass(frozen=True, slots=True)
class NotesSave:
    """A submitted form of the reasons page: an answer to each reason, or the explanation of a supplement."""

    answers: Mapping[str, str] = field(default_factory=dict)
    explanation: str = ""
    version: int = 0
    window: str = ""
    is_autosave: bool = False


def start_amendment(application: Application, *, account: Account, at: datetime) -> Draft:
    """The unsent amendment of an application; creates one from its latest revision if there is none.

    Raises TransitionNotAllowed when the application takes neither a resubmission nor a supplement, or the
    period to resubmit has passed.
    """
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
def save_notes(draft_id: uuid.UUID, save: NotesSave, *, at: datetime) -> Draft:
    """Saves the answers to the reasons, or the explanation.

    Raises OutOfDate("draft_saved_meanwhile") with `saved`, the stored notes, when another page has saved other
    notes since; NotFound for a draft that is no amendment.
    """
    draft = lock_draft(draft_id)
    amendment = _amendment(draft)
    notes = draft.notes
    known = {str(reason["id"]) for reason in amendment.reasons}
    given = {name: text for name, text in save.answers.items() if name in known}
    candidate = {**notes, "answers": {**notes["answers"], **given}}
    if not amendment.is_resubmission:
        candidate["explanation"] = save.explanation
    stale = is_stale(draft, SECTION, version=save.version, window=save.window, is_autosave=save.is_autosave)
    if stale and (save.is_autosave or candidate != notes):
        raise saved_meanwhile(draft, SECTION, notes)
    draft.notes = candidate
    count_save(draft, SECTION, at=at, window=save.window)
    draft.save()
    return draft


@transaction.atomic
def open_section(draft_id: uuid.UUID, section: str, *, at: datetime) -> Draft:
    """Opens a whole section of an amendment, beyond the fields that the reasons name. Raises NotFound."""
    draft = lock_draft(draft_id)
    _amendment(draft)
    if section not in SECTIONS_TO_OPEN:
        raise NotFound("section_unknown", section=section[:40])
    notes = draft.notes
    if section not in notes["opened"]:
        draft.notes = {**notes, "opened": [*notes["opened"], section]}
        draft.version += 1
        draft.saved_at = at
        draft.save()
    return draft


@transaction.atomic
def submit_amendment(
    draft_id: uuid.UUID, *, account: Account, seen_version: int, declaration_accepted: bool, at: datetime
) -> Application:
    """Submits an amendment once; a repeated request gives the same application.

    After a rejection it opens a new round, during the review it supplements the materials. Corrects the
    applicant's name and place while it is not established. Raises OutOfDate("draft_changed_since_check"),
    OutOfDate("base_superseded") when other materials were submitted meanwhile, MaterialsIncomplete with the
    gaps, and TransitionNotAllowed when the lifecycle refuses, an answer is too long, the statement has to be
    signed anew, or the period has passed.
    """
    draft = lock_draft(draft_id, submitted_too=True)
    amendment = _amendment(draft)
    application = amendment.application
    if draft.application_id is not None:
        return application
    act = amendment.act
    if act is None:
        raise TransitionNotAllowed("not_in_this_state", act=Act.SUPPLEMENT.value)
    if application.revision_number != draft.base_revision_number:
        raise OutOfDate(BASE_SUPERSEDED, version=draft.version)
    if draft.version != seen_version:
        raise OutOfDate("draft_changed_since_check", version=draft.version)
    today, lists = clock.china_date(at), current_lists()
    if amendment.is_over(today):
        raise TransitionNotAllowed(RESUBMISSION_OVER, act=act.value)
    typed = clear_irrelevant(draft.materials)
    materials = keep_unchanged_answers(amendment, typed, canonical_materials(typed, today=today, lists=lists))
    _refuse_unanswered(amendment, act)
    if not changed_keys(amendment.base, materials):
        raise TransitionNotAllowed("materials_changed", act=act.value)
    gaps = find_gaps(materials, lists=lists, today=today)
    if gaps:
        raise MaterialsIncomplete("materials_incomplete", gaps=gaps)
    if statement.state_of(draft, at=at, gaps=gaps, lists=lists).is_outdated:
        raise TransitionNotAllowed(STATEMENT_OUTDATED, act=act.value)
    if not declaration_accepted:
        raise TransitionNotAllowed("declaration_accepted", act=act.value)
    correct_applicant(application.applicant, materials["applicant"])
    ledger.record(
        act,
        application.pk,
        actor=Actor.of(account),
        request=Request(
            details=_details(amendment),
            materials=materials,
            declaration_accepted=True,
            idempotency_key=draft.submission_key,
        ),
        at=at,
    )
    draft.application_id = application.pk
    draft.save(update_fields=["application_id"])
    return application


def _amendment(draft: Draft) -> Amendment:
    amendment = amendment_of(draft)
    if amendment is None:
        raise NotFound("draft_unknown", draft=str(draft.pk))
    return amendment


def _refuse_unanswered(amendment: Amendment, act: Act) -> None:
    if amendment.unanswered():
        raise TransitionNotAllowed(EVERY_REASON_ANSWERED.name, act=act.value)
    texts = [amendment.answers[str(reason["id"])] for reason in amendment.reasons]
    if not amendment.is_resubmission:
        texts = [amendment.explanation]
        if not amendment.explanation.strip():
            raise TransitionNotAllowed(EXPLANATION_GIVEN.name, act=act.value)
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise TransitionNotAllowed(TEXT_TOO_LONG, act=act.value)


def _details(amendment: Amendment) -> dict[str, Any]:
    """The event's details: the answers by reason, or the explanation, and the sections opened."""
    opened = {"opened": list(amendment.opened)} if amendment.opened else {}
    if not amendment.is_resubmission:
        return {"explanation": amendment.explanation.strip(), **opened}
    answers = {
        str(reason["id"]): amendment.answers[str(reason["id"])].strip() for reason in amendment.reasons
    }
    return {"answers": answers, **opened}
