"""Pages of a cancellation: planner and form, resubmission, and withdrawal of an approved one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants import access, words
from applicants.amendments import amendment as amendments
from applicants.applications import status as application_view
from applicants.applications.withdrawal import WithdrawalWords, confirm_withdrawal
from applicants.cancellations import cancellation as cancelling
from applicants.cancellations.form import CancellationForm
from applicants.changes import anew
from applicants.drafts.pages.frame import account_of, crumbs
from registry import clock
from registry.calendar.current import current_calendar
from registry.errors import FilingError, TransitionNotAllowed
from registry.labels import states as state_words
from registry.models import Application, Filing
from registry.presentation import kept_forms
from registry.presentation.materials import deadline_context
from registry.publication.upstream import named_building_on
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, State


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """The cancellation form of a filing in force, prefilled with the earliest lawful day."""
    filing = get_object_or_404(
        access.filings_of(account_of(request)).select_related("applicant"), pk=filing_id
    )
    return _form_page(request, filing, None)


@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The form of a submitted cancellation: resubmission after a rejection, or supplement during the review."""
    found = get_object_or_404(access.applications_of(account_of(request)), pk=application_id)
    act = amendments.act_for(found.state)
    if found.kind != Kind.CANCELLATION or found.filing is None or act is None:
        raise Http404
    if anew.may_begin_anew(found):
        messages.warning(request, words.BEGIN_ANEW)
        return redirect("applicants:application", found.pk)
    return _form_page(request, found.filing, found)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_cancellation(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Withdraws an approved cancellation after a confirmation: the filing stays in force."""
    found = get_object_or_404(access.applications_of(account_of(request)), pk=application_id)
    if found.kind != Kind.CANCELLATION:
        raise Http404

    def record(explanation: str) -> None:
        cancelling.withdraw_cancellation(
            found, explanation=explanation, account=account_of(request), at=clock.now()
        )

    wording = WithdrawalWords(
        title=_("Withdraw the cancellation"),
        consequence=_("The service goes on, and its filing stays in force under its number."),
        stay=_("Do not withdraw"),
        done=_("The cancellation is withdrawn; the filing stays in force."),
        crumb=_("Withdraw the cancellation"),
    )
    return confirm_withdrawal(request, found, Act.WITHDRAW_CANCELLATION, wording=wording, record=record)


def _form_page(request: HttpRequest, filing: Filing, again: Application | None) -> HttpResponse:
    reasons = application_view.reasons_to_answer(again) if again is not None else []
    is_supplement = again is not None and again.state != State.REJECTED
    choices: dict[str, Any] = {"filing": filing, "reasons": reasons, "is_supplement": is_supplement}
    if request.method != "POST":
        kept = kept_forms.kept_form(request)
        if kept is not None:
            form = CancellationForm(initial=kept.dict(), **choices)
        else:
            typed = again if again is not None else _begun_anew(request, filing)
            form = CancellationForm(initial=_initial(typed), **choices)
        return _show(request, filing, again, form, is_restored=kept is not None)
    data = request.POST.copy()
    plan = _plan(data.get("ends_on", ""), again)
    if request.POST.get("step") == "use_earliest":
        data["ends_on"] = plan.earliest_end.isoformat()
        data.pop("is_declared_late", None)
    if request.POST.get("step") in ("plan", "use_earliest"):
        return _show(request, filing, again, CancellationForm(initial=data.dict(), **choices))
    form = CancellationForm(data, **choices)
    if not form.judge(plan):
        return _show(request, filing, again, form, status=400)
    try:
        application = _submit(request, filing, again, form)
    except FilingError as refusal:
        return _show(request, filing, again, form, error=state_words.refusal_message(refusal), status=409)
    kept_forms.forget_form(request)
    messages.success(request, str(_texts(again).submitted) % {"number": application.receipt_number})
    return redirect("applicants:application", application.pk)


def _begun_anew(request: HttpRequest, filing: Filing) -> Application | None:
    """The rejected cancellation that this one begins anew, with what was typed for it."""
    found = access.applications_of(account_of(request)).filter(filing=filing, kind=Kind.CANCELLATION.value)
    superseded = (each for each in found if str(each.pk) == request.GET.get("anew"))
    return next((each for each in superseded if anew.may_begin_anew(each)), None)


def _submit(
    request: HttpRequest, filing: Filing, again: Application | None, form: CancellationForm
) -> Application:
    account, at = account_of(request), clock.now()
    given, key = form.cancellation(), form.idempotency_key
    declared = form.cleaned_data["declaration"]
    if again is None:
        return cancelling.submit_cancellation(
            filing, given, account=account, declaration_accepted=declared, key=key, at=at
        )
    return cancelling.resubmit_cancellation(
        again, given, account=account, declaration_accepted=declared, key=key, at=at
    )


def _show(
    request: HttpRequest,
    filing: Filing,
    again: Application | None,
    form: CancellationForm,
    *,
    error: str = "",
    is_restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    typed = form.cancellation()
    plan = _plan(typed.ends_on, again)
    context = {
        "filing": filing,
        "application": again,
        "texts": _texts(again),
        "form": form,
        "plan": plan,
        "due": _due(plan),
        "blocked": "" if again is not None else _blocked(filing),
        "closes_change": again is None and _open_change(filing),
        "users": named_building_on(filing.number),
        "error": error,
        "is_restored": is_restored,
        "crumbs": crumbs(filing.service_name, _("Cancel the filing")),
    }
    return render(request, "applicants/cancellations/cancel.html", context, status=status)


def _texts(again: Application | None) -> words.MatterWords:
    """A cancellation that is submitted again or supplemented says so on its button, and what becomes of the period."""
    if again is None:
        return words.CANCELLATION
    if again.state == State.REJECTED:
        return words.RESUBMISSION
    return words.ANSWER if again.asked_until is not None else words.SUPPLEMENT


def _initial(again: Application | None) -> dict[str, Any]:
    if again is None:
        earliest = _plan("", None).earliest_end
        return {"ends_on": earliest.isoformat(), "key": uuid.uuid4()}
    given = cancelling.latest_cancellation(again)
    return {
        "ends_on": given.ends_on,
        "arrangement": given.arrangement,
        "late_reason": given.late_reason,
        "is_declared_late": given.is_declared_late,
        "key": uuid.uuid4(),
    }


def _plan(wanted: str, again: Application | None) -> cancelling.Plan:
    return cancelling.plan_cancellation(
        wanted,
        today=clock.today(),
        calendar=current_calendar(),
        first_submitted_on=again.first_received_on if again is not None else None,
    )


def _due(plan: cancelling.Plan) -> dict[str, Any] | None:
    if plan.due is None:
        return None
    title = _("Last lawful day to submit for this end (Art. 11)")
    return deadline_context(plan.due, current_calendar(), today=plan.measured_on, title=title)


def _blocked(filing: Filing) -> str:
    """Why the filing cannot be cancelled now; empty when it can."""
    try:
        cancelling.refuse_unless_in_force(filing)
    except TransitionNotAllowed as refusal:
        return state_words.refusal_message(refusal)
    is_open = _open(filing).filter(kind=Kind.CANCELLATION.value).exists()
    return state_words.refusal_message(TransitionNotAllowed("no_other_open_application")) if is_open else ""


def _open_change(filing: Filing) -> bool:
    return _open(filing).filter(kind=Kind.CHANGE.value).exists()


def _open(filing: Filing) -> Any:
    return Application.objects.filter(filing=filing, state__in=[state.value for state in OPEN_STATES])
