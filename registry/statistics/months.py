"""What happened to the applications of a jurisdiction in one month in China: received, asked about, decided."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Count, Q, QuerySet

from registry import clock
from registry.models import Application, Event
from registry.rules.workflow.events import OUTCOME
from registry.rules.workflow.states import DECISIONS, PROVINCE, Act, Kind, Outcome, Role

_Row = TypeVar("_Row", Application, Event)
_DECIDING = (Act.APPROVE, Act.REJECT, Act.CONFIRM)


@dataclass(frozen=True, slots=True)
class Decided:
    """What one decision was about, how it ended, and at which level it was made."""

    kind: Kind
    outcome: Outcome
    by_province: bool


@dataclass(slots=True)
class MonthOfApplications:
    """One month of a jurisdiction, in applications.

    `received` are first submissions by kind, `received_late` those after their period (Art. 11), `resubmitted` those
    handed in again after a rejection, `asked` the requests to correct. `decided` counts decisions: an application that
    was rejected, handed in again and decided in one month has two.
    """

    month: date
    received: Counter[Kind] = field(default_factory=Counter)
    received_late: Counter[Kind] = field(default_factory=Counter)
    resubmitted: int = 0
    asked: int = 0
    decided: Counter[Decided] = field(default_factory=Counter)

    def decisions(
        self, *, kind: Kind | None = None, outcome: Outcome | None = None, by_province: bool | None = None
    ) -> int:
        """How many decisions there were, of those that fit."""
        return sum(
            count
            for each, count in self.decided.items()
            if (kind is None or each.kind is kind)
            and (outcome is None or each.outcome is outcome)
            and (by_province is None or each.by_province is by_province)
        )


def month_of_applications(month: date, *, province_code: str = "") -> MonthOfApplications:
    """The month that begins on `month`, of one province or of all; the month running as far as it has come."""
    found = MonthOfApplications(month)
    following = month_after(month)
    received = Application.objects.filter(first_received_on__gte=month, first_received_on__lt=following)
    for kind, count, late in (
        _of(received, province_code)
        .values("kind")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(late_by_working_days__gt=0)))
        .values_list("kind", "count", "late")
    ):
        found.received[Kind(kind)] += count
        found.received_late[Kind(kind)] += late
    events = _of(
        Event.objects.filter(
            act__in=[act.value for act in (*_DECIDING, Act.ASK, Act.RESUBMIT)],
            at__gte=clock.start_of(month),
            at__lt=clock.start_of(following),
        ),
        province_code,
    )
    counted = events.values_list("act", "actor_role", "application__kind", OUTCOME)
    for name, role, kind, outcome, count in counted.annotate(count=Count("pk")):
        act = Act(name)
        if act is Act.ASK:
            found.asked += count
        elif act is Act.RESUBMIT:
            found.resubmitted += count
        else:
            how = Outcome(outcome) if act is Act.CONFIRM else DECISIONS[act]
            found.decided[Decided(Kind(kind), how, Role(role) in PROVINCE)] += count
    return found


def acts_of_office(
    month: date, acts: Collection[Act], *, roles: Collection[Role], province_code: str = ""
) -> Counter[tuple[uuid.UUID, Role, Act]]:
    """How often each account did each of these acts in one of these roles, in the month that begins on `month`."""
    found = Event.objects.filter(
        actor_role__in=[role.value for role in roles],
        act__in=[act.value for act in acts],
        at__gte=clock.start_of(month),
        at__lt=clock.start_of(month_after(month)),
    )
    counted = _of(found, province_code).values_list("actor", "actor_role", "act").annotate(count=Count("pk"))
    return Counter({(actor, Role(role), Act(act)): count for actor, role, act, count in counted})


def month_after(month: date) -> date:
    """The first day of the month after the one that begins on `month`."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    """The first day of the month before the one that begins on `month`."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _of(found: QuerySet[_Row], province_code: str) -> QuerySet[_Row]:
    return found.filter(province_code=province_code) if province_code else found
