"""Pages of unreached notices: the list, and sending one again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.cursors import PARAMETER, links
from registry.models import Account, Delivery, Notice
from registry.notices import unreached
from registry.notices.inbox import PresentedDelivery, PresentedNotice, present_notice
from registry.notices.subject import subject_of
from registry.rules.workflow.states import StreamKind
from review.access import Office, cases_of, office_of, officer_of

# The lists beside the first, by what `show` says.
_OTHERS = {"reached": unreached.failed_on_one_channel, "inbox": unreached.waiting_in_inbox}


@dataclass(frozen=True, slots=True)
class About:
    """What a notice is about: its subject, whose it is, its number, and its page at the desk."""

    subject: str
    called: str
    reference: str
    url: str
    is_case: bool = False


@require_safe
def not_told_list(request: HttpRequest) -> HttpResponse:
    """The office's notices that reached nobody.

    With `show=reached` those that failed on one channel only, with `show=inbox` those that wait in the inbox alone.
    """
    notices = notices_of(officer_of(request))
    show = request.GET.get("show", "")
    found = _OTHERS.get(show, unreached.not_reached)(notices)
    page = unreached.page_of(found, request.GET.get(PARAMETER, ""))
    context = {
        "rows": [_row(present_notice(notice)) for notice in page.rows],
        "show": show if show in _OTHERS else "",
        **links(request, page),
    }
    return render(request, "review/notices/not_told.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """Resends a message to an applicant after a confirmation."""
    officer = officer_of(request)
    return answer_send_again(
        request,
        notices_of(officer),
        delivery_id,
        by=officer,
        back_url=reverse("review:not_told"),
        crumbs=[{"url": reverse("review:not_told"), "label": _("Not told yet")}],
    )


def answer_send_again(
    request: HttpRequest,
    notices: QuerySet[Notice],
    delivery_id: uuid.UUID,
    *,
    by: Account,
    back_url: str,
    crumbs: Sequence[Mapping[str, str]],
) -> HttpResponse:
    """Resends a message of one of these notices after a confirmation: one with an unknown outcome may arrive twice.

    Raises NotFound, CannotBeSentAgain.
    """
    delivery = unreached.find_delivery(notices, delivery_id)
    if request.method == "POST":
        unreached.send_again(notices, delivery.pk, by=by, at=clock.now())
        messages.success(request, _("The notice is on its way again."))
        return redirect(back_url)
    sent = present_notice(unreached.find_notice(notices, delivery.notice_id))
    context = {
        "sent": sent,
        "way": next(way for way in sent.deliveries if way.delivery.pk == delivery.pk),
        "about": about_of(sent.notice),
        "is_unknown": delivery.state == Delivery.State.UNKNOWN,
        "may_be_sent": unreached.may_be_sent_again(delivery),
        "back_url": back_url,
        "crumbs": [*crumbs, {"url": "", "label": _("Send again")}],
    }
    return render(request, "review/notices/send_again.html", context)


def ways_to_send_again(sent: PresentedNotice) -> list[PresentedDelivery]:
    """The deliveries of a notice that only an officer can have sent again."""
    return [way for way in sent.deliveries if not way.is_inbox and unreached.may_be_sent_again(way.delivery)]


def about_of(notice: Notice) -> About | None:
    """What a notice to an applicant is about; None for one to an objector."""
    application, filing, event = notice.application, notice.filing, notice.event
    if application is not None:
        subject = subject_of(application)
        url = reverse("review:case", args=[application.pk])
        called = application.applicant_called
        words = f"{subject.title} · {subject.detail}"
        return About(words, called, application.receipt_number, url, is_case=True)
    if filing is None or event is None:
        return None
    page = "objection" if event.stream_kind == StreamKind.OBJECTION else "striking_off"
    url = reverse(f"review:{page}", args=[event.stream_id])
    return About(filing.service_name, filing.applicant_name, filing.number or "", url)


def notices_of(officer: Account) -> QuerySet[Notice]:
    """The notices to applicants that the officer's office sends."""
    if office_of(officer) is Office.NATION:
        return unreached.about(None, with_proceedings=True)
    return unreached.about(cases_of(officer), with_proceedings=False)


def _row(each: PresentedNotice) -> dict[str, object]:
    return {"sent": each, "about": about_of(each.notice), "again": ways_to_send_again(each)}
