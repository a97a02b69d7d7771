"""What the pages of a draft share: who asks, the draft with its examination, the frame of the wizard."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applicants import access, words
from applicants.amendments.amendment import amendment_of
from applicants.changes.change import change_of
from applicants.drafts import progress
from applicants.drafts.services import joint, rows
from applicants.models import Draft
from registry import clock
from registry.calendar.current import current_calendar
from registry.lists import current_lists
from registry.models import Account
from registry.rules.workflow.states import Kind


def account_of(request: HttpRequest) -> Account:
    """The signed-in account; the access table lets nobody else come this far."""
    return cast(Account, request.user)


def draft_or_404(request: HttpRequest, draft_id: uuid.UUID) -> Draft:
    """A draft this account may work on."""
    return get_object_or_404(access.drafts_of(account_of(request)).select_related("applicant"), pk=draft_id)


def submitted_as(request: HttpRequest, draft_id: uuid.UUID) -> uuid.UUID | None:
    """The application that a draft of this account has become; None while it is a draft, or not there."""
    found = access.all_drafts_of(account_of(request)).filter(pk=draft_id).only("application_id").first()
    return found.application_id if found is not None else None


def examine(draft: Draft) -> progress.Examination:
    """The draft as it stands at this moment."""
    return progress.examine(
        draft,
        at=clock.now(),
        lists=current_lists(),
        calendar=current_calendar(),
        amendment=amendment_of(draft),
        change=change_of(draft),
        others=joint.other_drafts(draft),
    )


def wizard(draft: Draft, step: str, examination: progress.Examination) -> dict[str, Any]:
    """What `applicants/wizard.html` takes. Raises Http404 for a step that this draft does not have."""
    names = examination.step_names
    if step not in names:
        raise Http404
    number = names.index(step)
    neighbours = {
        "previous_url": names[number - 1] if number else "",
        "next_url": names[number + 1] if number + 1 < len(names) else "",
    }
    return {
        "draft": draft,
        "draft_name": title_of(draft),
        "step": step,
        "title": words.STEP_LABELS[step],
        "lead": words.STEP_LEADS[step],
        "step_number": number + 1,
        "step_count": len(names),
        "amendment": examination.amendment,
        "change": examination.change,
        "steps": examination.steps(step),
        **rows.service_list_context(draft, examination, step),
        "saved_at": clock_time(draft),
        "crumbs": crumbs(title_of(draft)),
        **{key: progress.step_url(draft.pk, other) if other else "" for key, other in neighbours.items()},
    }


def name_of(draft: Draft) -> str:
    """The service's name as far as it was given."""
    return rows.name_in(draft.materials)


def title_of(draft: Draft) -> str:
    """What the draft is about: its service, or the applicant where the application is about that."""
    if Kind(draft.kind) is Kind.APPLICANT_CHANGE and draft.applicant is not None:
        return draft.applicant.name
    return name_of(draft)


def clock_time(draft: Draft) -> str:
    """When the draft was last saved, as a time of day in China."""
    return draft.saved_at.astimezone(clock.CHINA).strftime("%H:%M")


def crumbs(*labels: str | Promise) -> list[dict[str, Any]]:
    """The breadcrumbs from the dashboard on; the last label is this page."""
    start: dict[str, Any] = {"url": reverse("applicants:dashboard"), "label": _("My filings")}
    return [start, *({"url": "", "label": label} for label in labels)]
