"""Helpers shared by the pages of a draft: account, draft, examination, and the wizard's context."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applicants import access, words
from applicants.drafts import joint, progress
from applicants.drafts.matter import matter_of
from applicants.drafts.pages import service_rows as rows
from applicants.drafts.parts import Part, parts_of
from applicants.drafts.register_facts import take_facts
from applicants.drafts.steps import part_url, step_url
from applicants.models import Draft
from registry import clock
from registry.calendar.current import current_calendar
from registry.labels.date_format import time_of_day
from registry.lists import current_lists
from registry.models import Account
from registry.presentation.comparison import Change, changes_between
from registry.presentation.materials import REVEAL_EVERYTHING, deadline_context
from registry.rules.days.working_days import Calendar
from registry.rules.particulars import is_of_applicant


def account_of(request: HttpRequest) -> Account:
    """The signed-in account; the access table has already refused anybody else."""
    return cast(Account, request.user)


def draft_or_404(request: HttpRequest, draft_id: uuid.UUID) -> Draft:
    """A draft this account may work on, with the facts in force of its applicant. Raises Http404."""
    found = get_object_or_404(
        access.drafts_of(account_of(request)).select_related("applicant", "account"), pk=draft_id
    )
    take_facts([found])
    return found


def submitted_as(request: HttpRequest, draft_id: uuid.UUID) -> uuid.UUID | None:
    """The id of the application that a draft was submitted as; None for an unsubmitted or unknown draft."""
    found = access.all_drafts_of(account_of(request)).filter(pk=draft_id).only("application_id").first()
    return found.application_id if found is not None else None


def examine(draft: Draft) -> progress.Examination:
    """Examines the draft at this moment."""
    return progress.examine(
        draft,
        at=clock.now(),
        lists=current_lists(),
        calendar=current_calendar(),
        others=joint.other_drafts(draft),
    )


def wizard(
    draft: Draft, step: str, examination: progress.Examination, *, part: Part | None = None
) -> dict[str, Any]:
    """The context of `applicants/wizard.html`. Raises Http404 for a step that this draft does not have.

    `part` is the page of a step that stands on several.
    """
    names = examination.step_names
    if step not in names:
        raise Http404
    number = names.index(step)
    pages = _pages(draft, names, in_parts=examination.matter.in_parts)
    at = next(index for index, each in enumerate(pages) if each.step == step and part in (None, each.part))
    siblings = [each for each in pages if each.step == step]
    matter = examination.matter
    return {
        "draft": draft,
        "draft_name": matter.title,
        "step": step,
        "title": words.STEP_LABELS[step] if part is None else part.label,
        "lead": matter.texts.leads.get(step, words.STEP_LEADS[step]) if part is None else part.lead,
        "part_of": words.STEP_LABELS[step] if part is not None else "",
        "part_number": siblings.index(pages[at]) + 1,
        "part_count": len(siblings),
        "step_number": number + 1,
        "step_count": len(names),
        "matter": matter,
        "top": matter.context(examination.materials, today=clock.today()),
        "steps": examination.steps(step, part=part),
        **rows.service_list_context(draft, examination, step),
        "moved_facts": moved_facts(draft),
        "saved_at": time_of_day(draft.saved_at),
        "crumbs": crumbs(matter.title),
        "previous_url": pages[at - 1].url if at else "",
        "next_url": pages[at + 1].url if at + 1 < len(pages) else "",
    }


class _Page(NamedTuple):
    """One page of the wizard: a step, or a part of one."""

    step: str
    part: Part | None
    url: str


def _pages(draft: Draft, names: Sequence[str], *, in_parts: bool) -> list[_Page]:
    """All pages of a draft's wizard in order."""
    found = []
    for name in names:
        parts = parts_of(name) if in_parts else ()
        found += [_Page(name, each, part_url(draft.pk, each)) for each in parts] or [
            _Page(name, None, step_url(draft.pk, name))
        ]
    return found


def due_context(examination: progress.Examination, calendar: Calendar) -> dict[str, Any] | None:
    """The day by which to submit, as input of `includes/deadline.html`; None where there is none."""
    if examination.due is None:
        return None
    title = str(examination.matter.texts.due)
    return deadline_context(examination.due, calendar, today=clock.today(), title=title)


def moved_facts(draft: Draft) -> list[Change]:
    """What the register's facts replaced in the draft since it was saved."""
    if draft.former_materials is None:
        return []
    found = changes_between(
        draft.former_materials, draft.materials, reveal=REVEAL_EVERYTHING, on=clock.today()
    )
    return [each for each in found if is_of_applicant(each.key)]


def name_of(draft: Draft) -> str:
    """The service's name, or a placeholder while it has none."""
    return matter_of(draft).title


def crumbs(*labels: str | Promise) -> list[dict[str, Any]]:
    """The breadcrumbs from the dashboard to this page, the last label."""
    start: dict[str, Any] = {"url": reverse("applicants:dashboard"), "label": _("My filings")}
    return [start, *({"url": "", "label": label} for label in labels)]
