"""Handing over everything that an officer works on to a colleague, in one act that names each case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registry.book.locks import lock_row
from registry.models import Account, Application
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.substance import says_something
from registry.streams import office_acts
from review.access import cases_of, colleagues_of, is_head, office_of
from review.desk.claims import (
    ClaimRefused,
    assign,
    claims_here,
    is_own_proposal,
    live_claims,
    record_change,
    refuse_if_away,
)
from review.models import Assignment


@dataclass(frozen=True, slots=True)
class Handover:
    """What was handed over, and what could not be, each with the code of the refusal."""

    done: tuple[Application, ...]
    left: tuple[tuple[Application, str], ...]


def held_by(officer: Account, *, at: datetime) -> list[Assignment]:
    """The live claims of an officer, by day of receipt."""
    held = claims_here(office_of(officer), at=at).filter(officer=officer)
    return list(
        held.select_related("application__filing").order_by("application__received_on", "application")
    )


@transaction.atomic
def hand_over(
    giver_id: uuid.UUID, *, to: uuid.UUID, seen: frozenset[uuid.UUID], reason: str, by: Account, at: datetime
) -> Handover:
    """Gives every case that an officer holds, of those `seen`, to a colleague of the same office.

    An officer hands over what is their own, a head what anybody of the office holds. A case that is held by another
    meanwhile, or has left the office, is not handed over and named. Raises ClaimRefused.
    """
    if not says_something(reason):
        raise ClaimRefused("handed_over_without_reason")
    people = {each.pk: each for each in colleagues_of(by)}
    giver, taker = people.get(giver_id), people.get(to)
    if giver is None or taker is None or (giver.pk != by.pk and not is_head(by)):
        raise ClaimRefused("not_a_colleague")
    if giver.pk == taker.pk:
        raise ClaimRefused("handed_over_to_the_same")
    refuse_if_away(taker, at=at)
    done, left = [], []
    # Everybody locks in the same order, so that two at once cannot deadlock.
    for application_id in cases_of(by).filter(pk__in=seen).order_by("pk").values_list("pk", flat=True):
        application = lock_row(Application, application_id)
        held = live_claims(office_of(by), at=at).filter(application=application).first()
        if held is None or held.officer_id != giver.pk:
            left.append((application, "held_by_another_meanwhile"))
            continue
        if is_own_proposal(application, taker):
            left.append((application, "own_proposal_of_substitute"))
            continue
        try:
            given = assign(application, taker, at=at)
        except ClaimRefused as refusal:
            left.append((application, refusal.code))
            continue
        record_change(OfficeAct.CLAIM_HANDED_OVER, application, giver.pk, given, by=by, at=at, reason=reason)
        done.append(application)
    if not done:
        raise ClaimRefused("nothing_handed_over")
    found = Handover(tuple(done), tuple(left))
    record_handover(found, giver=giver, taker=taker, by=by, at=at, reason=reason)
    return found


def record_handover(
    found: Handover, *, giver: Account, taker: Account, by: Account | None, at: datetime, reason: str
) -> None:
    """Records what was handed over from whom to whom, and what was not; `by` is None for a leave that begins."""
    office_acts.record(
        OfficeAct.WORK_HANDED_OVER,
        OfficeSubject.ACCOUNT,
        giver.pk,
        by=by,
        at=at,
        before={"officer": str(giver.pk)},
        after={
            "officer": str(taker.pk),
            "handed_over": [each.receipt_number for each in found.done],
            "not_handed_over": [each.receipt_number for each, _code in found.left],
        },
        reason=reason,
        province_code=giver.province_code,
    )
