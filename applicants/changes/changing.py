"""What is done with a change: begin, give the days, submit. Each locks the draft's row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from applicants.amendments import amendment as amendments
from applicants.changes import change as changes
from applicants.changes.change import FilingChange, change_of
from applicants.drafts.services.joint import lock_draft
from applicants.drafts.statement import statement
from applicants.drafts.store import count_save, is_stale, saved_meanwhile
from applicants.drafts.submission.submission import STATEMENT_OUTDATED
from applicants.models import Draft
from registry import clock
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.book.in_force import applicant_materials_in_force, filing_to_begin_from, materials_in_force
from registry.errors import MaterialsIncomplete, NotFound, OutOfDate, TransitionNotAllowed
from registry.lists import current_lists
from registry.models import Account, Applicant, Application, Filing
from registry.rules.particulars import clear_irrelevant
from registry.rules.particulars.completeness import canonical_materials, find_gaps
from registry.rules.particulars.materials import files_of
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, Standing

REASON_TOO_LONG = "text_too_long"


@dataclass(frozen=True, slots=True)
class DaysSave:
    """What the page of changes brings: the day of each changed item by its key, and why it comes late."""

    changed_on: Mapping[str, str] = field(default_factory=dict)
    late_reason: str = ""
    version: int = 0
    window: str = ""
    is_autosave: bool = False


@transaction.atomic
def start_change(filing: Filing, *, account: Account, at: datetime) -> Draft:
    """The open draft of a change of this filing, begun from what is in force if there is none.

    Raises TransitionNotAllowed when the filing takes no change now.
    """
    filing = Filing.objects.select_for_update(no_key=True).select_related("applicant").get(pk=filing.pk)
    refuse_unless_in_force(filing)
    if _open_application(applicant_id=filing.applicant_id, filing_id=filing.pk) is not None:
        raise TransitionNotAllowed("no_other_open_application", act=Act.SUBMIT.value)
    existing = draft_of_change(applicant_id=filing.applicant_id, filing_id=filing.pk)
    if existing is not None:
        return existing
    materials = materials_in_force(filing)
    return _begin(
        Kind.CHANGE, filing.applicant, filing, changes.base_of(filing), materials, account=account, at=at
    )


@transaction.atomic
def start_applicant_change(applicant: Applicant, *, account: Account, at: datetime) -> Draft:
    """The open draft of a change of the applicant, begun from what is in force if there is none.

    Raises TransitionNotAllowed while no filing of the applicant is in force: then the next form says how
    the applicant is.
    """
    applicant = Applicant.objects.select_for_update(no_key=True).get(pk=applicant.pk)
    filing = filing_to_begin_from(applicant)
    if filing is None:
        raise TransitionNotAllowed("filing_open_to_applications", act=Act.SUBMIT.value)
    if _open_application(applicant_id=applicant.pk, filing_id=None) is not None:
        raise TransitionNotAllowed("no_other_open_application", act=Act.SUBMIT.value)
    existing = draft_of_change(applicant_id=applicant.pk, filing_id=None)
    if existing is not None:
        return existing
    materials = applicant_materials_in_force(applicant)
    base = changes.base_of(filing)
    return _begin(Kind.APPLICANT_CHANGE, applicant, None, base, materials, account=account, at=at)


@transaction.atomic
def save_days(draft_id: uuid.UUID, save: DaysSave, *, at: datetime) -> Draft:
    """Saves the days of the changes and the reason for coming late.

    Raises OutOfDate("draft_saved_meanwhile") with `saved`, the notes as they stand, when another page has
    saved others since; NotFound for a draft that is no change.
    """
    draft = lock_draft(draft_id)
    _change(draft)
    notes = draft.notes
    candidate = {
        **notes,
        "changed_on": {**notes["changed_on"], **save.changed_on},
        "late_reason": save.late_reason,
    }
    stale = is_stale(
        draft, changes.SECTION, version=save.version, window=save.window, is_autosave=save.is_autosave
    )
    if stale and (save.is_autosave or candidate != notes):
        raise saved_meanwhile(draft, changes.SECTION, notes)
    draft.notes = candidate
    count_save(draft, changes.SECTION, at=at, window=save.window)
    draft.save()
    return draft


@transaction.atomic
def submit_change(
    draft_id: uuid.UUID, *, account: Account, seen_version: int, declaration_accepted: bool, at: datetime
) -> Application:
    """Submits a change once; sent again, by a double click or by going back, it gives the same.

    Raises OutOfDate("draft_changed_since_check"), MaterialsIncomplete with the gaps, TransitionNotAllowed
    for whatever the lifecycle refuses and for a statement that has to be signed anew.
    """
    draft = lock_draft(draft_id, submitted_too=True)
    if draft.application_id is not None:
        return Application.objects.get(pk=draft.application_id)
    change = _change(draft)
    if draft.version != seen_version:
        raise OutOfDate("draft_changed_since_check", version=draft.version)
    today, lists = clock.china_date(at), current_lists()
    typed = clear_irrelevant(draft.materials)
    materials = amendments.materials_to_send(
        change, typed, canonical_materials(typed, today=today, lists=lists)
    )
    if not change.changed(materials):
        raise TransitionNotAllowed("materials_changed", act=Act.SUBMIT.value)
    if len(change.late_reason) > changes.LONGEST_REASON:
        raise TransitionNotAllowed(REASON_TOO_LONG, act=Act.SUBMIT.value)
    gaps = find_gaps(materials, lists=lists, today=today)
    if gaps:
        raise MaterialsIncomplete("materials_incomplete", gaps=gaps)
    if statement.state_of(draft, at=at, gaps=gaps, lists=lists).is_outdated:
        raise TransitionNotAllowed(STATEMENT_OUTDATED, act=Act.SUBMIT.value)
    event = ledger.submit(
        change.kind,
        applicant_id=change.applicant.pk,
        filing_id=draft.filing_id,
        actor=Actor.of(account),
        request=Request(
            materials=materials,
            details=change.details(materials),
            declaration_accepted=declaration_accepted,
            idempotency_key=draft.submission_key,
        ),
        at=at,
    )
    application = Application.objects.get(events=event)
    draft.application_id = application.pk
    draft.save(update_fields=["application_id"])
    return application


def draft_of_change(*, applicant_id: uuid.UUID, filing_id: uuid.UUID | None) -> Draft | None:
    """The change of a filing, or of the applicant, that is begun and not sent."""
    kind = Kind.CHANGE if filing_id is not None else Kind.APPLICANT_CHANGE
    return Draft.objects.filter(
        kind=kind.value,
        applicant=applicant_id,
        filing_id=filing_id,
        application_id__isnull=True,
        amends_application_id__isnull=True,
    ).first()


def refuse_unless_in_force(filing: Filing) -> None:
    """Raises TransitionNotAllowed for a filing that takes no change and no cancellation now."""
    if filing.standing != Standing.IN_FORCE or filing.ends_on is not None:
        raise TransitionNotAllowed("filing_open_to_applications", act=Act.SUBMIT.value)


def _begin(
    kind: Kind,
    applicant: Applicant,
    filing: Filing | None,
    base: dict[str, Any] | None,
    materials: dict[str, Any],
    *,
    account: Account,
    at: datetime,
) -> Draft:
    draft = Draft(
        kind=kind.value,
        account=account,
        applicant=applicant,
        province_code=applicant.province_code,
        filing_id=filing.pk if filing is not None else None,
        created_at=at,
        saved_at=at,
    )
    draft.materials = materials
    draft.notes = {**draft.notes, "base": base}
    if files_of(materials, statement.SLOT):
        draft.printed_on_statement = statement.values_to_print(materials, at=at)
    draft.save(force_insert=True)
    return draft


def _open_application(*, applicant_id: uuid.UUID, filing_id: uuid.UUID | None) -> Application | None:
    found = Application.objects.filter(
        applicant=applicant_id, filing=filing_id, state__in=[state.value for state in OPEN_STATES]
    )
    return found.first()


def _change(draft: Draft) -> FilingChange:
    change = change_of(draft)
    if change is None:
        raise NotFound("draft_unknown", draft=str(draft.pk))
    return change
