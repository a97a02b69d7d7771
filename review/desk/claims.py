"""Claims: which officer works on a case.

A claim blocks nobody. It ends by release, by a head's reassignment, or after three idle working days.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from registry.book.locks import lock_row
from registry.book.uptake import end_uptake, idle_limit, note_uptake
from registry.errors import FilingError, NotFound
from registry.models import Account, Application
from review.access import Office, cases_of, colleagues_of, is_at_desk, is_head, office_of, open_cases
from review.models import Assignment


class ClaimRefused(FilingError):
    """The case cannot be claimed, released or reassigned now; the code says why."""


def live_claims(office: Office, *, at: datetime) -> QuerySet[Assignment]:
    """The claims of an office's level that have not ended or expired."""
    return Assignment.objects.filter(
        office=office.value, released_at__isnull=True, active_at__gte=idle_limit(at)
    )


def claims_on(
    applications: Iterable[Application], office: Office, *, at: datetime
) -> dict[uuid.UUID, Assignment]:
    """The live claim on each of these applications, with its officer; one query for all."""
    ids = [application.pk for application in applications]
    found = live_claims(office, at=at).filter(application__in=ids).select_related("officer")
    return {claim.application_id: claim for claim in found}


@transaction.atomic
def claim(application_id: uuid.UUID, *, officer: Account, at: datetime) -> Assignment:
    """Claims the case for the officer; a repeated call changes nothing. Raises ClaimRefused, NotFound."""
    application = _locked_case(application_id, officer)
    return _assign(application, officer, by=officer, at=at)


@transaction.atomic
def claim_joint_submission(application_id: uuid.UUID, *, officer: Account, at: datetime) -> list[Application]:
    """Claims a case, and those cases of its joint submission that are at this desk and unclaimed.

    Returns the claimed applications. Raises ClaimRefused or NotFound for the case itself.
    """
    own = cases_of(officer).filter(pk=application_id).first()
    if own is None:
        raise NotFound("application_unknown")
    together = [own]
    if own.together_id is not None:
        # Everybody locks in the same order, so that two officers at once cannot deadlock.
        together = list(cases_of(officer).filter(together_id=own.together_id).order_by("receipt_number"))
    claimed = []
    for each in together:
        application = lock_row(Application, each.pk)
        try:
            _assign(application, officer, by=officer, at=at)
        except ClaimRefused:
            if application.pk == application_id:
                raise
            continue
        claimed.append(application)
    return claimed


@transaction.atomic
def claim_next(*, officer: Account, at: datetime) -> Application | None:
    """Claims the office's unclaimed case with the earliest receipt; None when there is none.

    On PostgreSQL two officers at once get two cases: a row locked by another transaction is skipped.
    """
    office = office_of(officer)
    passed_over: list[uuid.UUID] = []
    while True:
        candidate = (
            open_cases(officer)
            .exclude(pk__in=passed_over)
            .exclude(pk__in=live_claims(office, at=at).values("application"))
            .select_related(None)
            .order_by("received_on", "id")
            .select_for_update(skip_locked=True, no_key=True)
            .first()
        )
        if candidate is None:
            return None
        # Another officer may have claimed the case between the query and the lock.
        if candidate.pk not in claims_on([candidate], office, at=at):
            _assign(candidate, officer, by=officer, at=at)
            return candidate
        passed_over.append(candidate.pk)


@transaction.atomic
def release(application_id: uuid.UUID, *, officer: Account, at: datetime) -> None:
    """Ends the officer's own claim, or for a head any claim of the office; without a claim nothing happens."""
    application = _locked_case(application_id, officer)
    held = Assignment.objects.filter(
        application=application, office=office_of(officer).value, released_at__isnull=True
    )
    if not is_head(officer):
        held = held.filter(officer=officer)
    if held.update(released_at=at) and is_at_desk(application, officer):
        end_uptake(application)


@transaction.atomic
def reassign(application_id: uuid.UUID, *, to: uuid.UUID, head: Account, at: datetime) -> Assignment:
    """Assigns the case to another officer of the head's office. Raises ClaimRefused, NotFound."""
    if not is_head(head):
        raise NotFound("not_found")
    application = _locked_case(application_id, head)
    colleague = colleagues_of(head).filter(pk=to).first()
    if colleague is None:
        raise ClaimRefused("not_a_colleague")
    return _assign(application, colleague, by=head, at=at)


def note_activity(application: Application, *, officer: Account, at: datetime) -> None:
    """Keeps the officer's claim on a case alive; every act of the officer on the case calls it."""
    own = live_claims(office_of(officer), at=at).filter(application=application, officer=officer)
    if own.update(active_at=at) and is_at_desk(application, officer):
        note_uptake(application, at=at)


def _locked_case(application_id: uuid.UUID, officer: Account) -> Application:
    if not cases_of(officer).filter(pk=application_id).exists():
        raise NotFound("application_unknown")
    return lock_row(Application, application_id)


def _assign(application: Application, officer: Account, *, by: Account, at: datetime) -> Assignment:
    office = office_of(officer)
    if not is_at_desk(application, officer):
        raise ClaimRefused("not_at_this_desk")
    held = (
        Assignment.objects.filter(application=application, office=office.value, released_at__isnull=True)
        .select_related("officer")
        .first()
    )
    if held is not None:
        is_live = held.active_at >= idle_limit(at)
        if is_live and held.officer_id == officer.pk:
            return held
        if is_live and not is_head(by):
            raise ClaimRefused("claimed_by_another", name=held.officer.name)
        held.released_at = at
        held.save(update_fields=["released_at"])
    note_uptake(application, at=at)
    return Assignment.objects.create(
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        office=office.value,
        officer=officer,
        claimed_at=at,
        active_at=at,
    )
