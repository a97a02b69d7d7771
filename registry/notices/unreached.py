"""Notices that have not reached an applicant, for the offices: what failed, what may have failed, what to do.

A notice counts as having reached its recipient when a gateway accepted it, when it was opened in the inbox, or
when an officer noted having told the recipient by phone, by post or in person. One that only the inbox brings, to
somebody without an e-mail address and a mobile, waits there for a day before the office has to tell it.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from registry import clock
from registry.cursors import ID, MOMENT, Key, Keyset, Page
from registry.errors import FilingError, NotFound
from registry.jobs import doorbell
from registry.models import Account, Application, Delivery, Notice
from registry.notices.inbox import with_deliveries
from registry.notices.kinds import all_kinds
from registry.notices.notice import DELIVER_TASKS
from registry.rules.workflow.states import Role, StreamKind

PAGE_SIZE = 30
_ORDER = Keyset("unreached", (Key("created_at", MOMENT), Key("id", ID)))

# How long a formal notice that has no other way waits in the inbox to be opened.
INBOX_WAIT = timedelta(days=1)

_State = Delivery.State
# States in which a delivery is not retried automatically.
_UNSENT_FOR_GOOD = (_State.UNKNOWN, _State.GIVEN_UP)
_FAILED = (_State.REFUSED, *_UNSENT_FOR_GOOD)
_PROCEEDINGS = (StreamKind.OBJECTION.value, StreamKind.STRIKING_OFF.value)
_NO_RECIPIENT = "not_the_recipient_any_more"

_log = structlog.get_logger(__name__)


class CannotBeSentAgain(FilingError):
    """The message has been sent, or will be retried automatically."""


def not_reached(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of these notices that have not reached their recipient on any channel."""
    return notices.filter(
        ~_has_delivery(state=_State.SENT),
        _has_delivery(state__in=_FAILED)
        | (Q(kind__in=_formal_kinds(), created_at__lte=clock.now() - INBOX_WAIT) & ~_has_delivery()),
        opened_at__isnull=True,
        told_at__isnull=True,
    )


def waiting_in_inbox(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of these notices that have no way but the inbox, and that their recipient may still open in time there."""
    return notices.filter(
        ~_has_delivery(),
        kind__in=_formal_kinds(),
        created_at__gt=clock.now() - INBOX_WAIT,
        opened_at__isnull=True,
        told_at__isnull=True,
    )


def failed_on_one_channel(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of these notices that reached their recipient, but failed or may have failed on one channel."""
    reached = _has_delivery(state=_State.SENT) | Q(opened_at__isnull=False) | Q(told_at__isnull=False)
    return notices.filter(reached, _has_delivery(state__in=_UNSENT_FOR_GOOD))


def page_of(notices: QuerySet[Notice], cursor: str) -> Page[Notice]:
    """The page of these notices that the cursor asks for, the first one when it is refused; oldest first."""
    found = with_deliveries(notices.select_related("application", "filing", "event"))
    return _ORDER.page_or_start(found, cursor, size=PAGE_SIZE)


def find_notice(notices: QuerySet[Notice], notice_id: uuid.UUID) -> Notice:
    """One of these notices. Raises NotFound."""
    found = notices.select_related("application", "filing", "event", "objection")
    notice = with_deliveries(found).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("notice_unknown")
    return notice


def waiting_to_be_told(notices: QuerySet[Notice]) -> int:
    """How many of these notices have not reached their recipient: as many as `not_reached` lists.

    Counted apart, for the figure beside a link on every page: from the deliveries that failed, which are few, and from
    the unopened notices of a formal kind, which went nowhere where their recipient has no other way.
    """
    failed = Delivery.objects.filter(state__in=_FAILED).exclude(channel=Delivery.Channel.INBOX)
    waiting = notices.filter(opened_at__isnull=True, told_at__isnull=True)
    sent_in_vain = waiting.filter(~_has_delivery(state=_State.SENT), pk__in=failed.values("notice"))
    sent_nowhere = waiting.filter(
        ~_has_delivery(), kind__in=_formal_kinds(), created_at__lte=clock.now() - INBOX_WAIT
    )
    # One has a delivery and the other none: nothing is counted twice.
    return sent_in_vain.values("pk").union(sent_nowhere.values("pk"), all=True).count()


def _formal_kinds() -> list[str]:
    return [kind.code for kind in all_kinds().values() if kind.is_formal]


@transaction.atomic
def send_again(notices: QuerySet[Notice], delivery_id: uuid.UUID, *, by: Account, at: datetime) -> Delivery:
    """Queues a delivery of unknown outcome, or one that was given up, to be sent again at an officer's request.

    Raises NotFound, CannotBeSentAgain.
    """
    delivery = find_delivery(notices, delivery_id, is_locked=True)
    if not may_be_sent_again(delivery):
        raise CannotBeSentAgain("delivery_not_settled_badly", state=delivery.state)
    delivery.state, delivery.attempts, delivery.next_attempt_at = _State.WAITING, 0, at
    delivery.save(update_fields=["state", "attempts", "next_attempt_at"])
    _log.info("sent_again", delivery=str(delivery.pk), by=str(by.pk))
    for task in DELIVER_TASKS.values():
        doorbell.ring_on_commit(task)
    return delivery


def find_delivery(notices: QuerySet[Notice], delivery_id: uuid.UUID, *, is_locked: bool = False) -> Delivery:
    """An outward delivery of one of these notices, locked if asked. Raises NotFound."""
    found = Delivery.objects.filter(pk=delivery_id, notice__in=notices).exclude(
        channel=Delivery.Channel.INBOX
    )
    if is_locked:
        found = found.select_for_update()
    delivery = found.first()
    if delivery is None:
        raise NotFound("delivery_unknown")
    return delivery


def may_be_sent_again(delivery: Delivery) -> bool:
    """Whether only an officer can have the delivery sent again: its outcome is unknown or it was given up."""
    return delivery.state in _UNSENT_FOR_GOOD


def about(cases: QuerySet[Application] | None, *, with_proceedings: bool) -> QuerySet[Notice]:
    """The notices about these cases, of all with None, to those who still act for their applicants.

    `with_proceedings` are those about objections and strikings off too, which the national office alone knows.
    """
    # Of all cases none is looked up: the figure beside the link stands on every page.
    concerned = Q(application__isnull=False) if cases is None else Q(application__in=cases.values("pk"))
    if with_proceedings:
        concerned |= Q(event__stream_kind__in=_PROCEEDINGS)
    return Notice.objects.filter(concerned, account__role=Role.APPLICANT.value).filter(
        ~_has_delivery(last_error=_NO_RECIPIENT)
    )


def _has_delivery(**conditions: object) -> Exists:
    """Whether the notice has a delivery outside the portal that meets the conditions."""
    outward = Delivery.objects.filter(notice=OuterRef("pk")).exclude(channel=Delivery.Channel.INBOX)
    return Exists(outward.filter(**conditions))
