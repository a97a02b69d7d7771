"""The inbox pages of both desks: the list, unread notices first, and one notice with its deliveries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from registry import clock
from registry.cursors import ID, MOMENT, PARAMETER, YES_OR_NO, Key, Keyset, Page, links
from registry.labels.masking import mask_email, mask_phone
from registry.labels.telephone import telephone
from registry.models import Account, Application, Delivery, Notice
from registry.notices.delivery_words import CHANNEL_LABELS, cause_label, outcome_label, outcome_tone
from registry.notices.notice import inbox_of, open_notice
from registry.rules.workflow.states import Role

PAGE_SIZE = 20
# Unread notices first, then the newest.
_ORDER = Keyset(
    "inbox",
    (Key("is_read", YES_OR_NO), Key("created_at", MOMENT, falls=True), Key("id", ID, falls=True)),
)


@dataclass(frozen=True, slots=True)
class PresentedDelivery:
    """One delivery of a notice, as `includes/notice_ways.html` shows it; the address is masked."""

    delivery: Delivery
    label: Promise
    address: str
    tone: str
    outcome: Promise
    cause: Promise | str

    @property
    def is_inbox(self) -> bool:
        return self.delivery.channel == Delivery.Channel.INBOX


@dataclass(frozen=True, slots=True)
class PresentedNotice:
    """A notice with its deliveries, the inbox first."""

    notice: Notice
    deliveries: tuple[PresentedDelivery, ...]


def show_list(
    request: HttpRequest,
    notices: QuerySet[Notice],
    *,
    base: str,
    room: str,
    template: str = "inbox/list.html",
) -> HttpResponse:
    """The list of these notices; `base` is the desk's base template, `room` its URL namespace."""
    page = page_of_notices(notices, request.GET.get(PARAMETER, ""))
    context = {"base": base, "rows": page.rows, "notice_url": f"{room}:notice", **links(request, page)}
    return render(request, template, context)


def show_notice(request: HttpRequest, notice_id: uuid.UUID, *, base: str, room: str) -> HttpResponse:
    """One notice as it was sent, marked as opened. Raises Http404 for a notice outside the inbox."""
    found = with_deliveries(inbox_of(cast(Account, request.user)).filter(pk=notice_id)).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        open_notice(found, at=clock.now())
    context: dict[str, Any] = {"base": base, "sent": present_notice(found), "inbox_url": f"{room}:inbox"}
    return render(request, "inbox/notice.html", context)


def page_of_notices(notices: QuerySet[Notice], cursor: str) -> Page[Notice]:
    """The page of these notices that the cursor asks for, the first one when it is refused; unread notices first."""
    is_read = ExpressionWrapper(Q(opened_at__isnull=False), output_field=BooleanField())
    found = notices.annotate(is_read=is_read).defer("body", "sms", "sms_parameters")
    return _ORDER.page_or_start(found, cursor, size=PAGE_SIZE)


def applicant_notices_about(application: Application) -> list[PresentedNotice]:
    """Every notice about an application to its applicant's members, former ones too, newest first."""
    found = Notice.objects.filter(application=application, account__role=Role.APPLICANT.value)
    return present_notices(with_deliveries(found).order_by("-created_at", "account_id"))


def with_deliveries(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Fetches the recipient and deliveries that `present_notice` reads."""
    return notices.select_related("account", "told_by").prefetch_related("deliveries")


def present_notices(notices: Iterable[Notice]) -> list[PresentedNotice]:
    return [present_notice(notice) for notice in notices]


def present_notice(notice: Notice) -> PresentedNotice:
    """A notice with its deliveries in words; fetch it by `with_deliveries`."""
    return PresentedNotice(
        notice,
        tuple(
            PresentedDelivery(
                delivery,
                CHANNEL_LABELS[delivery.channel],
                _address(notice.account, delivery),
                outcome_tone(delivery),
                outcome_label(delivery),
                cause_label(delivery),
            )
            for delivery in sorted(notice.deliveries.all(), key=_place)
        ),
    )


def _place(delivery: Delivery) -> int:
    """The position of a delivery among the others: the inbox first."""
    return list(CHANNEL_LABELS).index(delivery.channel)


def _address(account: Account | None, delivery: Delivery) -> str:
    """The masked address; empty for an objector, of whom pages say nothing."""
    if account is None:
        return ""
    if delivery.channel == Delivery.Channel.EMAIL and account.email:
        return mask_email(account.email)
    if delivery.channel == Delivery.Channel.SMS and account.mobile:
        return mask_phone(telephone(account.mobile))
    return ""
