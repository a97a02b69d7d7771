"""Claiming, releasing and assigning several cases at once: what can be done is done, the rest is named with its reason.

The cases are locked together in the order of their ids, so that of two officers at once each case goes to one. Deciding
stays one by one.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registry.book.locks import lock_rows
from registry.errors import NotFound
from registry.models import Account, Application
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.substance import says_something
from registry.streams import office_acts
from review.access import cases_of, colleagues_of, is_at_desk, is_head, office_of
from review.desk.claims import (
    ClaimRefused,
    claims_on,
    end_claims,
    give_each,
    is_own_proposal,
    record_change,
    refuse_if_away,
)
from review.models import Assignment

# More cases than this are not worked on in one request; a page of the queue has fewer.
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Bulk:
    """What was done, and what could not be, each with why not; both in the order of receipt.

    `unknown` counts what is no case of the officer's jurisdiction: nothing else is said of those.
    """

    done: tuple[Application, ...]
    left: tuple[tuple[Application, ClaimRefused], ...]
    unknown: int


@transaction.atomic
def claim_all(case_ids: Collection[uuid.UUID], *, officer: Account, at: datetime) -> Bulk:
    """Claims these cases for the officer, but no own proposal and nothing that a colleague works on.

    The same queries for any number of cases. Raises ClaimRefused for none or more than MOST_AT_ONCE.
    """
    cases = _locked(case_ids, officer)
    refused = {each.pk: ClaimRefused("own_proposal") for each in cases if is_own_proposal(each, officer)}
    given = give_each([each for each in cases if each.pk not in refused], officer, may_take=False, at=at)
    return _told_apart(case_ids, cases, refused, given)


@transaction.atomic
def release_all(case_ids: Collection[uuid.UUID], *, officer: Account, at: datetime) -> Bulk:
    """Ends the officer's own claims on these cases. The same queries for any number. Raises ClaimRefused."""
    cases = _locked(case_ids, officer)
    held = claims_on(cases, office_of(officer), at=at)
    refused, ending = {}, []
    for case in cases:
        claim = held.get(case.pk)
        if claim is None:
            refused[case.pk] = _nobody_on(case, officer)
        elif claim.officer_id != officer.pk:
            refused[case.pk] = ClaimRefused("held_by", name=claim.officer.name)
        else:
            ending.append(claim)
    end_claims(ending, {each.pk: each for each in cases}, at=at)
    return _told_apart(case_ids, cases, refused, {})


@transaction.atomic
def assign_all(
    case_ids: Collection[uuid.UUID],
    *,
    to: uuid.UUID | None,
    reason: str,
    head: Account,
    at: datetime,
    seen: Mapping[uuid.UUID, uuid.UUID] | None = None,
) -> Bulk:
    """Assigns these cases to an officer of the head's office, or with None returns them to the queue.

    Each case has it in its own trail, and the officers are told once of all. Where a colleague loses a claim by it a
    reason is needed. `seen` has by case who worked on it when the head looked: it is taken from no other. Raises
    NotFound for anybody but a head; ClaimRefused, and then nothing is done.
    """
    if not is_head(head):
        raise NotFound("not_found")
    taker = colleagues_of(head).filter(pk=to).first() if to is not None else None
    if to is not None and taker is None:
        raise ClaimRefused("not_a_colleague")
    if taker is not None:
        refuse_if_away(taker, at=at)
    cases = _locked(case_ids, head)
    held = claims_on(cases, office_of(head), at=at)
    refused = {each.pk: why for each in cases if (why := _why_not(each, held.get(each.pk), taker, head))}
    if seen is not None:
        refused |= {
            pk: ClaimRefused("held_by", name=claim.officer.name)
            for pk, claim in held.items()
            if pk not in refused and claim.officer_id != seen.get(pk)
        }
    moving = [each for each in cases if each.pk not in refused]
    losers = {held[each.pk].officer_id for each in moving if each.pk in held} - {head.pk}
    if losers and not says_something(reason):
        raise ClaimRefused("reassigned_without_reason")
    given: Mapping[uuid.UUID, Assignment | ClaimRefused] = {}
    if taker is not None:
        given = give_each(moving, taker, may_take=True, at=at)
    else:
        end_claims([held[each.pk] for each in moving], {each.pk: each for each in cases}, at=at)
    found = _told_apart(case_ids, cases, refused, given)
    for case in found.done:
        before = held[case.pk].officer_id if case.pk in held else None
        new = given.get(case.pk)
        record_change(
            OfficeAct.CASE_ASSIGNED,
            case,
            before,
            new if isinstance(new, Assignment) else None,
            by=head,
            at=at,
            reason=reason,
        )
    if found.done:
        office_acts.record(
            OfficeAct.CASES_ASSIGNED,
            OfficeSubject.ACCOUNT,
            head.pk,
            by=head,
            at=at,
            after={
                "officer": str(taker.pk) if taker is not None else "",
                "assigned": [each.receipt_number for each in found.done],
            },
            reason=reason,
            province_code=head.province_code,
        )
    return found


def _locked(case_ids: Collection[uuid.UUID], officer: Account) -> list[Application]:
    """Those of the chosen that are cases of the officer's jurisdiction, locked, in the order of receipt."""
    if not case_ids:
        raise ClaimRefused("nothing_chosen")
    if len(case_ids) > MOST_AT_ONCE:
        raise ClaimRefused("too_many_chosen", most=MOST_AT_ONCE)
    theirs = cases_of(officer).filter(pk__in=case_ids).values_list("pk", flat=True)
    return sorted(lock_rows(Application, list(theirs)).values(), key=lambda each: (each.received_on, each.pk))


def _why_not(
    case: Application, claim: Assignment | None, taker: Account | None, head: Account
) -> ClaimRefused | None:
    if not is_at_desk(case, head):
        return ClaimRefused("moved_on")
    if taker is None:
        return None if claim is not None else ClaimRefused("held_by_nobody")
    if claim is not None and claim.officer_id == taker.pk:
        return ClaimRefused("held_by", name=taker.name)
    if is_own_proposal(case, taker):
        return ClaimRefused("own_proposal_of_substitute")
    return None


def _nobody_on(case: Application, officer: Account) -> ClaimRefused:
    return ClaimRefused("held_by_nobody" if is_at_desk(case, officer) else "moved_on")


_SHORT = {"claimed_by_another": "held_by", "not_at_this_desk": "moved_on"}


def _told_apart(
    case_ids: Collection[uuid.UUID],
    cases: list[Application],
    refused: Mapping[uuid.UUID, ClaimRefused],
    given: Mapping[uuid.UUID, Assignment | ClaimRefused],
) -> Bulk:
    left: dict[uuid.UUID, ClaimRefused] = dict(refused)
    for pk, answer in given.items():
        if isinstance(answer, ClaimRefused):
            left[pk] = ClaimRefused(_SHORT.get(answer.code, answer.code), **answer.facts)
    return Bulk(
        tuple(each for each in cases if each.pk not in left),
        tuple((each, left[each.pk]) for each in cases if each.pk in left),
        len(set(case_ids)) - len(cases),
    )
