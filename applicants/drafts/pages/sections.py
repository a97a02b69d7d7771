"""Pages of a draft: start, delete, and its sections with saving, autosaving and merging."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants import access
from applicants.applicant_choice import choice_of
from applicants.drafts import joint, steps
from applicants.drafts import store as drafts
from applicants.drafts.conflicts import answers_kept, differences
from applicants.drafts.forms import SectionForm, parse_section
from applicants.drafts.forms.answers import section_answers
from applicants.drafts.matter import matter_of
from applicants.drafts.needed_files import file_limits, needed_files
from applicants.drafts.pages.frame import (
    account_of,
    crumbs,
    draft_or_404,
    examine,
    name_of,
    submitted_as,
    wizard,
)
from applicants.drafts.pages.questions import contradictions_at
from applicants.drafts.pages.step import StepPage
from applicants.drafts.progress import Examination
from applicants.drafts.steps import FORM_SECTIONS
from applicants.drafts.store import SectionSave, fixed_keys, has_fixed_facts
from applicants.identity_consent import consent_url
from applicants.models import Draft
from registry import clock
from registry.errors import OutOfDate
from registry.labels.division_words import division_label
from registry.labels.province_words import full_name
from registry.presentation.materials import REVEAL_EVERYTHING, PresentedRow, sections_of
from registry.presentation.posted import posted_version
from registry.rules.codes import jurisdictions
from registry.rules.particulars import APPLICANT_SECTIONS, particulars_of
from registry.rules.particulars.form_version import FIRST_VERSION, version_of


@require_safe
def draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Redirects to the draft's first incomplete step, or to the application it was submitted as."""
    if sent := submitted_as(request, draft_id):
        return redirect("applicants:application", sent)
    found = draft_or_404(request, draft_id)
    return redirect(steps.step_url(found.pk, examine(found).first_open_step()))


_CONTRADICTIONS = "applicants/drafts/includes/contradictions.html"


class SectionPage(StepPage):
    """The form of one section; after a conflict, the choice between both answers of every field that differs."""

    template = "applicants/drafts/section.html"

    @property
    def autosave_url(self) -> str:
        return reverse("applicants:autosave", args=[self.draft.pk, self.step])

    def find_step(self, section_name: str = "") -> str:
        if section_name not in FORM_SECTIONS:
            raise Http404
        return section_name

    def dispatch(self, request: HttpRequest, draft_id: uuid.UUID, **kwargs: str) -> HttpResponseBase:
        """The section, once identity documents may be typed where it asks for them."""
        url = consent_url(request) if kwargs.get("section_name") in APPLICANT_SECTIONS else None
        if url and self.is_autosave:
            return JsonResponse({"code": "identity_consent_missing"}, status=409)
        return redirect(url) if url else super().dispatch(request, draft_id, **kwargs)

    def save_form(self, data: QueryDict) -> Draft:
        return drafts.save_section(self.draft.pk, self._save_of(data), at=clock.now())

    def after_save(self, request: HttpRequest, saved: Draft) -> str:
        """The same section at an added row, or the next step."""
        if saved.applicant_id is not None and self.draft.applicant_id is None:
            messages.info(
                request,
                _("The register knows this applicant: its particulars are taken from there."),
            )
        here = steps.step_url(saved.pk, self.step)
        if version_of(saved.materials) > version_of(self.draft.materials):
            messages.info(
                request, _("The form has asked more about this since the service was filed: see below.")
            )
            return f"{here}?gaps=1"
        if name := request.POST.get("add_row", ""):
            return f"{here}?add={name}#group-{name}"
        if name := request.POST.get("remove_row", ""):
            return f"{here}#group-{name.rsplit('-', 1)[0]}"
        if name := request.POST.get("choose", ""):
            return f"{here}#id_{name}"
        return super().after_save(request, saved)

    def context(
        self, request: HttpRequest, examination: Examination, *, kept: QueryDict | None
    ) -> dict[str, Any]:
        materials = self.draft.materials
        if kept is not None:
            materials = {**materials, self.step: parse_section(self.step, kept).answers}
        form = SectionForm(
            self.step,
            materials,
            today=clock.today(),
            fixed=fixed_keys(self.draft),
            locked=_locked_rows(self.step, examination),
            add_row=request.GET.get("add", ""),
        )
        if examination.is_late:
            form.ask_for("late_reason")
        if kept is None:
            _flag(form, examination, with_missing="gaps" in request.GET)
        return {
            "form": form,
            "letter": self.draft.letter_on_file if self.step == "applicant" else None,
            "contradictions": contradictions_at(self.step, examination.prepared, self.draft.pk),
            "applicant_to_change": self.draft.applicant_id if has_fixed_facts(self.draft) else None,
            "error_list": form.error_list() if "flag" in request.GET else [],
        }

    def saved_facts(self, saved: Draft) -> dict[str, str]:
        """What the answers contradict by now, for the place of the page that shows it."""
        prepared = matter_of(saved).prepare(at=clock.now())
        found = contradictions_at(self.step, prepared, saved.pk)
        context = {"contradictions": found, "draft": saved}
        return {"contradictions": render_to_string(_CONTRADICTIONS, context).strip()}

    def show_conflict(self, request: HttpRequest, conflict: OutOfDate) -> HttpResponse:
        """Nothing is saved until one of the two answers is chosen."""
        save, saved = self._save_of(request.POST), conflict.facts["saved"]
        context: dict[str, Any] = {
            **wizard(self.draft, self.step, examine(self.draft)),
            "save_url": steps.step_url(self.draft.pk, self.step),
            "version": conflict.facts["version"],
            "window": secrets.token_hex(8),
            "saved_elsewhere_at": conflict.facts["at"],
            "differences": differences(self.step, self.draft.materials, mine=save.answers, saved=saved),
            "carried": [
                (name, value)
                for name, values in request.POST.lists()
                if name not in {"csrfmiddlewaretoken", "version", "window", "next_step"}
                and not name.startswith("keep-")
                for value in values
            ],
        }
        return render(request, "applicants/drafts/conflict.html", context, status=409)

    def _save_of(self, data: QueryDict) -> SectionSave:
        """The submitted answers, without a row to be removed, and with those that the choice after a conflict kept."""
        if removed := data.get("remove_row", ""):
            data = data.copy()
            data[f"{removed}-DELETE"] = "1"
        parsed = parse_section(self.step, data)
        saved = section_answers(self.draft.materials, self.step)
        return SectionSave(
            section=self.step,
            answers=answers_kept(parsed.answers, saved, data),
            mentioned=frozenset(parsed.mentioned),
            version=posted_version(data.get("version")),
            window=data.get("window", "")[:40],
            is_autosave=self.is_autosave,
            form_version=_posted_form_version(data, saved=version_of(self.draft.materials)),
        )


def _posted_form_version(data: QueryDict, *, saved: int) -> int:
    """The version of the form that was on the page; pages from before the versions do not say."""
    return min(max(posted_version(data.get("form_version")), FIRST_VERSION), saved)


def _locked_rows(section_name: str, examination: Examination) -> dict[str, PresentedRow]:
    """The rows of a section that an amendment or a change shows but does not ask."""
    if examination.open_keys is None:
        return {}
    presented = sections_of(examination.materials, reveal=REVEAL_EVERYTHING, on=clock.today())
    rows = {row.key: row for each in presented if each.key == section_name for row in each.rows}
    locked = [each.key for each in particulars_of(section_name) if examination.is_locked(each.key)]
    return {key: rows.get(key, PresentedRow(key=key, label="", kind="")) for key in locked}


def _flag(form: SectionForm, examination: Examination, *, with_missing: bool) -> None:
    form.flag(examination.gaps, with_missing=with_missing)
    if with_missing:
        known = {gap.key for gap in examination.gaps}
        for point in examination.points_of(form.section):
            if point.key not in known:
                form.flag_field(point.key.split(".")[1], point.message)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The start page: what a filing needs, and the choice of the applicant; a POST creates the draft."""
    account = account_of(request)
    applicants = list(access.applicants_of(account).order_by("name"))
    if request.method == "POST":
        chosen = request.POST.get("applicant", "")
        applicant = get_object_or_404(access.applicants_of(account), pk=_uuid(chosen)) if chosen else None
        draft = drafts.begin_draft(account, applicant=applicant, at=clock.now())
        return redirect(steps.step_url(draft.pk, "applicant" if applicant is None else "service"))
    return render(
        request,
        "applicants/drafts/start.html",
        {
            "applicants": applicants,
            "chosen": choice_of(request, account).chosen or next(iter(applicants), None),
            "needed": needed_files(),
            "limits": file_limits(),
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
            "name": full_name(each.province.code),
            "children": [
                {
                    "code": prefecture.code,
                    "name": division_label(prefecture.code, prefecture.name),
                    "children": [
                        {"code": one.code, "name": division_label(one.code, one.name)}
                        for one in prefecture.counties
                    ],
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
