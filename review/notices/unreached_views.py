"""Pages of unreached notices: the list, recording that the office notified the applicant itself, and resending."""

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
from registry.errors import AttachmentRefused, StorageFull
from registry.files.views import evidence_answer
from registry.labels.states import refusal_message
from registry.models import Account, Delivery, Notice, Telling
from registry.notices import unreached
from registry.notices.inbox import PresentedDelivery, PresentedNotice, present_notice
from registry.notices.subject import subject_of
from registry.presentation.kept_forms import forget_form, kept_form
from registry.rules.workflow.states import StreamKind
from registry.storage import evidence
from registry.storage.evidence import TELLING_FILES
from review.access import Office, cases_of, office_of, officer_of
from review.notices.forms import NotifiedByOfficeForm, ToldByOfficeForm

_REACHED = "reached"


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
    """The office's notices that reached nobody, or with `show=reached` those that failed on one channel only."""
    notices = notices_of(officer_of(request))
    is_other = request.GET.get("show") == _REACHED
    found = unreached.failed_on_one_channel(notices) if is_other else unreached.not_reached(notices)
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
    notice = unreached.find_notice(notices_of(officer), notice_id)
    kept = kept_form(request) if request.method != "POST" else None
    form = NotifiedByOfficeForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=kept.dict() if kept is not None else None,
        notice=notice,
        officer=officer,
        at=clock.now(),
    )
    if request.method == "POST" and note_telling(form, notice, by=officer):
        forget_form(request)
        messages.success(request, _("Noted: the applicant has been told."))
        return redirect("review:not_told")
    context = {
        "form": form,
        "sent": present_notice(notice),
        "about": about_of(notice),
        "telling": telling_of(notice),
        "is_restored": kept is not None,
    }
    return render(request, "review/notices/told.html", context, status=400 if form.is_bound else 200)


def note_telling(form: ToldByOfficeForm, notice: Notice, *, by: Account) -> bool:
    """Records what the form says with its files; gives whether it was recorded, else the form says why not."""
    if not form.is_valid():
        return False
    try:
        files = evidence.check(form.cleaned_data["proof"])
        unreached.note_told_by_office(notice, form.told, by=by, at=clock.now(), files=files)
    except (AttachmentRefused, StorageFull) as error:
        form.add_error("proof", str(refusal_message(error)))
        return False
    return True


def telling_of(notice: Notice) -> Telling | None:
    """How the office told the recipient of a notice itself; None when it did not."""
    found = Telling.objects.filter(notice=notice).select_related("told_by", "noted_by")
    return found.prefetch_related("files").first()


@require_safe
def telling_file(request: HttpRequest, notice_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file that proves that the recipient of a notice was told, as a download."""
    notice = unreached.find_notice(notices_of(officer_of(request)), notice_id)
    return evidence_answer(TELLING_FILES, pk=file_id, telling__notice=notice)


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
    return unreached.about(cases_of(officer), with_proceedings=office_of(officer) is Office.NATION)


def _row(each: PresentedNotice) -> dict[str, object]:
    return {"sent": each, "about": about_of(each.notice), "again": ways_to_send_again(each)}
