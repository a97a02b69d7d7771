"""Check and submit: the whole filing on one page, every gap with the way to it, and the declaration."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applicants import access, drafts, progress, submission, words
from applicants.changes import change_of
from applicants.models import Draft
from applicants.views.amendment import send, show_check
from applicants.views.change import send_change, show_change_check
from applicants.views.frame import account_of, draft_or_404, examine, submitted_as, wizard
from registry import clock
from registry.calendar import current_calendar
from registry.errors import ApplicantUnknown, MaterialsIncomplete, OutOfDate, TransitionNotAllowed
from registry.labels import states as state_words
from registry.presentation import REVEAL_EVERYTHING, Section, deadline_context, sections_of


@require_safe
def check(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The whole filing, and what is missing; going back after the submission leads to the application."""
    if sent := submitted_as(request, draft_id):
        return redirect("applicants:application", sent)
    found = draft_or_404(request, draft_id)
    if found.is_amendment:
        return show_check(request, found)
    if change_of(found) is not None:
        return show_change_check(request, found)
    return _show(request, found)


@require_POST
def submit(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Submits; sent twice, it leads to the same application."""
    found = get_object_or_404(access.all_drafts_of(account_of(request)), pk=draft_id)
    if found.is_amendment:
        return send(request, found)
    if change_of(found) is not None:
        return send_change(request, found)
    version = request.POST.get("version", "")
    try:
        application = submission.submit_draft(
            found.pk,
            account=account_of(request),
            seen_version=int(version) if version.isascii() and version.isdigit() else 0,
            declaration_accepted=request.POST.get("declaration") == "yes",
            at=clock.now(),
        )
    except MaterialsIncomplete as refusal:
        return _show(request, found, error=state_words.refusal_message(refusal), status=409)
    except OutOfDate:
        return _show(request, found, error=str(words.DRAFT_CHANGED), status=409)
    except ApplicantUnknown as refusal:
        return _refuse_applicant(request, found, refusal)
    except TransitionNotAllowed as refusal:
        if refusal.code == submission.STATEMENT_OUTDATED:
            return _show(request, found, error=str(words.STATEMENT_OUTDATED), status=409)
        if refusal.code == "declaration_accepted":
            error = {"declaration_error": state_words.refusal_message(refusal)}
            return _show(request, found, extra=error, status=400)
        return _show(request, found, error=state_words.refusal_message(refusal), status=409)
    if found.application_id is None:
        messages.success(
            request,
            _("Submitted. Receipt number: %(number)s.") % {"number": application.receipt_number},
        )
    return redirect("applicants:application", application.pk)


def _refuse_applicant(request: HttpRequest, found: Draft, refusal: ApplicantUnknown) -> HttpResponse:
    if refusal.code == submission.APPLICANT_KNOWN:
        ways = {"claim_url": reverse("applicants:claim", args=[found.pk])}
        return _show(request, found, error=str(words.APPLICANT_KNOWN), extra=ways, status=409)
    found = drafts.take_from_register(found.pk, at=clock.now())
    return _show(request, found, error=str(words.APPLICANT_DIFFERS), status=409)


def _show(
    request: HttpRequest,
    found: Draft,
    *,
    error: str = "",
    extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    examination = examine(found)
    context = {
        **wizard(found, "check", examination),
        "points": examination.points,
        "is_complete": examination.is_complete,
        "point_groups": [
            (label, points)
            for step, label in words.STEP_LABELS.items()
            if (points := examination.points_of(step))
        ],
        "late_by": examination.filing.late_by_working_days,
        "late_reason": examination.materials["service"].get("late_reason", ""),
        "due": _due(examination),
        "sections": _sections(found, examination),
        "error": error,
        **(extra or {}),
    }
    return render(request, "applicants/check.html", context, status=status)


def _due(examination: progress.Examination) -> dict[str, Any] | None:
    if examination.due is None:
        return None
    return deadline_context(
        examination.due, current_calendar(), today=clock.today(), title=_("Filing due (Art. 11)")
    )


def _sections(found: Draft, examination: progress.Examination) -> list[Section]:
    """The materials as they would be submitted, each gap at its row."""
    presented = sections_of(examination.materials, reveal=REVEAL_EVERYTHING, on=clock.today())
    notes: dict[str, list[progress.Point]] = {}
    for point in examination.points:
        notes.setdefault(".".join(point.key.split(".")[:2]), []).append(point)
    for section in presented:
        section.edit_url = progress.step_url(found.pk, section.key)
        section.edit_label = _("Edit")
        for row in section.rows:
            points = notes.get(row.key, [])
            if points:
                row.deficient = True
                row.note = " ".join(point.message for point in points)
                row.mend_url = points[0].url
    return presented
