"""The notices of the sample register, as if its jobs had run all along.

Each is made at the moment of its event. Gateways are not asked: what the sample accounts would have been sent
counts as sent then, but for the newest few, of which one is not known to have arrived and one was given up.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import F

from registry.models import Account, Delivery, FilingEvent, Notice
from registry.notices import filing_notices

_READ_WITHIN = timedelta(days=1)
_NEW_FOR = timedelta(days=4)


def make_sample_notices(_accounts: Mapping[str, Account], *, now: datetime) -> None:
    """Tells applicants of everything that happened in the sample register."""
    tell_as_it_happened(filing_notices.events_for_applicants(), filing_notices.notify_applicant)
    Delivery.objects.filter(next_attempt_at__isnull=False).update(
        state=Delivery.State.SENT, sent_at=F("next_attempt_at"), attempts=1, next_attempt_at=None
    )
    read = Notice.objects.filter(opened_at__isnull=True, created_at__lt=now - _NEW_FOR)
    read.update(opened_at=F("created_at") + _READ_WITHIN)
    _lose_two()


def tell_as_it_happened(event_ids: Iterable[uuid.UUID], tell: Callable[..., int]) -> None:
    """Makes the notices of each event as of its own moment."""
    ids = list(event_ids)
    moments = dict(FilingEvent.objects.filter(pk__in=ids).values_list("pk", "at"))
    for event_id in ids:
        tell(event_id, at=moments[event_id])


def _lose_two() -> None:
    """Of the newest two notices that went out, one may not have arrived, and one did not."""
    went_out = Notice.objects.filter(deliveries__channel=Delivery.Channel.SMS, application__isnull=False)
    fates = (
        (Delivery.State.UNKNOWN, "no_answer:ReadTimeout"),
        (Delivery.State.GIVEN_UP, "server_unreachable"),
    )
    for notice, (state, error) in zip(went_out.order_by("-created_at", "id")[:2], fates, strict=False):
        Notice.objects.filter(pk=notice.pk).update(opened_at=None)
        ways = notice.deliveries.exclude(channel=Delivery.Channel.INBOX)
        ways.update(state=state, last_error=error, sent_at=None)
