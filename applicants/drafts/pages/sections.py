"""Pages of a draft: start, delete, and its sections with saving, autosaving and merging."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants import access
from applicants.applicant_choice import choice_of
from applicants.drafts import joint, progress, steps
from applicants.drafts import store as drafts
from applicants.drafts.conflicts import answers_kept, differences
from applicants.drafts.forms import SectionForm, parse_section
from applicants.drafts.forms.answers import section_answers
from applicants.drafts.matter import matter_of
from applicants.drafts.pages.frame import (
    account_of,
    clock_time,
    crumbs,
    draft_or_404,
    examine,
    name_of,
    submitted_as,
    wizard,
)
from applicants.drafts.steps import FORM_SECTIONS
from applicants.drafts.store import SectionSave, fixed_keys, has_fixed_facts
from applicants.models import Draft
from registry import clock
from registry.errors import OutOfDate
from registry.presentation import kept_forms
from registry.presentation.materials import REVEAL_EVERYTHING, PresentedRow, sections_of
from registry.presentation.posted import posted_version
from registry.rules.codes import jurisdictions
from registry.rules.particulars import particulars_of


@require_safe
def draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Redirects to the draft's first incomplete step, or to the application it was submitted as."""
    if sent := submitted_as(request, draft_id):
        return redirect("applicants:application", sent)
    found = draft_or_404(request, draft_id)
    return redirect(steps.step_url(found.pk, examine(found).first_open_step()))


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, draft_id: uuid.UUID, section_name: str) -> HttpResponse:
    """The form of one section, and saving it by a button."""
    found = _draft_with_section(request, draft_id, section_name)
    if request.method == "POST":
        return _save(request, found, section_name)
    return _show(request, found, section_name)


@require_POST
def autosave(request: HttpRequest, draft_id: uuid.UUID, section_name: str) -> JsonResponse:
    """Saves a section while it is being filled in; 409 when another page has saved it meanwhile."""
    found = _draft_with_section(request, draft_id, section_name)
    try:
        saved = drafts.save_section(
            found.pk, _section_save(section_name, request.POST, is_autosave=True), at=clock.now()
        )
    except OutOfDate as conflict:
        return JsonResponse({"code": conflict.code}, status=409)
    return JsonResponse({"saved_at": clock_time(saved), "version": saved.version_of(section_name)})


def _draft_with_section(request: HttpRequest, draft_id: uuid.UUID, section_name: str) -> Draft:
    if section_name not in FORM_SECTIONS:
        raise Http404
    return draft_or_404(request, draft_id)


def _section_save(section_name: str, data: QueryDict, *, is_autosave: bool = False) -> SectionSave:
    parsed = parse_section(section_name, data)
    return SectionSave(
        section=section_name,
        answers=parsed.answers,
        mentioned=frozenset(parsed.mentioned),
        version=posted_version(data.get("version")),
        window=data.get("window", "")[:40],
        is_autosave=is_autosave,
    )


def _save(request: HttpRequest, found: Draft, section_name: str) -> HttpResponse:
    data = request.POST.copy()
    removed = data.get("remove_row", "")
    if removed:
        data[f"{removed}-DELETE"] = "1"
    save = _section_save(section_name, data)
    answers = answers_kept(save.answers, section_answers(found.materials, section_name), data)
    save = SectionSave(save.section, answers, save.mentioned, save.version, save.window)
    had_applicant = found.applicant_id is not None
    try:
        saved = drafts.save_section(found.pk, save, at=clock.now())
    except OutOfDate as conflict:
        return _conflict(request, found, save, conflict)
    kept_forms.forget_form(request)
    if saved.applicant_id is not None and not had_applicant:
        messages.info(
            request,
            _("The register knows this applicant: its particulars are taken from there."),
        )
    return redirect(_after_save(request, saved, section_name))


def _after_save(request: HttpRequest, saved: Draft, section_name: str) -> str:
    """The page after a save: the same section at an added row, or the next step."""
    here = steps.step_url(saved.pk, section_name)
    if name := request.POST.get("add_row", ""):
        return f"{here}?add={name}#group-{name}"
    if name := request.POST.get("remove_row", ""):
        return f"{here}#group-{name.rsplit('-', 1)[0]}"
    if name := request.POST.get("choose", ""):
        return f"{here}#id_{name}"
    examination = examine(saved)
    if any(not point.is_missing for point in examination.points_of(section_name)):
        return f"{here}?flag=1"
    if request.POST.get("next_step") == "forward":
        return steps.step_url(saved.pk, examination.step_after(section_name))
    messages.success(request, _("Saved at %(time)s.") % {"time": clock_time(saved)})
    return here


def _show(request: HttpRequest, found: Draft, section_name: str) -> HttpResponse:
    kept = kept_forms.kept_form(request)
    materials = found.materials
    version, window = str(found.version_of(section_name)), secrets.token_hex(8)
    if kept is not None:
        materials = {**materials, section_name: parse_section(section_name, kept).answers}
        version, window = kept.get("version", version), kept.get("window", window)
    examination = examine(found)
    form = SectionForm(
        section_name,
        materials,
        today=clock.today(),
        fixed=fixed_keys(found),
        locked=_locked_rows(section_name, examination),
        add_row=request.GET.get("add", ""),
    )
    if examination.is_late:
        form.ask_for("late_reason")
    if kept is None:
        _flag(form, examination, with_missing="gaps" in request.GET)
    context = {
        **wizard(found, section_name, examination),
        "section": section_name,
        "form": form,
        "applicant_to_change": found.applicant_id if has_fixed_facts(found) else None,
        "version": version,
        "window": window,
        "owner": str(request.user.pk),
        "is_restored": kept is not None,
        "error_list": form.error_list() if "flag" in request.GET else [],
    }
    return render(request, "applicants/drafts/section.html", context)


def _locked_rows(section_name: str, examination: progress.Examination) -> dict[str, PresentedRow]:
    """The rows of a section that an amendment or a change shows but does not ask."""
    if examination.open_keys is None:
        return {}
    presented = sections_of(examination.materials, reveal=REVEAL_EVERYTHING, on=clock.today())
    rows = {row.key: row for each in presented if each.key == section_name for row in each.rows}
    locked = [each.key for each in particulars_of(section_name) if examination.is_locked(each.key)]
    return {key: rows.get(key, PresentedRow(key=key, label="", kind="")) for key in locked}


def _flag(form: SectionForm, examination: progress.Examination, *, with_missing: bool) -> None:
    form.flag(examination.gaps, with_missing=with_missing)
    if with_missing:
        known = {gap.key for gap in examination.gaps}
        for point in examination.points_of(form.section):
            if point.key not in known:
                form.flag_field(point.key.split(".")[1], point.message)


def _conflict(request: HttpRequest, found: Draft, save: SectionSave, conflict: OutOfDate) -> HttpResponse:
    """The merge page: both answers of every field that differs; nothing is saved until one is chosen."""
    context: dict[str, Any] = {
        **wizard(found, save.section, examine(found)),
        "section": save.section,
        "version": conflict.facts["version"],
        "window": secrets.token_hex(8),
        "saved_elsewhere_at": conflict.facts["at"],
        "differences": differences(
            save.section, found.materials, mine=save.answers, saved=conflict.facts["saved"]
        ),
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in {"csrfmiddlewaretoken", "version", "window", "next_step"}
            and not name.startswith("keep-")
            for value in values
        ],
    }
    return render(request, "applicants/drafts/conflict.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The start page: what a filing needs, and the choice of the applicant; a POST creates the draft."""
    account = account_of(request)
    applicants = list(access.applicants_of(account).order_by("name"))
    if request.method == "POST":
        chosen = request.POST.get("applicant", "")
        applicant = get_object_or_404(access.applicants_of(account), pk=_uuid(chosen)) if chosen else None
        draft = drafts.start_draft(account, applicant=applicant, at=clock.now())
        return redirect(steps.step_url(draft.pk, "applicant" if applicant is None else "service"))
    return render(
        request,
        "applicants/drafts/start.html",
        {
            "applicants": applicants,
            "chosen": choice_of(request, account).chosen or next(iter(applicants), None),
            "crumbs": crumbs(_("File a service")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete_draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Deletes a draft with its files, or one of its services, after a confirmation."""
    found = get_object_or_404(access.drafts_of(account_of(request)), pk=draft_id)
    if request.method == "POST" and request.POST.get("what") == "service":
        left = joint.remove_service(found.pk)
        return redirect("applicants:draft", left.pk) if left else redirect("applicants:dashboard")
    if request.method == "POST":
        origin_url = matter_of(found).origin_url
        joint.remove_all(found.pk)
        return redirect(origin_url)
    context = {
        "draft": found,
        "draft_name": name_of(found),
        "service_count": 1 + len(joint.other_drafts(found)),
        "crumbs": crumbs(name_of(found)),
    }
    return render(request, "applicants/drafts/delete_draft.html", context)


@require_safe
def places(_request: HttpRequest) -> JsonResponse:
    """The three linked lists of places in force today, for the script that joins them."""
    tree = [
        {
            "code": each.province.code,
            "name": each.province.name,
            "children": [
                {
                    "code": prefecture.code,
                    "name": prefecture.name,
                    "children": [{"code": one.code, "name": one.name} for one in prefecture.counties],
                }
                for prefecture in each.prefectures
            ],
        }
        for each in jurisdictions.divisions(clock.today())
    ]
    return JsonResponse(tree, safe=False)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
