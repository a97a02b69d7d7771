"""The page on which a signed review form is filed with its case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from registry import clock
from registry.errors import AttachmentRefused
from registry.gateways.addresses import counted_address
from registry.labels.files import refusal_message, with_limits
from registry.models import Account, Application, SignedForm
from registry.models.signed_form import LONGEST_SIGNER
from registry.presentation.day_fields import DayField
from registry.presentation.file_rows import asking_again, file_row
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import LineField
from registry.rules.particulars.definitions import UPLOAD_CHOICE
from review.access import find_case, is_at_desk, officer_of
from review.queue.lists import way_back
from review.review_forms.signed_forms import SignedFormRefused, file_signed_form, forms_of, is_missing

# The element that is taken anew while a scan is being read.
_ELEMENT = "signed-forms"
_REFUSALS: Mapping[str, Promise] = {
    "not_at_this_desk": gettext_lazy(
        "The case does not lie at your office now, so nothing can be noted on it."
    ),
    "materials_moved_on": gettext_lazy(
        "The applicant has handed in other materials since this page was opened. Look at them; the form has to be "
        "signed about them."
    ),
    "signer_missing": gettext_lazy("Give the name and the office title of who signed."),
    "signed_in_the_future": gettext_lazy("This day has not come yet. Give the day on which it was signed."),
    "signed_before_materials": gettext_lazy(
        "The materials were handed in later than this. Check the day; a form signed about earlier materials does "
        "not count for them."
    ),
}
_FIELDS: Mapping[str, str] = {
    "signed_in_the_future": "signed_on",
    "signed_before_materials": "signed_on",
    "signer_missing": "signer_name",
}


class SignedFormForm(NamedForm):
    """Who signed the review form and when, with its scan; bound to the materials that were on the page."""

    signer_name = LineField(
        label=gettext_lazy("Name of who signed"),
        max_length=LONGEST_SIGNER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "zh-CN"}),
    )
    signer_title = LineField(
        label=gettext_lazy("Office title"),
        max_length=LONGEST_SIGNER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "zh-CN"}),
    )
    signed_on = DayField(
        label=gettext_lazy("Day on which it was signed"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    scan = forms.FileField(
        label=gettext_lazy("Scan of the signed review form"),
        help_text=with_limits(
            gettext_lazy("PDF, JPEG, PNG, HEIC, WebP or TIFF, at most %(megabytes)s MB each.")
        ),
        widget=forms.FileInput(attrs={"accept": UPLOAD_CHOICE}),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def signed_form(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The signed forms of a case, and the form to file another while the case lies at the office."""
    officer, at = officer_of(request), clock.now()
    application = find_case(officer, application_id)
    if request.method != "POST":
        kept = kept_form(request)
        if kept is None:
            return _page(request, application, SignedFormForm(initial=_begun(application, officer)))
        form = SignedFormForm(initial={**kept.dict(), "revision": application.revision_number})
        return _page(request, application, form, is_restored=True)
    form = SignedFormForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, application, form, status=HTTPStatus.BAD_REQUEST)
    given = form.cleaned_data
    try:
        file_signed_form(
            application,
            officer=officer,
            seen_revision=given["revision"],
            signer_name=given["signer_name"],
            signer_title=given["signer_title"],
            signed_on=given["signed_on"],
            file=given["scan"],
            sender=counted_address(request),
            at=at,
        )
    except SignedFormRefused as refusal:
        form.add_error(_FIELDS.get(refusal.code), str(_REFUSALS[refusal.code]))
        return _page(request, application, form, status=HTTPStatus.CONFLICT)
    except AttachmentRefused as refusal:
        form.add_error("scan", str(refusal_message(refusal)))
        return _page(request, application, form, status=HTTPStatus.BAD_REQUEST)
    forget_form(request)
    messages.success(request, _("The signed form is filed with the case. It counts once its scan was read."))
    return redirect("review:signed_form", application_id=application_id)


def _begun(application: Application, officer: Account) -> dict[str, Any]:
    """What the form begins with: after a scan that could not be read, what was given with it."""
    last = next(iter(forms_of(application, officer)), None)
    begun: dict[str, Any] = {"revision": application.revision_number}
    if last is not None and last.scan.state == last.scan.State.REFUSED and _counts_here(last, application):
        begun |= {
            "signer_name": last.signer_name,
            "signer_title": last.signer_title,
            "signed_on": last.signed_on,
        }
    return begun


def _page(
    request: HttpRequest,
    application: Application,
    form: SignedFormForm,
    *,
    status: int = HTTPStatus.OK,
    is_restored: bool = False,
) -> HttpResponse:
    officer = officer_of(request)
    own_url = reverse("review:signed_form", args=[application.pk])
    filed = forms_of(application, officer)
    rows = asking_again((file_row(each.scan) for each in filed), poll_url=own_url, poll_list=_ELEMENT)
    is_here = is_at_desk(application, officer)
    if is_here and form.is_bound and form.errors:
        # What is sent again is about the materials that the page shows now.
        sent = request.POST.copy()
        sent["revision"] = str(application.revision_number)
        form.data = sent
    context: dict[str, Any] = {
        "application": application,
        "form": form if is_here else None,
        "element": _ELEMENT,
        "own_url": own_url,
        "filed": [
            {"form": each, "file": row, "counts": _counts_here(each, application)}
            for each, row in zip(filed, rows, strict=True)
        ],
        "is_reading": any(row["is_reading"] for row in rows),
        "is_missing": is_here and is_missing(application, officer),
        "is_restored": is_restored,
        "crumbs": [
            way_back(request),
            {"url": reverse("review:case", args=[application.pk]), "label": application.receipt_number},
            {"url": "", "label": _("Signed review form")},
        ],
    }
    return render(request, "review/review_forms/signed_form.html", context, status=status)


def _counts_here(form: SignedForm, application: Application) -> bool:
    """Whether the form is about the materials that the case has now."""
    return form.revision_number == application.revision_number
