"""How often something may be done: counters in the database, locked while they are read and incremented.

A window opens with the first use and is closed after its period; a limit of one per minute therefore means a
full minute between two uses. Counters that cannot be read or written let nothing through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest

from registry import clock
from registry.encryption import blind_index
from registry.errors import FilingError
from registry.gateways.addresses import counted_address, counted_networks
from registry.models import UseCounter

_LONGEST_WINDOW = timedelta(days=2)
# Several people of a site may be at work, many of a provider's network, and do no more than so many times what one may.
_DESKS_OF_A_SITE, _DESKS_OF_A_PROVIDER = 4, 64


class LimitReached(FilingError):
    """The thing was done too often; `facts["retry_at"]` says when it may be done again."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `uses` in `period` for one subject. The subject is stored as a keyed digest only."""

    scope: str
    subject: str
    uses: int
    period: timedelta

    @property
    def subject_index(self) -> str:
        return blind_index(self.subject, purpose=f"limit.{self.scope}")


def address_limits(request: HttpRequest, scope: str, uses: int, period: timedelta) -> list[Limit]:
    """At most `uses` in `period` from the visitor's address; of IPv6 from its /64, four times that from its /56.

    Of a /48, which thousands may share, 64 times: enough for them, too little for a flood.
    """
    found = [Limit(scope, counted_address(request), uses, period)]
    if networks := counted_networks(request):
        subscriber, provider = networks
        found.append(Limit(f"{scope}.site", subscriber, uses * _DESKS_OF_A_SITE, period))
        found.append(Limit(f"{scope}.wide", provider, uses * _DESKS_OF_A_PROVIDER, period))
    return found


def consume(limits: Sequence[Limit], *, at: datetime | None = None) -> None:
    """Counts one use against every limit, or against none: raises LimitReached when any is used up."""
    now = at or clock.now()
    with transaction.atomic():
        counters = _locked(limits, now)
        for limit in limits:
            counter = counters[limit.scope, limit.subject_index]
            if now >= counter.window_opened_at + limit.period:
                counter.window_opened_at, counter.uses = now, 0
            if counter.uses >= limit.uses:
                raise LimitReached(
                    "limit_reached", scope=limit.scope, retry_at=counter.window_opened_at + limit.period
                )
            counter.uses += 1
        for counter in counters.values():
            counter.save(update_fields=["window_opened_at", "uses"])


def give_back(limits: Sequence[Limit]) -> None:
    """Takes back one use of each limit: what was counted turned out not to be an attempt."""
    for limit in limits:
        UseCounter.objects.filter(scope=limit.scope, subject=limit.subject_index).update(
            uses=Greatest(F("uses") - 1, 0)
        )


def reset_limits(limits: Sequence[Limit]) -> None:
    """Sets each limit back to no uses: the person who was counted has proved to own the account."""
    for limit in limits:
        UseCounter.objects.filter(scope=limit.scope, subject=limit.subject_index).update(uses=0)


def forget_old(*, at: datetime | None = None) -> int:
    """Deletes counters whose windows closed long ago; gives how many."""
    deleted, _ = UseCounter.objects.filter(
        window_opened_at__lt=(at or clock.now()) - _LONGEST_WINDOW
    ).delete()
    return deleted


def _locked(limits: Sequence[Limit], now: datetime) -> dict[tuple[str, str], UseCounter]:
    """The counters, created where missing and locked in a fixed order so that callers cannot deadlock."""
    wanted = sorted({(limit.scope, limit.subject_index) for limit in limits})
    UseCounter.objects.bulk_create(
        [UseCounter(scope=scope, subject=subject, window_opened_at=now) for scope, subject in wanted],
        ignore_conflicts=True,
    )
    return {
        (scope, subject): UseCounter.objects.select_for_update().get(scope=scope, subject=subject)
        for scope, subject in wanted
    }
