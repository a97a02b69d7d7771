"""The page 备案状态查询: where an application stands, for who has its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registry.book.application_status import ApplicationStatus, status_for_holder
from registry.labels.date_format import last_day
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.publication.record import receipt_number_meant
from registry.rules.days.deadlines import Deadline
from registry.rules.workflow.decision_clock import UNDELIVERED
from registry.rules.workflow.states import OPEN_STATES, Standing, State

_NOT_TAKEN_UP = gettext_lazy("The materials are received. The office has not begun to examine them.")
_SENTENCES: Mapping[str, Promise] = {
    **dict.fromkeys(OPEN_STATES, gettext_lazy("The office is examining the materials.")),
    State.APPROVED: gettext_lazy("The office has decided: what was applied for is approved."),
    Standing.AWAITING_NUMBER: gettext_lazy("The office has approved the filing. Its number is being issued."),
    UNDELIVERED: gettext_lazy(
        "The office has decided, and its notice has not been delivered yet. It stands, once signed in, on the page of "
        "the application."
    ),
    State.REJECTED: gettext_lazy(
        "The office has returned the application with its reasons. They stand in the notice to the applicant and, "
        "once signed in, on the page of the application."
    ),
    State.WITHDRAWN: gettext_lazy("The application was withdrawn, and the office does not decide on it."),
    State.LAPSED: gettext_lazy("The application was not submitted again in time, and has lapsed."),
}


class StatusForm(forms.Form):
    """The two things that only who holds the receipt knows together."""

    receipt_number = forms.CharField(
        label=gettext_lazy("Receipt number"),
        max_length=100,
        help_text=gettext_lazy("As on the acceptance receipt, for example 2026-44-000123."),
        error_messages={"required": gettext_lazy("Give the receipt number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Query code"),
        max_length=100,
        help_text=gettext_lazy("Eight letters and digits beside the receipt number on the receipt."),
        error_messages={"required": gettext_lazy("Give the query code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )

    def clean_receipt_number(self) -> str:
        number = receipt_number_meant(self.cleaned_data["receipt_number"])
        if not number:
            raise forms.ValidationError(
                _(
                    "This is not a receipt number. It has a year, a province and six digits, such as 2026-44-000123."
                )
            )
        return number


@require_http_methods(["GET", "HEAD", "POST"])
@limited
@never_cache
def filing_status(request: HttpRequest) -> HttpResponse:
    """Asks for both; posted, the status, or one and the same answer to whatever does not belong together."""
    context: dict[str, Any] = {"crumbs": crumbs((_("Filing status"), ""))}
    if request.method != "POST":
        context["form"] = StatusForm(initial={"receipt_number": request.GET.get("receipt", "")[:100]})
        return page_of(request, "registry/filing_status.html", context)
    form = StatusForm(request.POST)
    context["form"] = form
    if not form.is_valid():
        return page_of(
            request, "registry/filing_status.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    found = status_for_holder(form.cleaned_data["receipt_number"], code=form.cleaned_data["code"])
    context |= {"is_answered": True, "status": found, "sentence": _sentence(found)}
    if found is not None:
        context |= {"due": _last_day(found.due), "answer_by": _last_day(found.answer_by)}
    return page_of(request, "registry/filing_status.html", context)


def _last_day(deadline: Deadline | None) -> str:
    return "" if deadline is None else last_day(deadline.due_on, provisional=deadline.provisional)


def _sentence(found: ApplicationStatus | None) -> str:
    """What the status means; empty where there is none."""
    if found is None:
        return ""
    is_waiting = found.is_open and not found.is_taken_up
    return str(_NOT_TAKEN_UP if is_waiting else _SENTENCES[found.code])
