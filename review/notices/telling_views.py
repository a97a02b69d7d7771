"""Pages on which an officer notes that the office told the recipient of a notice itself, and what proves it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import clock
from registry.errors import AttachmentRefused, NotFound, StorageFull
from registry.files.views import evidence_answer
from registry.gateways.addresses import counted_address
from registry.labels.states import refusal_message
from registry.models import Account, Notice, Telling
from registry.notices import tellings
from registry.notices.inbox import present_notice
from registry.notices.tellings import TellingRefused, page_of
from registry.notices.unreached import find_notice
from registry.presentation.evidence_block import Addresses, evidence_block
from registry.presentation.evidence_field import ReplacementForm, read_again
from registry.presentation.kept_forms import forget_form, kept_form
from registry.storage import evidence
from registry.storage.evidence import TELLING_FILES
from review.access import Office, national_officer, office_of, officer_of
from review.notices.forms import NotifiedByOfficeForm, ObjectorToldForm, ToldByOfficeForm
from review.notices.unreached_views import about_of, notices_of


@dataclass(frozen=True, slots=True)
class _Page:
    """What the pages of the two kinds of recipients differ in; `back` is where a note leads, once it is recorded."""

    template: str
    form: type[ToldByOfficeForm]
    noted: Promise
    back: str
    context: Mapping[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Records how the office notified the applicant itself, for instance by phone."""
    officer = officer_of(request)
    return _answer(request, find_notice(notices_of(officer), notice_id), officer)


@require_http_methods(["GET", "HEAD", "POST"])
def objector_told(request: HttpRequest, objection_id: uuid.UUID, notice_id: uuid.UUID) -> HttpResponse:
    """Records how the office told the objector itself, by post for instance."""
    officer = national_officer(request)
    return _answer(request, find_notice(Notice.objects.filter(objection=objection_id), notice_id), officer)


@require_safe
def telling_file(request: HttpRequest, notice_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file that proves that the recipient of a notice was told, as a download."""
    notice = _find(officer_of(request), notice_id)
    return evidence_answer(TELLING_FILES, pk=file_id, telling__notice=notice)


@require_POST
def replace_telling_file(request: HttpRequest, notice_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Puts another file in the place of one that could not be read."""
    officer, sender = officer_of(request), counted_address(request)
    notice = _find(officer, notice_id)
    telling, form = _telling_of(notice), ReplacementForm(request.POST, request.FILES, file_id=file_id)
    if form.put(
        lambda file: tellings.replace_file(telling, file_id, file, by=officer, sender=sender, at=clock.now()),
        TellingRefused,
    ):
        return redirect(page_of(notice))
    return _show(request, notice, replacing={file_id: form}, status=form.status)


@require_POST
def read_telling_file_again(request: HttpRequest, notice_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Has a file read once more whose reading broke off."""
    notice, sender = _find(officer_of(request), notice_id), counted_address(request)
    telling = _telling_of(notice)
    read_again(
        request,
        lambda: tellings.read_file_again(telling, file_id, sender=sender, at=clock.now()),
        TellingRefused,
    )
    return redirect(page_of(notice))


# ---------------------------------------------------------------- parts of the pages


def _answer(request: HttpRequest, notice: Notice, officer: Account) -> HttpResponse:
    """The page with its form; a form that is recorded leads back to where the notice is listed."""
    page, kept = _page_for(notice), kept_form(request) if request.method != "POST" else None
    form = page.form(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=kept.dict() if kept is not None else None,
        notice=notice,
        officer=officer,
        at=clock.now(),
    )
    if request.method == "POST" and _note(form, notice, by=officer, sender=counted_address(request)):
        forget_form(request)
        messages.success(request, str(page.noted))
        return redirect(page.back)
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return _show(request, notice, form=form, is_restored=kept is not None, status=status)


def _note(form: ToldByOfficeForm, notice: Notice, *, by: Account, sender: str) -> bool:
    """Records what the form says with its files; gives whether it was recorded, else the form says why not."""
    if not form.is_valid():
        return False
    try:
        files = evidence.take(form.cleaned_data["proof"])
        tellings.note_told_by_office(notice, form.told, by=by, at=clock.now(), files=files, sender=sender)
    except (AttachmentRefused, StorageFull) as error:
        form.add_error("proof", str(refusal_message(error)))
        return False
    return True


def _show(
    request: HttpRequest,
    notice: Notice,
    *,
    form: ToldByOfficeForm | None = None,
    is_restored: bool = False,
    replacing: Mapping[uuid.UUID, ReplacementForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page: the form, or what was noted. `replacing` are forms for files that were refused, by these files."""
    page, sent = _page_for(notice), replacing or {}
    telling = Telling.objects.filter(notice=notice).select_related("told_by", "noted_by").first()
    files = tellings.files_of(telling) if telling is not None else []
    context = {
        "form": form,
        "sent": present_notice(notice),
        "telling": telling,
        "evidence": evidence_block(files, _addresses(notice), sent=sent),
        "refusal": next((each.refusal_text for each in sent.values()), ""),
        "is_restored": is_restored,
        **page.context,
    }
    return render(request, page.template, context, status=status)


def _addresses(notice: Notice) -> Addresses:
    def at(name: str) -> Callable[[uuid.UUID], str]:
        return lambda file_id: reverse(f"review:{name}", args=[notice.pk, file_id])

    return Addresses(
        page_of(notice),
        element="evidence-files",
        opens=at("telling_file"),
        replaces=at("replace_telling_file"),
        reads_again=at("read_telling_file_again"),
    )


def _page_for(notice: Notice) -> _Page:
    if notice.objection is None:
        return _Page(
            template="review/notices/told.html",
            form=NotifiedByOfficeForm,
            noted=gettext_lazy("Noted: the applicant has been told."),
            back=reverse("review:not_told"),
            context={"about": about_of(notice)},
        )
    back = reverse("review:objection", args=[notice.objection.pk])
    crumbs = [
        {"url": reverse("review:objections"), "label": _("Objections")},
        {"url": back, "label": notice.objection.receipt_number},
        {"url": "", "label": _("Note that it was told")},
    ]
    return _Page(
        template="review/notices/objector_told.html",
        form=ObjectorToldForm,
        noted=gettext_lazy("Noted: the objector has been told."),
        back=back,
        context={"crumbs": crumbs, "back_url": back},
    )


def _find(officer: Account, notice_id: uuid.UUID) -> Notice:
    """A notice whose recipient the officer's office tells: those of its cases, and the national office objectors."""
    concerned = Q(pk__in=notices_of(officer).values("pk"))
    if office_of(officer) is Office.NATION:
        concerned |= Q(objection__isnull=False)
    return find_notice(Notice.objects.filter(concerned), notice_id)


def _telling_of(notice: Notice) -> Telling:
    found = Telling.objects.filter(notice=notice).select_related("notice").first()
    if found is None:
        raise NotFound("file_unknown")
    return found
