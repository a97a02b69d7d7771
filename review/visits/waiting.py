"""The work list of the visits: addresses that wait, which process is at work on them, and the looks that were kept."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from registry import clock
from registry.encryption import blind_index
from registry.models import Account, Application
from registry.rules.search_form import host_of
from review.models import SiteVisit, WaitingVisit
from review.visits.addresses import FiledAddress
from review.visits.seen import Seen, as_json

# Longer than the visitor may take for one address.
SILENT_AFTER = timedelta(seconds=120)
# So often an address is begun; after that the look is kept as one that broke off.
MOST_ATTEMPTS = 3


class Overtaken(Exception):
    """Another process has taken the address over, or it is done."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a row asks for: an address, and the names to look for."""

    url: str
    words: tuple[str, ...]


def digest_of(url: str) -> str:
    """The keyed digest by which an address is found."""
    return blind_index(url, purpose="site_visit.address")


def ask(
    application: Application,
    addresses: Iterable[FiledAddress],
    *,
    words: tuple[str, ...],
    asked_by: Account | None,
    at: datetime,
) -> int:
    """Puts addresses of a case on the list; one that is there keeps its place, or a better one. Gives how many."""
    urgency = WaitingVisit.Urgency.ARRIVED if asked_by is None else WaitingVisit.Urgency.ASKED
    rows = [
        WaitingVisit(
            application=application,
            applicant_id=application.applicant_id,
            province_code=application.province_code,
            revision_number=application.revision_number,
            key=each.key,
            address=digest_of(each.url),
            host=blind_index(host_of(each.url), purpose="site_visit.host"),
            order=json.dumps({"url": each.url, "words": list(words)}, ensure_ascii=False),
            urgency=urgency,
            asked_by=asked_by,
            asked_at=at,
        )
        for each in addresses
    ]
    WaitingVisit.objects.bulk_create(rows, ignore_conflicts=True)
    WaitingVisit.objects.filter(application=application, urgency__gt=urgency).update(
        urgency=urgency, asked_by=asked_by
    )
    return len(rows)


def order_of(row: WaitingVisit) -> Order:
    """What a row asks for."""
    order = json.loads(row.order)
    return Order(str(order["url"]), tuple(map(str, order["words"])))


def take(worker: str) -> WaitingVisit | None:
    """The most urgent address that nobody is at work on, nor on another of its host; None when there is none."""
    now = clock.now()
    is_free = _free(now)
    waiting = WaitingVisit.objects.filter(is_free)
    busy = WaitingVisit.objects.exclude(is_free).values("host")
    try:
        with transaction.atomic():
            row = (
                waiting.exclude(host__in=busy)
                .order_by("urgency", "asked_at", "pk")
                .select_for_update(skip_locked=True)
                .first()
            )
            if row is None:
                return None
            # One that was silent for long may hold the host still.
            waiting.filter(host=row.host).exclude(pk=row.pk).exclude(taken_by="").update(
                taken_by="", taken_at=None
            )
            row.taken_by, row.taken_at, row.attempts = worker, now, row.attempts + 1
            row.save(update_fields=["taken_by", "taken_at", "attempts"])
    except IntegrityError:
        # Another process began with this host at the same moment.
        return None
    return row


def has_free() -> bool:
    """Whether an address waits that nobody is at work on; asks without a lock."""
    return WaitingVisit.objects.filter(_free(clock.now())).exists()


def finish(row: WaitingVisit, seen: Seen, *, at: datetime) -> None:
    """Keeps a look and takes its address off the list, both or neither. Raises Overtaken."""
    with transaction.atomic():
        if not _own(row).select_for_update().exists():
            raise Overtaken
        SiteVisit.objects.create(
            id=row.pk,
            application_id=row.application_id,
            applicant_id=row.applicant_id,
            province_code=row.province_code,
            revision_number=row.revision_number,
            key=row.key,
            address=row.address,
            seen=as_json(seen),
            asked_by_id=row.asked_by_id,
            asked_at=row.asked_at,
            looked_at=at,
        )
        _own(row).delete()


def set_free(row: WaitingVisit, *, was_begun: bool) -> None:
    """Lets any process try the address again; one that was not begun counts no attempt."""
    attempts = F("attempts") if was_begun else F("attempts") - 1
    _own(row).update(taken_by="", taken_at=None, attempts=attempts)


def give_back(worker: str) -> int:
    """Frees what a worker that is about to stop is at work on, as if it had not begun; gives how many."""
    return WaitingVisit.objects.filter(taken_by=worker).update(
        taken_by="", taken_at=None, attempts=F("attempts") - 1
    )


def waiting_on(application_id: uuid.UUID) -> QuerySet[WaitingVisit]:
    """The addresses of a case that wait, or are being looked at."""
    return WaitingVisit.objects.filter(application=application_id)


def _free(now: datetime) -> Q:
    return Q(taken_by="") | Q(taken_at__lt=now - SILENT_AFTER)


def _own(row: WaitingVisit) -> QuerySet[WaitingVisit]:
    return WaitingVisit.objects.filter(pk=row.pk, taken_by=row.taken_by, attempts=row.attempts)
