"""The check page of a draft: what is missing, what would be submitted, and the declaration; and the submission."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applicants import access, words
from applicants.drafts import joint, submission
from applicants.drafts import store as drafts
from applicants.drafts.first_filing import APPLICANT_KNOWN
from applicants.drafts.matter import matter_of, service_name_in
from applicants.drafts.pages import service_rows as rows
from applicants.drafts.pages.frame import (
    account_of,
    draft_or_404,
    due_context,
    examine,
    name_of,
    submitted_as,
    wizard,
)
from applicants.drafts.pages.questions import question_forms
from applicants.drafts.progress import Examination
from applicants.drafts.read_files import has_unread
from applicants.drafts.register_facts import take_facts
from applicants.drafts.steps import Point, row_key, step_url
from applicants.models import Draft
from registry import clock
from registry.book.in_force import facts_edition
from registry.calendar.current import current_calendar
from registry.errors import (
    ApplicantUnknown,
    FilingError,
    MaterialsIncomplete,
    OutOfDate,
    TransitionNotAllowed,
)
from registry.models import Application
from registry.presentation.comparison import changes_between
from registry.presentation.materials import (
    REVEAL_EVERYTHING,
    Section,
    sections_about,
    sections_of,
)
from registry.presentation.posted import posted_version
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.states import Kind


@require_safe
def check(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The check page; for a submitted draft, a redirect to the application."""
    if sent := submitted_as(request, draft_id):
        return redirect("applicants:application", sent)
    return show_check(request, draft_or_404(request, draft_id))


@require_POST
def submit(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Submits the draft; a repeated request leads to the same application."""
    drafts_found = access.all_drafts_of(account_of(request)).select_related("applicant")
    found = get_object_or_404(drafts_found, pk=draft_id)
    take_facts([found])
    try:
        applications = submission.submit(
            found.pk,
            account=account_of(request),
            seen=_seen(request, found),
            declaration_accepted=request.POST.get("declaration") == "yes",
            facts_seen=request.POST.get("facts"),
            at=clock.now(),
        )
    except ApplicantUnknown as refusal:
        return _refuse_applicant(request, found, refusal)
    except (MaterialsIncomplete, OutOfDate, TransitionNotAllowed) as refusal:
        text = matter_of(found).refusal_text(refusal)
        if refusal.code == "declaration_accepted":
            return show_check(request, found, extra={"declaration_error": text}, status=400)
        return show_check(request, found, error=_of_service(text, refusal, found), status=409)
    if found.application_id is None:
        messages.success(request, _received(applications, found))
    own = next(each for each in applications if each.pk == _application_id(found))
    return redirect("applicants:application", own.pk)


def _seen(request: HttpRequest, found: Draft) -> dict[uuid.UUID, int]:
    """The services on the submitted page, each with its version; malformed entries are ignored."""
    seen = {}
    for entry in request.POST.getlist("seen") or [f"{found.pk}:{request.POST.get('version', '')}"]:
        draft_id, _separator, version = entry.partition(":")
        try:
            seen[uuid.UUID(draft_id)] = posted_version(version)
        except ValueError:
            continue
    return seen


def _application_id(found: Draft) -> uuid.UUID | None:
    return Draft.objects.values_list("application_id", flat=True).get(pk=found.pk)


def _received(applications: list[Application], found: Draft) -> str:
    numbers = [each.receipt_number for each in applications]
    if len(numbers) == 1:
        return str(matter_of(found).texts.submitted) % {"number": numbers[0]}
    return _("Submitted together: %(count)s services. Receipt numbers: %(numbers)s.") % {
        "count": len(numbers),
        "numbers": ", ".join(numbers),
    }


def _of_service(text: str, refusal: FilingError, found: Draft) -> str:
    """The refusal, with the name of the incomplete service if there are several."""
    services = [found, *joint.other_drafts(found)]
    at_fault = next((each for each in services if str(each.pk) == refusal.facts.get("draft")), None)
    if at_fault is None or len(services) == 1:
        return text
    return _("%(name)s: %(reason)s") % {"name": name_of(at_fault), "reason": text}


def _refuse_applicant(request: HttpRequest, found: Draft, refusal: ApplicantUnknown) -> HttpResponse:
    if refusal.code == APPLICANT_KNOWN:
        ways = {"claim_url": reverse("applicants:claim", args=[found.pk])}
        return show_check(request, found, error=str(words.APPLICANT_KNOWN), extra=ways, status=409)
    found = drafts.take_from_register(found.pk, at=clock.now())
    return show_check(request, found, error=str(words.APPLICANT_DIFFERS), status=409)


def show_check(
    request: HttpRequest,
    found: Draft,
    *,
    error: str = "",
    typed: QueryDict | None = None,
    extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The check page: of a first filing the materials, of all others what differs from those it began with.

    `typed` are answers to its questions that were sent and not kept.
    """
    examination = examine(found)
    matter = examination.matter
    change = matter.stated_change(examination.materials)
    context = {
        **wizard(found, "check", examination),
        "title": matter.texts.check_title,
        "lead": matter.texts.check_lead,
        "points": examination.points,
        "points_left": matter.texts.points_left(len(examination.points)),
        "error": error,
        "question_forms": question_forms(examination, typed=typed),
        "has_open_questions": any(each.open_questions for each in (examination, *examination.others)),
        "is_reading": any(has_unread(each.materials) for each in (examination, *examination.others)),
        "facts_edition": facts_edition(found.applicant),
        "declared_filings": change.filings if change is not None else (),
        **(_materials(examination) if matter.base is None else _comparison(examination, matter.base)),
        **(extra or {}),
    }
    template = "applicants/drafts/check.html" if matter.base is None else "applicants/drafts/compare.html"
    return render(request, template, context, status=status)


def _comparison(examination: Examination, base: dict[str, Any]) -> dict[str, Any]:
    """What differs from the materials that the draft began with, and whether it may be submitted."""
    matter, today = examination.matter, clock.today()
    changes = changes_between(base, examination.materials, reveal=REVEAL_EVERYTHING, on=today)
    return {
        "changes": changes,
        "may_be_submitted": (bool(changes) or not matter.must_differ)
        and examination.is_complete
        and not matter.blocked(today=today),
        "due": due_context(examination, current_calendar()),
        "late_by": examination.filing.late_by_working_days if matter.texts.due else 0,
        "sections": sections_about(
            Kind(examination.draft.kind), examination.materials, reveal=REVEAL_EVERYTHING, on=today
        ),
    }


def _materials(examination: Examination) -> dict[str, Any]:
    """All materials, service by service, with the points of each."""
    examined = rows.examinations_in_order(examination)
    calendar = current_calendar()
    parts = [
        _part(each, number, of=len(examined), calendar=calendar)
        for number, each in enumerate(examined, start=1)
    ]
    shared = [point for point in examination.points if point.is_shared] if len(parts) > 1 else []
    point_count = len(shared) + sum(part.point_count for part in parts)
    return {
        "may_be_submitted": examination.is_complete,
        "point_count": point_count,
        "points_left": examination.matter.texts.points_left(point_count),
        "shared_groups": _grouped(shared),
        "shared_sections": parts[0].shared_sections,
        "parts": parts,
        "seen": [(each.draft.pk, each.draft.version) for each in examined],
    }


@dataclass(frozen=True, slots=True)
class FoldedSection:
    """A section of the check page, folded: what is open in it stands beside its title."""

    section: Section
    points: int
    questions: int

    @property
    def tone(self) -> str:
        """The tone of its state, as in the list of steps."""
        return "bad" if self.points else "warning" if self.questions else "good"

    @property
    def state(self) -> str:
        """What is open in it, in words."""
        found = [words.open_points(self.points)] if self.points else []
        found += [words.open_questions(self.questions)] if self.questions else []
        return _(", ").join(found) or _("Complete")


@dataclass(frozen=True, slots=True)
class ServicePart:
    """One service on the check page: its points, its lateness, and its materials.

    `shared_sections` holds the shared part of several services; a single service has everything in `sections`.
    """

    number: int
    name: str
    is_one_of_several: bool
    point_count: int
    point_groups: list[tuple[Promise, list[Point]]]
    late_by: int
    late_reason: str
    due: dict[str, Any] | None
    shared_sections: list[FoldedSection]
    sections: list[FoldedSection]


def _part(examination: Examination, number: int, *, of: int, calendar: Calendar) -> ServicePart:
    points = list(examination.points if of == 1 else examination.service_points)
    shared: list[Section] = []
    sections = _sections(examination)
    if of > 1:
        shared, sections = rows.split_sections(sections, number=number)
    return ServicePart(
        number=number,
        name=service_name_in(examination.materials),
        is_one_of_several=of > 1,
        point_count=len(points),
        point_groups=_grouped(points),
        late_by=examination.filing.late_by_working_days,
        late_reason=examination.materials["service"].get("late_reason", ""),
        due=due_context(examination, calendar),
        shared_sections=[_folded(each, examination) for each in shared],
        sections=[_folded(each, examination) for each in sections],
    )


def _folded(section: Section, examination: Examination) -> FoldedSection:
    """The section with what is open in its own rows; of several services, the shared rows stand apart."""
    keys = {row.key for row in section.rows}
    keys |= {key.rsplit("-", 1)[0] for key in keys}
    points = [each for each in examination.points if row_key(each.key) in keys]
    questions = [each for each in examination.open_questions if each.contradiction.found.key in keys]
    return FoldedSection(section, len(points), len(questions))


def _grouped(points: list[Point]) -> list[tuple[Promise, list[Point]]]:
    """The points, grouped by step."""
    groups = [
        (label, [point for point in points if point.step == step])
        for step, label in words.STEP_LABELS.items()
    ]
    return [(label, found) for label, found in groups if found]


def _sections(examination: Examination) -> list[Section]:
    """The sections of the materials to be submitted, each gap at its row."""
    presented = sections_of(examination.materials, reveal=REVEAL_EVERYTHING, on=clock.today())
    notes: dict[str, list[Point]] = {}
    for point in examination.points:
        notes.setdefault(row_key(point.key), []).append(point)
    for section in presented:
        section.edit_url = step_url(examination.draft.pk, section.key)
        section.edit_label = _("Edit")
        for row in section.rows:
            points = notes.get(row.key, [])
            if points:
                row.deficient = True
                row.note = " ".join(point.message for point in points)
                row.mend_url = points[0].url
    return presented
