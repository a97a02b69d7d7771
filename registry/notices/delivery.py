"""Sends the deliveries of notices: each message at most once per channel, whatever gateway or process fails.

A delivery is marked `sending` and committed before its gateway is called. A refused one is retried later; one of
unknown outcome, because no answer came or the process died, is never retried automatically.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from registry import clock
from registry.gateways.mail import hand_over_mail
from registry.gateways.sms import Handover, Message, hand_over
from registry.models import Account, Delivery, Notice
from registry.notices.kinds import kind_of
from registry.notices.notice import inbox_of
from registry.notices.recipients import addresses_of

# The wait after each refused attempt; a delivery that is refused once more after these is given up.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
# No task lives this long: a delivery that is still being sent by then was interrupted.
INTERRUPTED_AFTER = timedelta(minutes=11)
# A gateway that has kept one job waiting for `_STUCK_AFTER` is not called by a second job at the same time. After
# `_STUCK_AT_MOST` it is called again, so that a killed job does not block its channel.
_STUCK_AFTER, _STUCK_AT_MOST = timedelta(seconds=3), timedelta(minutes=1)
# A sweep ends after this time or after this many refusals in a row; the next sweep continues.
_SWEEP_SECONDS = 20.0
_REFUSALS_IN_A_ROW = 5

_State = Delivery.State

_log = structlog.get_logger(__name__)


def sweep(channel: Delivery.Channel) -> int:
    """Sends the deliveries due on a channel, oldest first; gives how many messages the gateway accepted."""
    settle_interrupted(clock.now())
    sent, refused, ends_at = 0, 0, time.monotonic() + _SWEEP_SECONDS
    while time.monotonic() < ends_at and refused < _REFUSALS_IN_A_ROW:
        at = clock.now()
        if _is_gateway_stuck(channel, at):
            break
        delivery = take_next(channel, at=at)
        if delivery is None:
            break
        outcome = send(delivery)
        record_outcome(delivery, outcome, at=clock.now())
        sent += outcome.sent
        refused = 0 if outcome.sent else refused + 1
    return sent


def settle_interrupted(at: datetime) -> int:
    """Marks deliveries that were interrupted while being sent as of unknown outcome; gives how many."""
    interrupted = Delivery.objects.filter(state=_State.SENDING, started_at__lte=at - INTERRUPTED_AFTER)
    return interrupted.update(state=_State.UNKNOWN, last_error="interrupted")


@transaction.atomic
def take_next(channel: Delivery.Channel, *, at: datetime) -> Delivery | None:
    """Marks the delivery that has been due longest as being sent and gives it; None when none is due.

    On PostgreSQL a row locked by another job is skipped.
    """
    found = Delivery.objects.filter(channel=channel.value, next_attempt_at__lte=at)
    delivery = found.order_by("next_attempt_at", "id").select_for_update(skip_locked=True).first()
    if delivery is None:
        return None
    delivery.state, delivery.started_at, delivery.next_attempt_at = _State.SENDING, at, None
    delivery.attempts += 1
    delivery.save(update_fields=["state", "started_at", "next_attempt_at", "attempts"])
    return delivery


def send(delivery: Delivery) -> Handover:
    """Hands one message to its gateway; call outside a transaction. An unexpected error is an unknown outcome."""
    notice = Notice.objects.select_related("account", "objection").get(pk=delivery.notice_id)
    if not _is_still_for(notice, notice.account):
        return Handover(sent=False, detail="not_the_recipient_any_more")
    address = addresses_of(notice).get(delivery.channel)
    if address is None:
        return Handover(sent=False, detail="no_address")
    try:
        if delivery.channel == Delivery.Channel.EMAIL:
            return hand_over_mail(_mail(notice, address))
        return hand_over(_text_message(notice, address))
    except Exception as error:
        _log.exception("delivery_broke", delivery=str(delivery.pk))
        return Handover(sent=False, detail=type(error).__name__, is_known=False)


@transaction.atomic
def record_outcome(delivery: Delivery, outcome: Handover, *, at: datetime) -> None:
    """Stores the outcome of an attempt; a delivery that is given up falls back to an unused channel."""
    state, next_attempt_at = _after(delivery, outcome, at)
    still_this_attempt = Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state__in=(_State.SENDING, _State.UNKNOWN)
    )
    changed = still_this_attempt.update(
        state=state,
        next_attempt_at=next_attempt_at,
        sent_at=at if outcome.sent else None,
        last_error="" if outcome.sent else outcome.detail[:120],
        gateway_reference=outcome.gateway_reference[:120],
    )
    if changed and state is _State.GIVEN_UP and outcome.detail != "not_the_recipient_any_more":
        _fall_back(delivery, at=at)
    _log.info(
        "delivery",
        delivery=str(delivery.pk),
        channel=delivery.channel,
        state=state.value,
        attempt=delivery.attempts,
        detail=outcome.detail,
    )


def _after(delivery: Delivery, outcome: Handover, at: datetime) -> tuple[Delivery.State, datetime | None]:
    """The delivery's state after an attempt, and when to try again (None: never)."""
    if outcome.sent:
        return _State.SENT, None
    if not outcome.is_known:
        return _State.UNKNOWN, None
    can_change = outcome.detail not in ("no_address", "not_the_recipient_any_more")
    if can_change and delivery.attempts <= len(BACK_OFF):
        return _State.REFUSED, at + BACK_OFF[delivery.attempts - 1]
    return _State.GIVEN_UP, None


def _fall_back(delivery: Delivery, *, at: datetime) -> None:
    """Creates deliveries on the recipient's other channels that the notice has not used yet."""
    notice = Notice.objects.select_related("account", "objection").get(pk=delivery.notice_id)
    taken = set(Delivery.objects.filter(notice=delivery.notice_id).values_list("channel", flat=True))
    unused = [channel for channel in addresses_of(notice) if channel not in taken]
    if not notice.sms:
        unused = [channel for channel in unused if channel != Delivery.Channel.SMS]
    Delivery.objects.bulk_create(
        [
            Delivery(notice_id=delivery.notice_id, channel=channel, is_fallback=True, next_attempt_at=at)
            for channel in unused
        ],
        ignore_conflicts=True,
    )


def _is_gateway_stuck(channel: Delivery.Channel, at: datetime) -> bool:
    """Whether another job is still waiting for this gateway's answer."""
    waiting = Delivery.objects.filter(
        channel=channel.value,
        state=_State.SENDING,
        started_at__gt=at - _STUCK_AT_MOST,
        started_at__lte=at - _STUCK_AFTER,
    )
    return waiting.exists()


def _is_still_for(notice: Notice, account: Account | None) -> bool:
    """Whether an account may still read its notice; an objector, who has none, always may."""
    if account is None:
        return True
    return account.is_active and inbox_of(account).filter(pk=notice.pk).exists()


def _mail(notice: Notice, address: str) -> EmailMessage:
    """The notice as an e-mail with a fixed Message-ID, by which mailboxes recognise a duplicate."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        notice.subject,
        notice.body,
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers={"Message-ID": f"<notice.{notice.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def _text_message(notice: Notice, address: str) -> Message:
    template_code = kind_of(notice.kind).sms_template_code(notice.language)
    return Message(address, template_code, notice.sms_parameters, notice.sms)
