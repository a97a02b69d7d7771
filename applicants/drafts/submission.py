"""Submits drafts as applications: applicant, membership and submission in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from applicants.drafts import statement
from applicants.drafts.joint import lock_services
from applicants.models import Draft
from registry import clock
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.book.applicants import correct_applicant, enter_applicant, find_applicant, known_answers
from registry.errors import (
    ApplicantUnknown,
    MaterialsIncomplete,
    OutOfDate,
    RegisterIncomplete,
    TransitionNotAllowed,
)
from registry.lists import current_lists
from registry.models import Account, Applicant, Application, Membership
from registry.rules.particulars import clear_irrelevant
from registry.rules.particulars.completeness import canonical_materials, find_gaps
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.states import Act, Kind

APPLICANT_KNOWN = "applicant_known"
APPLICANT_DIFFERS = "applicant_differs"
STATEMENT_OUTDATED = "statement_outdated"


def submit_draft(
    draft_id: uuid.UUID, *, account: Account, seen_version: int, declaration_accepted: bool, at: datetime
) -> Application:
    """Submits a draft with a single service; see `submit_together`."""
    found = submit_together(
        draft_id,
        account=account,
        seen={draft_id: seen_version},
        declaration_accepted=declaration_accepted,
        at=at,
    )
    return found[0]


@transaction.atomic
def submit_together(
    draft_id: uuid.UUID,
    *,
    account: Account,
    seen: Mapping[uuid.UUID, int],
    declaration_accepted: bool,
    at: datetime,
) -> list[Application]:
    """Submits all drafts of a joint submission once: all of them or none, in the order shown.

    A repeated request gives the same applications. `seen` maps the services on the check page, which the
    declaration was made for, to their versions. Raises OutOfDate("draft_changed_since_check"),
    MaterialsIncomplete with the gaps and the `draft` they are in, ApplicantUnknown("applicant_known") for a
    document number whose applicant the account does not act for, ApplicantUnknown("applicant_differs") when the
    register has other particulars of the applicant, TransitionNotAllowed("statement_outdated"), and the
    ledger's errors.
    """
    services = sorted(lock_services(draft_id, submitted_too=True), key=lambda each: (each.place, each.number))
    if all(each.application_id is not None for each in services):
        found = Application.objects.in_bulk([each.application_id for each in services])
        return [found[each.application_id] for each in services]
    if {each.pk: each.version for each in services} != dict(seen):
        raise OutOfDate("draft_changed_since_check", version=services[0].version)
    today, lists = clock.china_date(at), current_lists()
    prepared: list[tuple[Draft, dict[str, Any]]] = []
    for draft in services:
        materials = canonical_materials(clear_irrelevant(draft.materials), today=today, lists=lists)
        _keep_stored_facts(materials, draft)
        gaps = find_gaps(materials, lists=lists, today=today)
        if gaps:
            # Before the applicant is looked up: an incomplete form must not reveal which numbers are registered.
            raise MaterialsIncomplete("materials_incomplete", gaps=gaps, draft=str(draft.pk))
        prepared.append((draft, materials))
    if not declaration_accepted:
        raise TransitionNotAllowed("declaration_accepted", act=Act.SUBMIT.value)
    if statement.state_of(services[0], others=services[1:], at=at, lists=lists).is_outdated:
        raise TransitionNotAllowed(STATEMENT_OUTDATED, act=Act.SUBMIT.value)
    return [
        _submit(draft, materials, account=account, is_alone=len(services) == 1, at=at)
        for draft, materials in prepared
    ]


def _keep_stored_facts(materials: dict[str, Any], draft: Draft) -> None:
    """Puts back, exactly as stored, the facts of a registered applicant that the canonical form altered."""
    if draft.applicant is None:
        return
    for key, answer in known_answers(draft.applicant).items():
        if answer is not None and value_of(draft.materials, key) == answer:
            section, name = key.split(".")
            materials[section] = {**materials[section], name: answer}


def _submit(
    draft: Draft, materials: dict[str, Any], *, account: Account, is_alone: bool, at: datetime
) -> Application:
    applicant = _applicant_for(draft, materials, account=account, at=at)
    event = ledger.submit(
        Kind(draft.kind),
        applicant_id=applicant.pk,
        actor=Actor.of(account),
        request=Request(materials=materials, declaration_accepted=True, idempotency_key=draft.submission_key),
        filing_id=draft.filing_id,
        together_id=None if is_alone else draft.together_id,
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
    """The applicant the materials name: the registered one, or a new one with this account as owner."""
    given = materials["applicant"]
    applicant = find_applicant(given)
    if applicant is None:
        if draft.applicant is not None:
            raise ApplicantUnknown(APPLICANT_DIFFERS)
        try:
            with transaction.atomic():
                return enter_applicant(given, owner=account, at=at)
        except IntegrityError:
            # Another account has just registered the same document.
            applicant = find_applicant(given)
    if applicant is None:
        raise RegisterIncomplete("applicant_missing")
    is_member = Membership.objects.filter(
        applicant=applicant, account=account, revoked_at__isnull=True
    ).exists()
    if not is_member:
        raise ApplicantUnknown(APPLICANT_KNOWN)
    if any(value_of(materials, key) != answer for key, answer in known_answers(applicant).items()):
        raise ApplicantUnknown(APPLICANT_DIFFERS)
    correct_applicant(applicant, given)
    return applicant
