"""The confirmation page for withdrawing an application or an approved cancellation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from applicants.applications import status as application_view
from applicants.drafts.pages.frame import account_of, crumbs
from registry.errors import FilingError, TransitionNotAllowed
from registry.labels import states as state_words
from registry.models import Application
from registry.presentation import kept_forms
from registry.rules.workflow.states import Act, State

_LONGEST_EXPLANATION = 2000


@dataclass(frozen=True, slots=True)
class WithdrawalWords:
    """Texts of the page: title (also on the button), consequence, link back, and success message."""

    title: str
    consequence: str
    stay: str
    done: str
    crumb: str


def confirm_withdrawal(
    request: HttpRequest,
    found: Application,
    what: Act,
    *,
    wording: WithdrawalWords,
    record: Callable[[str], None],
) -> HttpResponse:
    """Asks for confirmation, then calls `record` with the explanation; a repeated request changes nothing.

    When the withdrawal is refused, for instance because the office was quicker, the page gives the reason and
    keeps the explanation.
    """
    if found.state == State.WITHDRAWN:
        return redirect("applicants:application", found.pk)
    is_open = what in application_view.acts_open_to(found, account_of(request))
    if not is_open and request.method != "POST":
        raise Http404
    kept = kept_forms.kept_form(request)
    explanation = (request.POST if kept is None else kept).get("explanation", "").strip()
    too_long = len(explanation) > _LONGEST_EXPLANATION
    refusal: FilingError | None = None
    if request.method == "POST" and not too_long:
        try:
            record(explanation)
        except FilingError as error:
            found.refresh_from_db()
            if found.state == State.WITHDRAWN:
                return redirect("applicants:application", found.pk)
            refusal = error
        else:
            kept_forms.forget_form(request)
            messages.success(request, wording.done)
            return redirect("applicants:application", found.pk)
    if too_long and not is_open:
        refusal = TransitionNotAllowed("not_in_this_state", act=what.value)
    context = {
        "application": found,
        "title": wording.title,
        "consequence": wording.consequence,
        "stay": wording.stay,
        "explanation": explanation,
        "longest": _LONGEST_EXPLANATION,
        "too_long": too_long,
        "refusal": state_words.refusal_message(refusal) if refusal is not None else "",
        "crumbs": crumbs(found.receipt_number, wording.crumb),
    }
    status = (
        HTTPStatus.CONFLICT if refusal is not None else HTTPStatus.BAD_REQUEST if too_long else HTTPStatus.OK
    )
    return render(request, "applicants/applications/withdraw.html", context, status=status)
