"""What a round is drawn from: the cases that were decided on some days, read from the events alone.

Events never change, so that the same days give the same cases at any later time: a draw can be repeated from them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from registry import clock
from registry.models import Event
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.workflow.states import DECISIONS, OFFICERS, PROPOSALS, PROVINCE, Act, Role, StreamKind

# What decides a case: directly, or what a second officer confirms.
_DECIDING = tuple(act.value for act in (*DECISIONS, Act.CONFIRM))
# By what an officer has a part in how a case was decided.
_TAKING_PART = tuple(act.value for act in (Act.FORWARD, *PROPOSALS, *DECISIONS, Act.CONFIRM, Act.SEND_BACK))


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A case with its last decision on the days that were asked for."""

    application_id: uuid.UUID
    receipt_number: str
    province_code: str
    decision_id: uuid.UUID
    decided_at: datetime
    revision_number: int


def cases_decided(office_code: str, *, first_on: date, last_on: date) -> list[DecidedCase]:
    """The cases decided on these days in China, both inclusive, by receipt number; one query.

    Those of the national office are the country's. Those of a provincial office are the ones of its province in whose
    decision its officers had a part: what went to the national office without an opinion is not its work.
    """
    decisions = Event.objects.filter(
        stream_kind=StreamKind.FILING.value,
        act__in=_DECIDING,
        at__gte=clock.start_of(first_on),
        at__lt=clock.start_of(last_on + timedelta(days=1)),
        application__isnull=False,
    )
    if office_code != NATIONAL_OFFICE_CODE:
        part = Event.objects.filter(
            application=OuterRef("application"),
            act__in=_TAKING_PART,
            actor_role__in=_roles(office_code),
            sequence__lte=OuterRef("sequence"),
        )
        decisions = decisions.filter(Exists(part), province_code=office_code)
    latest: dict[uuid.UUID, DecidedCase] = {}
    columns = (
        "application_id",
        "application__receipt_number",
        "province_code",
        "pk",
        "at",
        "revision_number",
    )
    for row in decisions.order_by("at", "sequence").values_list(*columns):
        latest[row[0]] = DecidedCase(*row)
    return sorted(latest.values(), key=lambda case: case.receipt_number)


def parts_in(office_code: str, cases: Collection[DecidedCase]) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """By case the officers of the office who had a part in it up to its decision, and for the nation those of both."""
    decided_at = {case.application_id: case.decided_at for case in cases}
    acts = Event.objects.filter(
        application__in=list(decided_at),
        act__in=_TAKING_PART,
        actor_role__in=_roles(office_code),
        actor__isnull=False,
    )
    found: dict[uuid.UUID, dict[uuid.UUID, None]] = defaultdict(dict)
    for application_id, actor_id, at in acts.order_by("at", "sequence").values_list(
        "application_id", "actor_id", "at"
    ):
        if at <= decided_at[application_id]:
            found[application_id][actor_id] = None
    return {case.application_id: tuple(found[case.application_id]) for case in cases}


def acted_in(application_id: uuid.UUID) -> QuerySet[Event, uuid.UUID | None]:
    """Who gave an opinion on a case, proposed, confirmed or decided it, at whatever office they were then."""
    acts = Event.objects.filter(
        application=application_id, act__in=_TAKING_PART, actor_role__in=[role.value for role in OFFICERS]
    )
    return acts.filter(actor__isnull=False).values_list("actor_id", flat=True)


def _roles(office_code: str) -> list[str]:
    roles: frozenset[Role] = OFFICERS if office_code == NATIONAL_OFFICE_CODE else PROVINCE
    return [role.value for role in roles]
