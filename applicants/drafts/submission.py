"""Submits drafts as applications, whatever they are for: all of a joint submission or none, and each of them once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from applicants.drafts import joint, statement
from applicants.drafts.joint import lock_services
from applicants.drafts.matter import matter_of
from applicants.drafts.read_files import has_unread
from applicants.models import Draft
from registry import clock
from registry.book.in_force import facts_edition
from registry.errors import MaterialsIncomplete, OutOfDate
from registry.lists import current_lists
from registry.models import Account, Application
from registry.storage import attachments

FILES_BEING_READ = "files_being_read"
STATEMENT_OUTDATED = "statement_outdated"
QUESTIONS_OPEN = "questions_open"


@transaction.atomic
def submit(
    draft_id: uuid.UUID,
    *,
    account: Account,
    seen: Mapping[uuid.UUID, int],
    declaration_accepted: bool,
    at: datetime,
    facts_seen: str | None = None,
) -> list[Application]:
    """Submits a draft, and with it all drafts of its joint submission, in the order shown.

    A repeated request gives the same applications. `seen` maps the drafts on the check page, which the
    declaration was made for, to their versions; `facts_seen` is the edition of the applicant's facts there. Raises
    OutOfDate("draft_changed_since_check"),
    MaterialsIncomplete with the gaps and the `draft` they are in, TransitionNotAllowed("files_being_read"),
    ("questions_open"),
    ("statement_outdated") and ("declaration_accepted"), and the errors of the matter and of the ledger.
    """
    drafts = sorted(lock_services(draft_id, submitted_too=True), key=lambda each: (each.place, each.number))
    if all(each.application_id is not None for each in drafts):
        found = Application.objects.in_bulk([each.application_id for each in drafts])
        return [found[each.application_id] for each in drafts]
    matters = [matter_of(each) for each in drafts]
    first, lists = matters[0], current_lists()
    first.refuse_closed(today=clock.china_date(at))
    if any(has_unread(each.materials) for each in drafts):
        raise first.refusal(FILES_BEING_READ)
    is_as_seen = facts_seen is None or facts_seen == facts_edition(drafts[0].applicant)
    if not is_as_seen or {each.pk: each.version for each in drafts} != dict(seen):
        raise OutOfDate("draft_changed_since_check", version=drafts[0].version)
    prepared = [each.prepare(at=at, lists=lists) for each in matters]
    for matter, ready in zip(matters, prepared, strict=True):
        matter.refuse(ready.materials)
        if ready.gaps:
            # Before the applicant is looked up: an incomplete form must not reveal which numbers are registered.
            raise MaterialsIncomplete("materials_incomplete", gaps=ready.gaps, draft=str(matter.draft.pk))
        if ready.open_questions:
            raise first.refusal(QUESTIONS_OPEN)
    others = list(zip(drafts, prepared, strict=True))[1:]
    if statement.state_of(drafts[0], prepared[0], others=others).is_outdated:
        raise first.refusal(STATEMENT_OUTDATED)
    if not declaration_accepted:
        raise first.refusal("declaration_accepted")
    applications = []
    for matter, ready in zip(matters, prepared, strict=True):
        application = matter.submit(ready.materials, account=account, is_joint=len(drafts) > 1, at=at)
        _mark_submitted(matter.draft, application)
        applications.append(application)
    joint.discard_unlisted_files(
        {each for draft in drafts for each in draft.superseded_files}, of=drafts, kept_by=drafts
    )
    for draft in drafts:
        for refused in attachments.refused_files(draft.pk):
            attachments.discard(refused)
    return applications


def _mark_submitted(draft: Draft, application: Application) -> None:
    draft.application_id = application.pk
    draft.save(update_fields=["applicant", "application_id", "content", "province_code"])
