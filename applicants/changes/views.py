"""Pages of a change: start, the day of each change, the comparison, and submission."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applicants import access, words
from applicants.changes import change as changes
from applicants.changes.change import (
    REASON_TOO_LONG,
    DaysSave,
    FilingChange,
    save_days,
    start_applicant_change,
    start_change,
    submit_change,
)
from applicants.drafts import progress
from applicants.drafts.pages.frame import account_of, clock_time, draft_or_404, examine, wizard
from applicants.drafts.submission import STATEMENT_OUTDATED
from applicants.models import Draft
from registry import clock
from registry.calendar.current import current_calendar
from registry.errors import FilingError, OutOfDate, TransitionNotAllowed
from registry.labels import particulars as particular_words
from registry.labels import states as state_words
from registry.presentation import kept_forms
from registry.presentation.comparison import changes_between
from registry.presentation.materials import REVEAL_EVERYTHING, deadline_context, sections_of

_WORDS = {
    STATEMENT_OUTDATED: words.STATEMENT_OUTDATED,
    "draft_changed_since_check": words.DRAFT_CHANGED,
    "materials_changed": words.NOTHING_CHANGED,
    REASON_TOO_LONG: words.LATE_REASON_TOO_LONG,
}


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """Starts or continues a change of a filing."""
    filing = get_object_or_404(access.filings_of(account_of(request)), pk=filing_id)
    if request.method != "POST":
        # A GET changes nothing; it arrives here after a sign-in that interrupted the POST.
        return redirect("applicants:filing", filing.pk)
    try:
        draft = start_change(filing, account=account_of(request), at=clock.now())
    except TransitionNotAllowed as refusal:
        messages.warning(request, state_words.refusal_message(refusal))
        return redirect("applicants:filing", filing.pk)
    return redirect(progress.step_url(draft.pk, "service"))


@require_http_methods(["GET", "HEAD", "POST"])
def change_applicant(request: HttpRequest, applicant_id: uuid.UUID) -> HttpResponse:
    """Starts or continues a change of the applicant in all its filings."""
    applicant = get_object_or_404(access.applicants_of(account_of(request)), pk=applicant_id)
    if request.method != "POST":
        return redirect("applicants:dashboard")
    try:
        draft = start_applicant_change(applicant, account=account_of(request), at=clock.now())
    except TransitionNotAllowed as refusal:
        messages.warning(request, state_words.refusal_message(refusal))
        return redirect("applicants:dashboard")
    return redirect(progress.step_url(draft.pk, "applicant"))


@require_http_methods(["GET", "HEAD", "POST"])
def days(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The changed items, each with its day, and the reason for lateness if the change is late."""
    found = _change_or_404(request, draft_id)
    if request.method != "POST":
        return _show_days(request, found)
    save = _days_save(request.POST)
    try:
        saved = save_days(found.pk, save, at=clock.now())
    except OutOfDate as conflict:
        return _show_days(request, found, typed=save, conflict=conflict, status=409)
    kept_forms.forget_form(request)
    examination = examine(saved)
    if any(not point.is_missing for point in examination.points_of(changes.SECTION)):
        return redirect(f"{progress.step_url(saved.pk, changes.SECTION)}?flag=1")
    if request.POST.get("next_step") == "forward":
        if examination.points_of(changes.SECTION):
            return redirect(f"{progress.step_url(saved.pk, changes.SECTION)}?gaps=1")
        return redirect(progress.step_url(saved.pk, examination.step_after(changes.SECTION)))
    messages.success(request, _("Saved at %(time)s.") % {"time": clock_time(saved)})
    return redirect(progress.step_url(saved.pk, changes.SECTION))


@require_POST
def autosave(request: HttpRequest, draft_id: uuid.UUID) -> JsonResponse:
    """Saves the days while they are being typed; 409 when another page has saved them meanwhile."""
    found = _change_or_404(request, draft_id)
    try:
        saved = save_days(found.pk, _days_save(request.POST, is_autosave=True), at=clock.now())
    except OutOfDate as conflict:
        return JsonResponse({"code": conflict.code}, status=409)
    return JsonResponse({"saved_at": clock_time(saved), "version": saved.version_of(changes.SECTION)})


def send_change(request: HttpRequest, found: Draft) -> HttpResponse:
    """Submits the change; a repeated request leads to the same application."""
    version = request.POST.get("version", "")
    try:
        application = submit_change(
            found.pk,
            account=account_of(request),
            seen_version=int(version) if version.isascii() and version.isdigit() else 0,
            declaration_accepted=request.POST.get("declaration") == "yes",
            at=clock.now(),
        )
    except FilingError as refusal:
        if refusal.code == "declaration_accepted":
            error = {"declaration_error": state_words.refusal_message(refusal)}
            return show_change_check(request, found, extra=error, status=400)
        return show_change_check(request, found, error=refusal, status=409)
    if found.application_id is None:
        messages.success(
            request, _("Submitted. Receipt number: %(number)s.") % {"number": application.receipt_number}
        )
    return redirect("applicants:application", application.pk)


def show_change_check(
    request: HttpRequest,
    found: Draft,
    *,
    error: FilingError | None = None,
    extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The materials in force and the new ones side by side, the days, what is missing, and the declaration."""
    examination = examine(found)
    changed = _required(examination)
    differing = changes_between(
        changed.base, examination.materials, reveal=REVEAL_EVERYTHING, on=clock.today()
    )
    context = {
        **wizard(found, "check", examination),
        **_frame(changed, examination),
        "title": _("Compare and submit"),
        "lead": _("What is in force, and what would be."),
        "points": examination.points,
        "changes": differing,
        "changed_days": _days_given(changed, examination.materials),
        "may_be_sent": examination.is_complete and bool(differing),
        "sections": sections_of(examination.materials, reveal=REVEAL_EVERYTHING, on=clock.today()),
        "error": _refusal_text(error) if error is not None else "",
        **(extra or {}),
    }
    return render(request, "applicants/changes/change_check.html", context, status=status)


def _show_days(
    request: HttpRequest,
    found: Draft,
    *,
    typed: DaysSave | None = None,
    conflict: OutOfDate | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of days; after a conflict, with the days typed here and those saved elsewhere."""
    examination = examine(found)
    changed = _required(examination)
    version, window = str(found.version_of(changes.SECTION)), secrets.token_hex(8)
    if typed is None and (kept := kept_forms.kept_form(request)) is not None:
        typed = _days_save(kept)
        version, window = kept.get("version", version), kept.get("window", window)
    elif conflict is not None:
        version = str(conflict.facts["version"])
    with_missing = "gaps" in request.GET
    errors = {
        point.key: point.message
        for point in examination.points_of(changes.SECTION)
        if point.key and (with_missing or not point.is_missing)
    }
    differing = changes_between(
        changed.base, examination.materials, reveal=REVEAL_EVERYTHING, on=clock.today()
    )
    counted = set(changed.changed(examination.materials))
    given = typed.changed_on if typed is not None else changed.changed_on
    context = {
        **wizard(found, changes.SECTION, examination),
        **_frame(changed, examination),
        "items": [
            {
                "change": each,
                "name": f"on-{each.key}",
                "value": given.get(each.key, ""),
                "error": errors.get(f"on-{each.key}", ""),
            }
            for each in differing
            if each.key in counted
        ],
        "late_reason": typed.late_reason if typed is not None else changed.late_reason,
        "late_reason_error": errors.get("late_reason", ""),
        "longest": changes.LONGEST_REASON,
        "today": clock.today(),
        "version": version,
        "window": window,
        "owner": str(request.user.pk),
        "is_restored": typed is not None and conflict is None,
        "conflict_at": conflict.facts["at"] if conflict is not None else None,
        "error_list": [
            {"target": target, "label": "", "message": message} for target, message in errors.items()
        ],
    }
    return render(request, "applicants/changes/changes.html", context, status=status)


def _frame(changed: FilingChange, examination: progress.Examination) -> dict[str, Any]:
    """The context of the top of every change page: its subject and its deadline."""
    due = None
    if examination.due is not None:
        title = _("To be filed (Art. 11)")
        due = deadline_context(examination.due, current_calendar(), today=clock.today(), title=title)
    return {
        "changed": changed,
        "due": due,
        "late_by": examination.filing.late_by_working_days,
    }


def _days_given(changed: FilingChange, materials: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": particular_words.label_of(key), "on": changed.changed_on.get(key, "")}
        for key in changed.changed(materials)
    ]


def _days_save(data: QueryDict, *, is_autosave: bool = False) -> DaysSave:
    """The submitted days by key of the changed item; the day for all items fills those left empty."""
    for_all = data.get("on-all", "").strip()[:10]
    given = {
        name.removeprefix("on-"): (data.get(name, "").strip() or for_all)[:10]
        for name in data
        if name.startswith("on-") and name != "on-all"
    }
    version = data.get("version", "")
    return DaysSave(
        changed_on={key: day for key, day in given.items() if len(key) <= 120},
        late_reason=data.get("late_reason", "").replace("\r\n", "\n"),
        version=int(version) if version.isascii() and version.isdigit() else 0,
        window=data.get("window", "")[:40],
        is_autosave=is_autosave,
    )


def _refusal_text(refusal: FilingError) -> str:
    if refusal.code in _WORDS:
        return str(_WORDS[refusal.code])
    return state_words.refusal_message(refusal)


def _required(examination: progress.Examination) -> FilingChange:
    if examination.change is None:
        raise Http404
    return examination.change


def _change_or_404(request: HttpRequest, draft_id: uuid.UUID) -> Draft:
    found = draft_or_404(request, draft_id)
    if changes.change_of(found) is None:
        raise Http404
    return found
