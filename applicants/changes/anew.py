"""A rejected application whose starting point is no longer in force, begun anew with what was typed for it.

It cannot be submitted again: another change was approved meanwhile. What it would change is put on what is in force.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction

from applicants.amendments.amendment import ends_on, open_draft
from applicants.changes.change import FilingChange, start_applicant_change, start_change
from applicants.drafts import joint, statement
from applicants.drafts.register_facts import put_on
from applicants.models import Draft
from registry.book.application_details import latest_details
from registry.book.examination import is_superseded
from registry.book.revisions import get_revision, materials_of
from registry.errors import NotFound
from registry.models import Account, Application
from registry.rules.particulars import changed_keys, is_of_applicant, particulars, slots
from registry.rules.workflow.events import Base
from registry.rules.workflow.states import Act, Kind, State


def may_begin_anew(application: Application) -> bool:
    """Whether it is a rejected change or cancellation that can only be begun anew."""
    return application.state == State.REJECTED and is_superseded(application)


def rejected_change(
    *, applicant_id: uuid.UUID, filing_id: uuid.UUID | None, today: date
) -> Application | None:
    """The rejected change of a filing, or of the applicant, that can still be submitted again."""
    kind = Kind.CHANGE if filing_id is not None else Kind.APPLICANT_CHANGE
    found = Application.objects.filter(
        kind=kind.value, applicant=applicant_id, filing=filing_id, state=State.REJECTED.value
    ).select_related("applicant", "filing")
    for each in found.order_by("-submitted_at"):
        last_day = ends_on(each)
        if (last_day is None or today <= last_day) and not is_superseded(each):
            return each
    return None


@transaction.atomic
def begin_anew(application: Application, *, account: Account, at: datetime) -> Draft:
    """The unsent change of the same filing or applicant, with what was typed for the rejected one.

    What the unsent change already changes stays. The amendment that was begun for the rejected one is used up. Raises
    NotFound, and TransitionNotAllowed while another change is open.
    """
    if not may_begin_anew(application) or application.kind == Kind.CANCELLATION:
        raise NotFound("application_unknown", application=str(application.pk))
    draft = _unsent_change(application, account=account, at=at)
    base = Base.of(application.events.get(act=Act.SUBMIT.value).payload)
    if base is None:
        raise NotFound("application_unknown", application=str(application.pk))
    before = materials_of(get_revision(uuid.UUID(base.application_id), base.revision_number))
    amendment = open_draft(application)
    typed = (
        amendment.materials
        if amendment is not None
        else materials_of(get_revision(application.pk, application.revision_number))
    )
    matter = FilingChange(draft)
    keeping = {statement.SLOT, *changed_keys(matter.base, draft.materials)}
    if not matter.is_of_applicant:
        every = [each.key for each in particulars()] + [each.key for each in slots()]
        keeping |= {key for key in every if is_of_applicant(key)}
    renewed = put_on(draft.materials, typed, base=before, keeping=frozenset(keeping))
    draft.materials = matter.on_its_form(renewed)
    draft.notes = _with_details(draft.notes, latest_details(application))
    draft.version += 1
    draft.saved_at = at
    draft.save()
    if amendment is not None:
        joint.hand_over(amendment, to=draft)
    return draft


def _unsent_change(application: Application, *, account: Account, at: datetime) -> Draft:
    if application.filing is None:
        begun = start_applicant_change(application.applicant, account=account, at=at)
    else:
        begun = start_change(application.filing, account=account, at=at)
    return joint.lock_draft(begun.pk)


def _with_details(notes: dict[str, Any], details: dict[str, Any]) -> dict[str, Any]:
    days = {str(each.get("key")): str(each.get("changed_on")) for each in details.get("changes", ())}
    reason = notes["late_reason"] or str(details.get("late_reason") or "")
    return {**notes, "changed_on": {**days, **notes["changed_on"]}, "late_reason": reason}
