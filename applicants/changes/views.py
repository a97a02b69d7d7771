"""Pages of a change: its start, and the day of each changed item."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants import access
from applicants.changes.anew import rejected_change
from applicants.changes.change import (
    FilingChange,
    draft_of_change,
    start_applicant_change,
    start_change,
)
from applicants.drafts.pages.frame import account_of, crumbs
from applicants.drafts.pages.notes import NotesPage
from applicants.drafts.progress import Examination
from applicants.drafts.steps import step_url
from applicants.models import Draft
from registry import clock
from registry.book.applicants import is_established
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock
from registry.errors import TransitionNotAllowed
from registry.labels import states as state_words
from registry.models import Application
from registry.presentation.comparison import changes_between
from registry.presentation.materials import REVEAL_EVERYTHING, deadline_context


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """Starts or continues a change of a filing."""
    filing = get_object_or_404(access.filings_of(account_of(request)), pk=filing_id)
    if request.method != "POST":
        # A GET changes nothing; it arrives here after a sign-in that interrupted the POST.
        return redirect("applicants:filing", filing.pk)
    if waiting := _rejected_that_waits(request, applicant_id=filing.applicant_id, filing_id=filing.pk):
        return _ask_which(request, waiting, leave_url=reverse("applicants:filing", args=[filing.pk]))
    try:
        draft = start_change(filing, account=account_of(request), at=clock.now())
    except TransitionNotAllowed as refusal:
        messages.warning(request, state_words.refusal_message(refusal))
        return redirect("applicants:filing", filing.pk)
    return redirect(step_url(draft.pk, _first_step(draft)))


def _first_step(draft: Draft) -> str:
    """The step that a change opens: the service, or whatever comes first of an applicant whose facts are not known."""
    applicant = draft.applicant
    return "applicant" if applicant is not None and not is_established(applicant) else "service"


@require_http_methods(["GET", "HEAD", "POST"])
def change_applicant(request: HttpRequest, applicant_id: uuid.UUID) -> HttpResponse:
    """Starts or continues a change of the applicant in all its filings."""
    applicant = get_object_or_404(access.applicants_of(account_of(request)), pk=applicant_id)
    if request.method != "POST":
        return redirect("applicants:dashboard")
    if waiting := _rejected_that_waits(request, applicant_id=applicant.pk, filing_id=None):
        return _ask_which(request, waiting, leave_url=reverse("applicants:dashboard"))
    try:
        draft = start_applicant_change(applicant, account=account_of(request), at=clock.now())
    except TransitionNotAllowed as refusal:
        messages.warning(request, state_words.refusal_message(refusal))
        return redirect("applicants:dashboard")
    return redirect(step_url(draft.pk, "applicant"))


def _rejected_that_waits(
    request: HttpRequest, *, applicant_id: uuid.UUID, filing_id: uuid.UUID | None
) -> Application | None:
    """A rejected change that a second one would end, unless that is begun already or was chosen knowingly."""
    is_begun = draft_of_change(applicant_id=applicant_id, filing_id=filing_id) is not None
    if is_begun or request.POST.get("anyway") == "yes":
        return None
    return rejected_change(applicant_id=applicant_id, filing_id=filing_id, today=clock.today())


def _ask_which(request: HttpRequest, waiting: Application, *, leave_url: str) -> HttpResponse:
    """Says that a second change ends the rejected one, before it is begun."""
    context = {
        "waiting": waiting,
        "due": application_clock.resubmission_deadline(waiting, current_calendar()),
        "leave_url": leave_url,
        "crumbs": crumbs(_("Another change")),
    }
    return render(request, "applicants/changes/waiting.html", context)


class DaysPage(NotesPage):
    """The changed items, each with its day, and the reason for lateness if the change is late."""

    matter = FilingChange
    template = "applicants/changes/changes.html"

    def read(self, data: QueryDict) -> dict[str, Any]:
        """The days by key of the changed item; the day for all items replaces those not changed on this page."""
        for_all = data.get("on-all", "").strip()[:10]
        stored = FilingChange(self.draft).changed_on
        given: dict[str, str] = {}
        for name in data:
            key = name.removeprefix("on-")
            if key in (name, "all"):
                continue
            on = data.get(name, "").strip()[:10]
            is_changed_here = on not in ("", data.get(f"was-{key}", stored.get(key, "")))
            given[key] = on if is_changed_here or not for_all else for_all
        return {
            "changed_on": {key: day for key, day in given.items() if len(key) <= 120},
            "late_reason": data.get("late_reason", "").replace("\r\n", "\n"),
        }

    def fields(
        self, examination: Examination, *, typed: Mapping[str, Any] | None, errors: Mapping[str, str]
    ) -> dict[str, Any]:
        changed, materials = cast(FilingChange, examination.matter), examination.materials
        today, due = clock.today(), None
        if examination.due is not None:
            title = str(changed.texts.due)
            due = deadline_context(examination.due, current_calendar(), today=today, title=title)
        counted = set(changed.changed(materials))
        days = changed.changed_on if typed is None else typed["changed_on"]
        return {
            "items": [
                {
                    "change": each,
                    "name": f"on-{each.key}",
                    "was_name": f"was-{each.key}",
                    "value": days.get(each.key, ""),
                    "error": errors.get(f"on-{each.key}", ""),
                }
                for each in changes_between(changed.base, materials, reveal=REVEAL_EVERYTHING, on=today)
                if each.key in counted
            ],
            "late_reason": changed.late_reason if typed is None else typed["late_reason"],
            "late_reason_error": errors.get("late_reason", ""),
            "late_by": examination.filing.late_by_working_days,
            "due": due,
            "today": today,
        }
