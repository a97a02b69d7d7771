"""Pages of an amendment: correcting a rejected application, or supplementing one under review."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applicants import access, words
from applicants.amendments import amendment as amendments
from applicants.amendments.amendment import (
    BASE_SUPERSEDED,
    RESUBMISSION_OVER,
    TEXT_TOO_LONG,
    Amendment,
    NotesSave,
    save_notes,
    start_amendment,
    submit_amendment,
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
from registry.presentation.materials import REVEAL_EVERYTHING, sections_of
from registry.presentation.rounds import reason_shown
from registry.rules.days.deadlines import working_days_left
from registry.rules.particulars import is_particular, is_slot
from registry.rules.particulars.gaps import MISSING, Gap
from registry.rules.particulars.reasons import WHOLE
from registry.rules.workflow.states import CONFIRMATIONS, Kind

_WORDS = {
    RESUBMISSION_OVER: words.RESUBMISSION_OVER,
    BASE_SUPERSEDED: words.BASE_SUPERSEDED,
    TEXT_TOO_LONG: words.TEXT_TOO_LONG,
    STATEMENT_OUTDATED: words.STATEMENT_OUTDATED,
    "draft_changed_since_check": words.DRAFT_CHANGED,
}


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Starts or continues the amendment, at the field of the chosen reason."""
    found = get_object_or_404(access.applications_of(account_of(request)), pk=application_id)
    if request.method != "POST":
        # A GET changes nothing; it arrives here after a sign-in that interrupted the POST.
        return redirect("applicants:application", found.pk)
    if found.kind == Kind.CANCELLATION and amendments.act_for(found.state) is not None:
        return redirect("applicants:cancellation", found.pk)
    try:
        draft = start_amendment(found, account=account_of(request), at=clock.now())
    except TransitionNotAllowed as refusal:
        messages.warning(request, _refusal_text(refusal, found.state))
        return redirect("applicants:application", found.pk)
    return redirect(_place_url(draft, request.POST.get("key", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def amendment(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The reasons with their answers, or the explanation of a supplement; and the sections to open."""
    found = _amendment_or_404(request, draft_id)
    if request.method != "POST":
        return _show_notes(request, found)
    save = _notes_save(request)
    try:
        saved = save_notes(found.pk, save, at=clock.now())
    except OutOfDate as conflict:
        return _show_notes(request, found, typed=save, conflict=conflict, status=409)
    kept_forms.forget_form(request)
    if request.POST.get("next_step") == "forward":
        return redirect(progress.step_url(saved.pk, _first_open_section(examine(saved))))
    messages.success(request, _("Saved at %(time)s.") % {"time": clock_time(saved)})
    return redirect("applicants:amendment", saved.pk)


@require_POST
def autosave(request: HttpRequest, draft_id: uuid.UUID) -> JsonResponse:
    """Saves the answers while they are being written; 409 when another page has saved them meanwhile."""
    found = _amendment_or_404(request, draft_id)
    try:
        saved = save_notes(found.pk, _notes_save(request, is_autosave=True), at=clock.now())
    except OutOfDate as conflict:
        return JsonResponse({"code": conflict.code}, status=409)
    return JsonResponse({"saved_at": clock_time(saved), "version": saved.version_of(amendments.SECTION)})


@require_http_methods(["GET", "HEAD", "POST"])
def open_section(request: HttpRequest, draft_id: uuid.UUID, section_name: str) -> HttpResponse:
    """Asks for confirmation, then opens a section beyond the fields that the reasons name."""
    found = _amendment_or_404(request, draft_id)
    if section_name not in amendments.SECTIONS_TO_OPEN:
        raise Http404
    if request.method == "POST":
        amendments.open_section(found.pk, section_name, at=clock.now())
        return redirect(progress.step_url(found.pk, section_name))
    context = {
        **wizard(found, amendments.SECTION, examine(found)),
        "section_label": words.STEP_LABELS[section_name],
        "back_url": progress.step_url(found.pk, section_name),
    }
    return render(request, "applicants/amendments/open_section.html", context)


def send(request: HttpRequest, found: Draft) -> HttpResponse:
    """Submits the amendment; a repeated request leads to the same application and opens no second round."""
    version = request.POST.get("version", "")
    is_first = found.application_id is None
    try:
        application = submit_amendment(
            found.pk,
            account=account_of(request),
            seen_version=int(version) if version.isascii() and version.isdigit() else 0,
            declaration_accepted=request.POST.get("declaration") == "yes",
            at=clock.now(),
        )
    except FilingError as refusal:
        if refusal.code == "declaration_accepted":
            error = {"declaration_error": state_words.refusal_message(refusal)}
            return render_check(request, found, extra=error, status=400)
        return render_check(request, found, error=refusal, status=409)
    if is_first:
        messages.success(request, _("Sent. The office has the new materials."))
    return redirect("applicants:application", application.pk)


def render_check(
    request: HttpRequest,
    found: Draft,
    *,
    error: FilingError | None = None,
    extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page 'Compare and send'. Raises Http404 unless the draft is an amendment."""
    examination = examine(found)
    amended = examination.amendment
    if amended is None:
        raise Http404
    today = clock.today()
    changes = changes_between(amended.base, examination.materials, reveal=REVEAL_EVERYTHING, on=today)
    context = {
        **wizard(found, "check", examination),
        **_frame(amended),
        "title": _("Compare and send"),
        "lead": _("What the office has, and what it would get."),
        "points": examination.points,
        "changes": changes,
        "may_be_sent": examination.is_complete and bool(changes) and not _blocked(amended),
        "blocked": _blocked(amended),
        "sections": sections_of(examination.materials, reveal=REVEAL_EVERYTHING, on=today),
        "error": _refusal_text(error, amended.application.state) if error is not None else "",
        **(extra or {}),
    }
    return render(request, "applicants/amendments/amendment_check.html", context, status=status)


def _show_notes(
    request: HttpRequest,
    found: Draft,
    *,
    typed: NotesSave | None = None,
    conflict: OutOfDate | None = None,
    status: int = 200,
) -> HttpResponse:
    """The reasons page; after a conflict, with the texts typed here and those saved elsewhere."""
    examination = examine(found)
    amended = examination.amendment
    if amended is None:
        raise Http404
    version, window = str(found.version_of(amendments.SECTION)), secrets.token_hex(8)
    if typed is None and (kept := kept_forms.kept_form(request)) is not None:
        typed = NotesSave(_answers(kept), kept.get("explanation", ""))
        version, window = kept.get("version", version), kept.get("window", window)
    elif conflict is not None:
        version = str(conflict.facts["version"])
    with_missing = "gaps" in request.GET
    errors = {
        point.key: point.message
        for point in examination.points_of(amendments.SECTION)
        if with_missing or not point.is_missing
    }
    context = {
        **wizard(found, amendments.SECTION, examination),
        **_frame(amended),
        "blocked": _blocked(amended),
        "reasons": _reason_blocks(found, amended, typed, conflict, errors),
        "explanation": _text_block(
            "explanation",
            amended.explanation,
            typed.explanation if typed is not None else None,
            conflict,
            errors,
        ),
        "sections_to_open": _sections_to_open(found, amended),
        "version": version,
        "window": window,
        "owner": str(request.user.pk),
        "is_restored": typed is not None and conflict is None,
        "conflict_at": conflict.facts["at"] if conflict is not None else None,
        "error_list": [
            {"target": target, "label": "", "message": message} for target, message in errors.items()
        ],
        "longest": amendments.LONGEST_TEXT,
    }
    return render(request, "applicants/amendments/amendment.html", context, status=status)


def _frame(amended: Amendment) -> dict[str, Any]:
    """The context of the top of every amendment page: the application, and the days left."""
    left = None
    if amended.ends_on is not None and not amended.is_over(clock.today()):
        left = working_days_left(amended.ends_on, clock.today(), current_calendar())
    return {
        "application": amended.application,
        "is_resubmission": amended.is_resubmission,
        "ends_on": amended.ends_on,
        "days_left": left,
        "provisional": left is not None and amended.is_provisional,
    }


def _reason_blocks(
    draft: Draft,
    amended: Amendment,
    typed: NotesSave | None,
    conflict: OutOfDate | None,
    errors: dict[str, str],
) -> list[dict[str, Any]]:
    blocks = []
    for reason in amended.reasons:
        shown = reason_shown(reason)
        text = typed.answers.get(shown.id) if typed is not None else None
        field = _text_block(f"answer-{shown.id}", amended.answers.get(shown.id, ""), text, conflict, errors)
        blocks.append({"reason": shown, "mend_url": _place_url(draft, shown.key), **field})
    return blocks


def _text_block(
    name: str, saved: str, typed: str | None, conflict: OutOfDate | None, errors: dict[str, str]
) -> dict[str, str]:
    """A text field's context; `saved_elsewhere` is set when another page saved a different text."""
    text = saved if typed is None else typed
    differs = conflict is not None and text != saved
    return {
        "name": name,
        "text": text,
        "saved_elsewhere": saved if differs else "",
        "error": errors.get(name, ""),
    }


def _sections_to_open(draft: Draft, amended: Amendment) -> list[dict[str, Any]]:
    """Every section with the number of fields the reasons name, and the link that opens it."""
    return [
        {
            "label": particular_words.section_label(section),
            "url": progress.step_url(draft.pk, section),
            "is_opened": section in amended.opened or WHOLE in amended.named_keys,
            "open_url": reverse("applicants:open_section", args=[draft.pk, section]),
            "named_count": sum(key.startswith(f"{section}.") for key in amended.named_keys),
        }
        for section in amendments.SECTIONS_TO_OPEN
    ]


def _first_open_section(examination: progress.Examination) -> str:
    """The step after the reasons: the first section with an open field, or the check page."""
    amended = examination.amendment
    if amended is None or WHOLE in amended.named_keys:
        return progress.STEPS[0]
    steps = {*amended.opened, *(progress.step_of(key) for key in amended.named_keys)}
    return next((step for step in progress.STEPS if step in steps), "check")


def _place_url(draft: Draft, key: str) -> str:
    """The address of the field or slot a reason names; the reasons page for one about the whole application."""
    row = amendments.row_key(key)
    if not (is_particular(row) or is_slot(row)):
        return progress.step_url(draft.pk, amendments.SECTION)
    return f"{progress.step_url(draft.pk, progress.step_of(row))}#{progress.anchor_of(Gap(row, MISSING))}"


def _blocked(amended: Amendment) -> str:
    """Why the amendment cannot be submitted now; empty when it can."""
    if amended.is_over(clock.today()):
        return str(words.RESUBMISSION_OVER)
    if amended.act is not None:
        return ""
    is_deciding = amended.application.state in CONFIRMATIONS
    return str(words.OFFICE_IS_DECIDING if is_deciding else words.APPLICATION_ENDED)


def _refusal_text(refusal: FilingError, state: str) -> str:
    if refusal.code == "not_in_this_state":
        return str(words.OFFICE_IS_DECIDING if state in CONFIRMATIONS else words.APPLICATION_ENDED)
    if refusal.code in _WORDS:
        return str(_WORDS[refusal.code])
    return state_words.refusal_message(refusal)


def _notes_save(request: HttpRequest, *, is_autosave: bool = False) -> NotesSave:
    version = request.POST.get("version", "")
    return NotesSave(
        answers=_answers(request.POST),
        explanation=request.POST.get("explanation", "").replace("\r\n", "\n"),
        version=int(version) if version.isascii() and version.isdigit() else 0,
        window=request.POST.get("window", "")[:40],
        is_autosave=is_autosave,
    )


def _answers(data: Any) -> dict[str, str]:
    return {
        name.removeprefix("answer-"): data[name].replace("\r\n", "\n")
        for name in data
        if name.startswith("answer-")
    }


def _amendment_or_404(request: HttpRequest, draft_id: uuid.UUID) -> Draft:
    found = draft_or_404(request, draft_id)
    if not found.is_amendment:
        raise Http404
    return found
