"""The form of a statement, and the way it takes to the office."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.errors import AttachmentRefused, MemberActRefused, StorageFull, TransitionNotAllowed
from registry.labels.states import refusal_message
from registry.presentation.held_fields import HoldsFiles
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.text_fields import ProseField

_LONGEST = 4000


class StatementForm(HoldsFiles):
    """What the applicant states."""

    text = ProseField(
        label=gettext_lazy("Your statement"),
        max_length=_LONGEST,
        help_text=gettext_lazy("Facts and reasons. It can be sent once, and the office reads it as it is."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


def statement_page(
    request: HttpRequest,
    form_class: type[StatementForm],
    *,
    show: Callable[[StatementForm, str, int], HttpResponse],
    send: Callable[[dict[str, Any]], None],
) -> HttpResponse:
    """Shows the form, or sends what it holds: what was typed stays on the page until it is recorded.

    `show` gives the page as it is then, with the form, a refusal and the status.
    """
    if request.method != "POST":
        kept = kept_form(request)
        return show(form_class(initial=kept.dict() if kept is not None else None), "", HTTPStatus.OK)
    form = form_class(request.POST, request.FILES)
    form.hold_for(request)
    if not form.is_valid():
        form.keep_files(request)
        return show(form, "", HTTPStatus.BAD_REQUEST)
    try:
        send(form.cleaned_data)
    except (AttachmentRefused, StorageFull) as error:
        form.add_error("evidence", str(refusal_message(error)))
        form.keep_files(request)
        return show(form, "", HTTPStatus.BAD_REQUEST)
    except (TransitionNotAllowed, MemberActRefused) as error:
        form.keep_files(request)
        return show(form, str(refusal_message(error)), HTTPStatus.CONFLICT)
    forget_form(request)
    form.forget_files()
    messages.success(request, _("Your statement has been sent to the office."))
    return redirect(request.path)
