"""Pages of unreached notices: the list, recording that the office notified the applicant itself, and resending."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.cursors import PARAMETER, links
from registry.models import Delivery, Notice
from registry.notices import unreached
from registry.notices.inbox import PresentedNotice, present_notice
from registry.presentation.kept_forms import forget_form, kept_form
from review.access import cases_of, officer_of
from review.notices.forms import NotifiedByOfficeForm

_REACHED = "reached"


@require_safe
def not_told_list(request: HttpRequest) -> HttpResponse:
    """The office's notices that reached nobody, or with `show=reached` those that failed on one channel only."""
    cases = cases_of(officer_of(request))
    is_other = request.GET.get("show") == _REACHED
    found = unreached.failed_on_one_channel(cases) if is_other else unreached.not_reached(cases)
    page = unreached.page_of(found, request.GET.get(PARAMETER, ""))
    context = {
        "rows": [_row(present_notice(notice)) for notice in page.rows],
        "is_other": is_other,
        **links(request, page),
    }
    return render(request, "review/notices/not_told.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Records how the office notified the recipient itself, for instance by phone."""
    officer = officer_of(request)
    notice = unreached.find_notice(cases_of(officer), notice_id)
    kept = kept_form(request) if request.method != "POST" else None
    form = NotifiedByOfficeForm(request.POST or None, initial=kept.dict() if kept is not None else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        how = Notice.ToldHow(data["how"])
        unreached.note_told_by_office(notice, how=how, note=data["note"], by=officer, at=clock.now())
        forget_form(request)
        messages.success(request, _("Noted: the applicant has been told."))
        return redirect("review:not_told")
    context = {
        "form": form,
        "sent": present_notice(notice),
        "application": notice.application,
        "is_restored": kept is not None,
    }
    return render(request, "review/notices/told.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """Resends a message after a confirmation, because one with an unknown outcome may arrive twice."""
    officer = officer_of(request)
    cases = cases_of(officer)
    delivery = unreached.find_delivery(cases, delivery_id)
    if request.method == "POST":
        unreached.send_again(cases, delivery.pk, by=officer, at=clock.now())
        messages.success(request, _("The notice is on its way again."))
        return redirect("review:not_told")
    notice = unreached.find_notice(cases, delivery.notice_id)
    way = next(way for way in present_notice(notice).deliveries if way.delivery.pk == delivery.pk)
    context = {
        "sent": present_notice(notice),
        "way": way,
        "application": notice.application,
        "is_unknown": delivery.state == Delivery.State.UNKNOWN,
        "may_be_sent": unreached.may_be_sent_again(delivery),
    }
    return render(request, "review/notices/send_again.html", context)


def _row(each: PresentedNotice) -> dict[str, object]:
    return {
        "sent": each,
        "application": each.notice.application,
        "again": [
            way for way in each.deliveries if not way.is_inbox and unreached.may_be_sent_again(way.delivery)
        ],
    }
