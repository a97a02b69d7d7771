"""From a draft to an application in the book: applicant, membership and submission in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from applicants import statement
from applicants.drafts import lock_draft
from applicants.models import Draft
from registry import clock, ledger
from registry.acts import Actor, Request
from registry.applicants import correct_applicant, enter_applicant, find_applicant, known_answers
from registry.errors import (
    ApplicantUnknown,
    MaterialsIncomplete,
    OutOfDate,
    RegisterIncomplete,
    TransitionNotAllowed,
)
from registry.lists import current_lists
from registry.models import Account, Applicant, Application, Membership
from registry.rules.completeness import canonical_materials, find_gaps
from registry.rules.particulars import clear_irrelevant
from registry.rules.states import Act, Kind

APPLICANT_KNOWN = "applicant_known"
APPLICANT_DIFFERS = "applicant_differs"
STATEMENT_OUTDATED = "statement_outdated"


@transaction.atomic
def submit_draft(
    draft_id: uuid.UUID, *, account: Account, seen_version: int, declaration_accepted: bool, at: datetime
) -> Application:
    """Submits a draft once; sent again, whether by a double click or by going back, it gives the same.

    `seen_version` is the draft's version on the page that was declared true. Raises
    OutOfDate("draft_changed_since_check"), MaterialsIncomplete with the gaps,
    ApplicantUnknown("applicant_known") for a document number whose applicant the account does not act for,
    ApplicantUnknown("applicant_differs") when the register knows the applicant otherwise than it is
    written, TransitionNotAllowed("statement_outdated"), and what the ledger raises.
    """
    draft = lock_draft(draft_id, submitted_too=True)
    if draft.application_id is not None:
        return Application.objects.get(pk=draft.application_id)
    if draft.version != seen_version:
        raise OutOfDate("draft_changed_since_check", version=draft.version)
    today = clock.china_date(at)
    lists = current_lists()
    materials = canonical_materials(clear_irrelevant(draft.materials), today=today, lists=lists)
    gaps = find_gaps(materials, lists=lists, today=today)
    if gaps:
        # Before the applicant is looked up: a half-filled form must not tell whose number is known.
        raise MaterialsIncomplete("materials_incomplete", gaps=gaps)
    if not declaration_accepted:
        raise TransitionNotAllowed("declaration_accepted", act=Act.SUBMIT.value)
    if statement.state_of(draft, at=at, gaps=gaps, lists=lists).is_outdated:
        raise TransitionNotAllowed(STATEMENT_OUTDATED, act=Act.SUBMIT.value)
    applicant = _applicant_for(draft, materials, account=account, at=at)
    request = Request(
        materials=materials,
        declaration_accepted=declaration_accepted,
        idempotency_key=draft.submission_key,
    )
    event = ledger.submit(
        Kind(draft.kind),
        applicant_id=applicant.pk,
        actor=Actor.of(account),
        request=request,
        filing_id=draft.filing_id,
        at=at,
    )
    application = Application.objects.get(events=event)
    draft.applicant = applicant
    draft.application_id = application.pk
    draft.save(update_fields=["applicant", "application_id"])
    return application


def _applicant_for(
    draft: Draft, materials: Mapping[str, Any], *, account: Account, at: datetime
) -> Applicant:
    """The applicant the materials name: the one in the register, or a new one with this account as owner."""
    given = materials["applicant"]
    applicant = find_applicant(given)
    if applicant is None:
        if draft.applicant is not None:
            raise ApplicantUnknown(APPLICANT_DIFFERS)
        try:
            with transaction.atomic():
                return enter_applicant(given, owner=account, at=at)
        except IntegrityError:
            # Another account has named the same document at this moment.
            applicant = find_applicant(given)
    if applicant is None:
        raise RegisterIncomplete("applicant_missing")
    is_member = Membership.objects.filter(
        applicant=applicant, account=account, revoked_at__isnull=True
    ).exists()
    if not is_member:
        raise ApplicantUnknown(APPLICANT_KNOWN)
    if any(given.get(name) != answer for name, answer in known_answers(applicant).items()):
        raise ApplicantUnknown(APPLICANT_DIFFERS)
    correct_applicant(applicant, given)
    return applicant
