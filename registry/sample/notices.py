"""The notices of the sample register, as if its jobs had always been running.

Each is created at the moment of its event. No gateway is called: every delivery counts as sent at that moment, except
two of the newest, of which one has an unknown outcome and one was given up.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import F

from registry.models import Account, Delivery, Event, Notice
from registry.notices import filing_notices

_READ_WITHIN = timedelta(days=1)
_NEW_FOR = timedelta(days=4)


def make_sample_notices(_accounts: Mapping[str, Account], *, now: datetime) -> None:
    """Creates the applicants' notices of all events in the sample register, as sent and mostly opened by now."""
    notify_as_it_happened(filing_notices.events_for_applicants(), filing_notices.notify_applicant)
    Delivery.objects.filter(next_attempt_at__isnull=False).update(
        state=Delivery.State.SENT, sent_at=F("next_attempt_at"), attempts=1, next_attempt_at=None
    )
    read = Notice.objects.filter(opened_at__isnull=True, created_at__lt=now - _NEW_FOR)
    read.update(opened_at=F("created_at") + _READ_WITHIN)
    _lose_two()


def notify_as_it_happened(event_ids: Iterable[uuid.UUID], notify: Callable[..., int]) -> None:
    """Creates the notices of each event by `notify`, as of the event's own moment."""
    ids = list(event_ids)
    moments = dict(Event.objects.filter(pk__in=ids).values_list("pk", "at"))
    for event_id in ids:
        notify(event_id, at=moments[event_id])


def _lose_two() -> None:
    """Marks the newest two notices by text message as of unknown outcome and as given up."""
    by_sms = Notice.objects.filter(deliveries__channel=Delivery.Channel.SMS, application__isnull=False)
    fates = (
        (Delivery.State.UNKNOWN, "no_answer:ReadTimeout"),
        (Delivery.State.GIVEN_UP, "server_unreachable"),
    )
    for notice, (state, error) in zip(by_sms.order_by("-created_at", "id")[:2], fates, strict=False):
        Notice.objects.filter(pk=notice.pk).update(opened_at=None)
        outward = notice.deliveries.exclude(channel=Delivery.Channel.INBOX)
        outward.update(state=state, last_error=error, sent_at=None)
