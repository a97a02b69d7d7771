"""Claims: which officer works on a case.

A claim blocks nobody. It ends by release, by a head's reassignment, after three idle working days, or when its officer
leaves the office. What is taken from an officer by somebody else stands in the case's stream of office acts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from registry.book.locks import lock_row, lock_rows
from registry.book.uptake import end_uptake, idle_limit, note_uptake
from registry.errors import FilingError, NotFound
from registry.models import Account, Application, Event
from registry.rules.days.working_days import Calendar
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.substance import says_something
from registry.rules.workflow.states import State
from registry.streams import office_acts
from review.access import (
    OFFICE_ROLES,
    OFFICE_STATES,
    Office,
    cases_of,
    colleagues_of,
    is_at_desk,
    is_head,
    office_of,
    open_cases,
)
from review.desk.leave import leave_of
from review.desk.work import note_work
from review.models import Assignment

# In the place of the officer who works on a case, where nobody does.
NOBODY = "nobody"


class ClaimRefused(FilingError):
    """The case cannot be claimed, released or reassigned now; the code says why."""


def live_claims(office: Office, *, at: datetime, calendar: Calendar | None = None) -> QuerySet[Assignment]:
    """The claims of an office's level that have not ended or expired; one of who has left the office holds nothing.

    `calendar` is the one in force, for who has read it already.
    """
    roles = [role.value for role in OFFICE_ROLES[office]]
    found = Assignment.objects.filter(
        office=office.value,
        released_at__isnull=True,
        active_at__gte=idle_limit(at, calendar),
        officer__is_active=True,
        officer__role__in=roles,
    )
    return found.filter(officer__province_code=F("province_code")) if office is Office.PROVINCE else found


def claims_here(office: Office, *, at: datetime) -> QuerySet[Assignment]:
    """Those of them on cases that the office still has: day 15 passes a case on with its claim."""
    states = [state.value for state in OFFICE_STATES[office]]
    return live_claims(office, at=at).filter(application__state__in=states)


def claims_on(
    applications: Iterable[Application], office: Office, *, at: datetime, calendar: Calendar | None = None
) -> dict[uuid.UUID, Assignment]:
    """The live claim on each of these applications, with its officer; one query for all."""
    ids = [application.pk for application in applications]
    found = (
        live_claims(office, at=at, calendar=calendar).filter(application__in=ids).select_related("officer")
    )
    return {claim.application_id: claim for claim in found}


@transaction.atomic
def claim(application_id: uuid.UUID, *, officer: Account, at: datetime) -> Assignment:
    """Claims the case for the officer; a repeated call changes nothing. Raises ClaimRefused, NotFound."""
    application = _locked_case(application_id, officer)
    return _assign(application, officer, by=officer, at=at)


@transaction.atomic
def claim_joint_submission(application_id: uuid.UUID, *, officer: Account, at: datetime) -> list[Application]:
    """Claims a case, and those cases of its joint submission that are at this desk and unclaimed.

    What awaits a second officer after the officer's own proposal is claimed only when it is the case itself. Returns
    the claimed applications. Raises ClaimRefused or NotFound for the case itself.
    """
    own = cases_of(officer).filter(pk=application_id).first()
    if own is None:
        raise NotFound("application_unknown")
    together = [own]
    if own.together_id is not None:
        together = list(cases_of(officer).filter(together_id=own.together_id).order_by("receipt_number"))
    # Everybody locks in the same order, so that two officers at once cannot deadlock.
    locked = lock_rows(Application, [each.pk for each in together])
    asked = [
        locked[each.pk]
        for each in together
        if each.pk == application_id or not is_own_proposal(locked[each.pk], officer)
    ]
    given = give_each(asked, officer, may_take=is_head(officer), at=at)
    own_answer = given[application_id]
    if isinstance(own_answer, ClaimRefused):
        raise own_answer
    return [each for each in asked if isinstance(given[each.pk], Assignment)]


def cases_to_take(officer: Account, *, at: datetime) -> QuerySet[Application]:
    """The cases at the officer's office that nobody works on, in the order of receipt.

    The officer's own proposals are not among them: a second officer decides on those (Art. 12). Who is on leave takes
    nothing.
    """
    if leave_of(officer, at=at) is not None:
        return open_cases(officer).none()
    return _waiting_for(officer, at=at)


def next_case(officer: Account, *, at: datetime) -> Application | None:
    """The case that `claim_next` would claim now; None when there is none."""
    return cases_to_take(officer, at=at).first()


@dataclass(frozen=True, slots=True)
class ToTake:
    """Whether there is a case to take next, and whether an own proposal is unclaimed."""

    has_case: bool
    has_own_proposal: bool


def what_to_take(officer: Account, *, is_away: bool, at: datetime) -> ToTake:
    """What `claim_next` would find, whatever filters the queue has; one query where there is a case.

    `is_away` says that the officer is on leave, as who asks knows already.
    """
    if is_away:
        return ToTake(has_case=False, has_own_proposal=False)
    if _waiting_for(officer, at=at).exists():
        return ToTake(has_case=True, has_own_proposal=False)
    claimed = live_claims(office_of(officer), at=at).values("application")
    own = open_cases(officer).filter(proposer_id=officer.pk).exclude(pk__in=claimed)
    return ToTake(has_case=False, has_own_proposal=own.exists())


def _waiting_for(officer: Account, *, at: datetime) -> QuerySet[Application]:
    claimed = live_claims(office_of(officer), at=at).values("application")
    cases = open_cases(officer).exclude(proposer_id=officer.pk).exclude(pk__in=claimed)
    return cases.order_by("received_on", "id")


@transaction.atomic
def claim_next(*, officer: Account, at: datetime) -> Application | None:
    """Claims the case to take with the earliest receipt; None when there is none.

    On PostgreSQL two officers at once get two cases: a row locked by another transaction is skipped.
    """
    office = office_of(officer)
    passed_over: list[uuid.UUID] = []
    while True:
        candidate = (
            cases_to_take(officer, at=at)
            .exclude(pk__in=passed_over)
            .select_related(None)
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
    """Ends the officer's own claim; without one nothing happens."""
    application = _locked_case(application_id, officer)
    held = unreleased(application, office_of(officer))
    if held is not None and held.officer_id == officer.pk:
        end_claim(held, application, at=at)


@transaction.atomic
def reassign(
    application_id: uuid.UUID,
    *,
    to: uuid.UUID | None,
    reason: str,
    head: Account,
    at: datetime,
    held_seen: str | None = None,
) -> Assignment | None:
    """Assigns the case to another officer of the head's office, or with None returns it to the queue.

    Who loses a claim by it is owed a reason. `held_seen` is the id of who worked on the case when the head looked,
    empty for nobody: it is taken from no other. Who proposed the decision does not get the case to confirm it (Art.
    12). Raises ClaimRefused, NotFound.
    """
    if not is_head(head):
        raise NotFound("not_found")
    application = _locked_case(application_id, head)
    colleague = None
    if to is not None:
        colleague = colleagues_of(head).filter(pk=to).first()
        if colleague is None:
            raise ClaimRefused("not_a_colleague")
    office = office_of(head)
    held = live_claims(office, at=at).filter(application=application).first()
    before = held.officer_id if held is not None else None
    if (colleague.pk if colleague is not None else None) == before:
        # As it is already; an expired claim of the same officer is claimed anew.
        raise ClaimRefused("reassigned_to_the_same")
    if held_seen is not None and held_seen != str(before or ""):
        raise ClaimRefused("held_otherwise_meanwhile")
    if before not in (None, head.pk) and not says_something(reason):
        raise ClaimRefused("reassigned_without_reason")
    if not is_at_desk(application, head):
        raise ClaimRefused("not_at_this_desk")
    if colleague is not None:
        refuse_if_away(colleague, at=at)
        if is_own_proposal(application, colleague):
            raise ClaimRefused("proposed_by_the_chosen", name=colleague.name)
        given = _assign(application, colleague, by=head, at=at)
    else:
        given = None
        ending = unreleased(application, office)
        if ending is not None:
            end_claim(ending, application, at=at)
    record_change(OfficeAct.CASE_REASSIGNED, application, before, given, by=head, at=at, reason=reason)
    return given


@transaction.atomic
def release_all_of(officer: Account, *, until: datetime, reason: str, at: datetime) -> list[Application]:
    """Ends the claims of an officer who left an office, those made until a moment; gives their cases.

    A claim that the officer may hold after all, in another role of the same office, stays.
    """
    held = Assignment.objects.filter(officer=officer, released_at__isnull=True, claimed_at__lte=until)
    released = []
    # Everybody locks in the same order, so that two at once cannot deadlock.
    for application_id, office in held.order_by("application").values_list("application", "office"):
        application = lock_row(Application, application_id)
        claim = unreleased(application, Office(office))
        if claim is None or claim.officer_id != officer.pk or may_hold(claim, officer):
            continue
        end_claim(claim, application, at=at)
        record_change(OfficeAct.CLAIM_RELEASED, application, officer.pk, None, by=None, at=at, reason=reason)
        released.append(application)
    return released


def refuse_if_away(colleague: Account, *, at: datetime) -> None:
    """Raises ClaimRefused for who is on leave, and names who stands in: nothing new goes to who is away."""
    leave = leave_of(colleague, at=at)
    if leave is not None:
        raise ClaimRefused("colleague_on_leave", name=colleague.name, substitute=leave.substitute.name)


def may_hold(claim: Assignment, officer: Account) -> bool:
    """Whether the officer is one of those who may hold this claim."""
    office = Office(claim.office)
    is_there = office is Office.NATION or officer.province_code == claim.province_code
    return officer.is_active and officer.acts_as in OFFICE_ROLES[office] and is_there


def record_change(
    act: OfficeAct,
    application: Application,
    before: uuid.UUID | None,
    given: Assignment | None,
    *,
    by: Account | None,
    at: datetime,
    reason: str,
) -> Event:
    """Records that a claim was given or taken by somebody else than its officer; call with the case locked."""
    return office_acts.record(
        act,
        OfficeSubject.CASE,
        application.pk,
        by=by,
        at=at,
        before={"officer": str(before) if before is not None else ""},
        after={
            "officer": str(given.officer_id) if given is not None else "",
            "receipt_number": application.receipt_number,
        },
        reason=reason,
        province_code=application.province_code,
    )


def unreleased(application: Application, office: Office) -> Assignment | None:
    """The claim of an office on a case that has not been released, live or not."""
    found = Assignment.objects.filter(application=application, office=office.value, released_at__isnull=True)
    return found.select_related("officer").first()


def end_claim(claim: Assignment, application: Application, *, at: datetime) -> None:
    """Ends a claim; call with its case locked."""
    end_claims([claim], {application.pk: application}, at=at)


def end_claims(
    claims: Sequence[Assignment], applications: Mapping[uuid.UUID, Application], *, at: datetime
) -> None:
    """Ends claims on these cases, by id; call with the cases locked. The same queries for any number."""
    Assignment.objects.filter(pk__in=[each.pk for each in claims]).update(released_at=at)
    cases = [(applications[each.application_id], Office(each.office)) for each in claims]
    end_uptake(*(case for case, office in cases if State(case.state) in OFFICE_STATES[office]))


def is_own_proposal(application: Application, officer: Account) -> bool:
    """Whether the case awaits a second officer after this one's proposal: somebody else decides on it (Art. 12)."""
    return application.proposer_id == officer.pk


def note_activity(application: Application, *, officer: Account, at: datetime) -> None:
    """Keeps the officer's claim on a case alive, and notes who worked on it; every act on the case calls it."""
    note_work(application, officer=officer, at=at)
    own = live_claims(office_of(officer), at=at).filter(application=application, officer=officer)
    if own.update(active_at=at) and is_at_desk(application, officer):
        note_uptake(application, at=at)


def _locked_case(application_id: uuid.UUID, officer: Account) -> Application:
    if not cases_of(officer).filter(pk=application_id).exists():
        raise NotFound("application_unknown")
    return lock_row(Application, application_id)


def assign(application: Application, officer: Account, *, at: datetime) -> Assignment:
    """Gives a case to an officer, whoever holds it; call with the case locked. Raises ClaimRefused."""
    return _give(application, officer, may_take=True, at=at)


def _assign(application: Application, officer: Account, *, by: Account, at: datetime) -> Assignment:
    return _give(application, officer, may_take=is_head(by), at=at)


def _give(application: Application, officer: Account, *, may_take: bool, at: datetime) -> Assignment:
    given = give_each([application], officer, may_take=may_take, at=at)[application.pk]
    if isinstance(given, ClaimRefused):
        raise given
    return given


def give_each(
    applications: Sequence[Application], officer: Account, *, may_take: bool, at: datetime
) -> dict[uuid.UUID, Assignment | ClaimRefused]:
    """Gives cases to an officer; by case the claim, or why not. Call with the cases locked.

    `may_take` ends the live claims of others. The same queries for any number of cases.
    """
    office = office_of(officer)
    answers: dict[uuid.UUID, Assignment | ClaimRefused] = {}
    there = []
    for application in applications:
        if is_at_desk(application, officer):
            there.append(application)
        else:
            answers[application.pk] = ClaimRefused("not_at_this_desk")
    live = claims_on(there, office, at=at)
    taken = []
    for application in there:
        held = live.get(application.pk)
        if held is not None and held.officer_id == officer.pk:
            answers[application.pk] = held
        elif held is not None and not may_take:
            answers[application.pk] = ClaimRefused("claimed_by_another", name=held.officer.name)
        else:
            taken.append(application)
    if taken:
        answers |= {claim.application_id: claim for claim in _take(taken, officer, office, at=at)}
    return answers


def _take(
    applications: Sequence[Application], officer: Account, office: Office, *, at: datetime
) -> list[Assignment]:
    """Makes the officer's claims on cases, in the place of any that others hold or that have expired."""
    Assignment.objects.filter(
        application__in=applications, office=office.value, released_at__isnull=True
    ).update(released_at=at)
    note_uptake(*applications, at=at)
    note_work(*applications, officer=officer, at=at)
    return Assignment.objects.bulk_create(
        Assignment(
            application=application,
            applicant_id=application.applicant_id,
            province_code=application.province_code,
            office=office.value,
            officer=officer,
            claimed_at=at,
            active_at=at,
        )
        for application in applications
    )
