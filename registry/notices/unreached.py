"""Applicants that a notice has not reached, for the offices: what failed, what may have failed, what to do.

A notice counts as having reached its recipient when a gateway took it over, when it was opened in the inbox,
or when the office has told it otherwise and said how.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.cursors import Position
from registry.errors import FilingError, NotFound
from registry.jobs import doorbell
from registry.models import Account, Application, Delivery, Notice
from registry.notices.inbox import PresentedNotice, present_notices, with_deliveries
from registry.notices.kinds import all_kinds
from registry.notices.notice import DELIVER_TASKS
from registry.rules.workflow.states import Role

PAGE_SIZE = 30

_State = Delivery.State
_SETTLED_BADLY = (_State.UNKNOWN, _State.GIVEN_UP)
_FAILED = (_State.REFUSED, *_SETTLED_BADLY)
_NO_RECIPIENT = "not_the_recipient_any_more"

_log = structlog.get_logger(__name__)


class CannotBeSentAgain(FilingError):
    """The message has been sent, or is on its way by itself."""


def not_reached(cases: QuerySet[Application]) -> QuerySet[Notice]:
    """Notices about these cases that have reached their recipient on no way."""
    formal = [kind.code for kind in all_kinds().values() if kind.is_formal]
    return _about(cases).filter(
        ~_has_way(state=_State.SENT),
        _has_way(state__in=_FAILED) | (Q(kind__in=formal) & ~_has_way()),
        opened_at__isnull=True,
        told_at__isnull=True,
    )


def failed_on_one_channel(cases: QuerySet[Application]) -> QuerySet[Notice]:
    """Notices about these cases that reached their recipient although one way failed, or may have."""
    reached = _has_way(state=_State.SENT) | Q(opened_at__isnull=False) | Q(told_at__isnull=False)
    return _about(cases).filter(reached, _has_way(state__in=_SETTLED_BADLY))


def page_of(notices: QuerySet[Notice], cursor: str) -> tuple[list[PresentedNotice], str]:
    """Oldest first, with what became of each way, and the cursor of the next page, empty on the last."""
    after = Position.parse(cursor)
    if after is not None:
        newer = Q(created_at__gt=after.at) | Q(created_at=after.at, id__gt=after.event_id)
        notices = notices.filter(newer)
    rows = list(
        with_deliveries(notices.select_related("application")).order_by("created_at", "id")[: PAGE_SIZE + 1]
    )
    shown = rows[:PAGE_SIZE]
    last = shown[-1] if len(rows) > PAGE_SIZE else None
    return present_notices(shown), str(Position(last.created_at, last.pk)) if last is not None else ""


def find_notice(cases: QuerySet[Application], notice_id: uuid.UUID) -> Notice:
    """A notice about one of these cases. Raises NotFound."""
    notice = with_deliveries(_about(cases).select_related("application")).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("notice_unknown")
    return notice


def note_told_by_office(notice: Notice, *, how: Notice.ToldHow, note: str, by: Account, at: datetime) -> None:
    """Keeps that an officer told the recipient otherwise; what was noted first stays."""
    Notice.objects.filter(pk=notice.pk, told_at__isnull=True).update(
        told_how=how.value, told_note=note.strip(), told_by=by, told_at=at
    )


@transaction.atomic
def send_again(
    cases: QuerySet[Application], delivery_id: uuid.UUID, *, by: Account, at: datetime
) -> Delivery:
    """Puts a message whose fate is unknown, or that was given up, on its way anew, because an officer says so.

    Raises NotFound, CannotBeSentAgain.
    """
    delivery = find_delivery(cases, delivery_id, is_locked=True)
    if delivery.state not in _SETTLED_BADLY:
        raise CannotBeSentAgain("delivery_not_settled_badly", state=delivery.state)
    delivery.state, delivery.attempts, delivery.next_attempt_at = _State.WAITING, 0, at
    delivery.save(update_fields=["state", "attempts", "next_attempt_at"])
    _log.info("sent_again", delivery=str(delivery.pk), by=str(by.pk))
    for task in DELIVER_TASKS.values():
        doorbell.ring_on_commit(task)
    return delivery


def find_delivery(
    cases: QuerySet[Application], delivery_id: uuid.UUID, *, is_locked: bool = False
) -> Delivery:
    """A way of a notice about one of these cases. Raises NotFound."""
    found = Delivery.objects.filter(pk=delivery_id, notice__in=_about(cases)).exclude(
        channel=Delivery.Channel.INBOX
    )
    if is_locked:
        found = found.select_for_update()
    delivery = found.first()
    if delivery is None:
        raise NotFound("delivery_unknown")
    return delivery


def may_be_sent_again(delivery: Delivery) -> bool:
    return delivery.state in _SETTLED_BADLY


def _about(cases: QuerySet[Application]) -> QuerySet[Notice]:
    return Notice.objects.filter(
        application__in=cases.values("pk"), account__role=Role.APPLICANT.value
    ).filter(~_has_way(last_error=_NO_RECIPIENT))


def _has_way(**conditions: object) -> Exists:
    """Whether a way outside the portal fulfils the conditions."""
    ways = Delivery.objects.filter(notice=OuterRef("pk")).exclude(channel=Delivery.Channel.INBOX)
    return Exists(ways.filter(**conditions))
