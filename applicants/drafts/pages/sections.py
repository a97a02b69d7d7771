"""Pages of a draft: deleting it, and its sections with saving, autosaving and merging."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from applicants import access
from applicants.drafts import joint, steps
from applicants.drafts import store as drafts
from applicants.drafts.conflicts import answers_kept, differences
from applicants.drafts.credit_code import KnownOrganisation, known_organisation
from applicants.drafts.derived import own_facts, suggestions
from applicants.drafts.forms import SectionForm, parse_section
from applicants.drafts.forms.answers import numbers_kept, section_answers
from applicants.drafts.forms.conditions import NO, YES, control_value
from applicants.drafts.forms.section import Suggestion
from applicants.drafts.forms.understood import understood_in
from applicants.drafts.matter import matter_of
from applicants.drafts.pages.frame import (
    account_of,
    crumbs,
    draft_or_404,
    due_context,
    examine,
    name_of,
    submitted_as,
    wizard,
)
from applicants.drafts.pages.questions import contradictions_at
from applicants.drafts.pages.step import StepPage
from applicants.drafts.parts import Part, find_part, part_of, parts_of
from applicants.drafts.progress import Examination
from applicants.drafts.register_facts import says_by_agent
from applicants.drafts.steps import FORM_SECTIONS, Point
from applicants.drafts.store import SectionSave, fixed_keys, has_fixed_facts
from applicants.identity_consent import consent_url
from applicants.models import Draft
from registry import clock
from registry.calendar.current import current_calendar
from registry.errors import OutOfDate
from registry.labels.division_words import division_label
from registry.labels.province_words import full_name
from registry.labels.telephone import telephone
from registry.presentation.materials import REVEAL_EVERYTHING, PresentedRow, sections_of
from registry.presentation.posted import posted_version
from registry.rules.codes import jurisdictions
from registry.rules.codes.place_names import english_name
from registry.rules.particulars import APPLICANT_SECTIONS, particulars_of
from registry.rules.particulars.applicant import ORGANISATION
from registry.rules.particulars.form_version import FIRST_VERSION, version_of
from registry.rules.particulars.materials import is_given


@require_safe
def draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Redirects to the draft's first incomplete step, or to the application it was submitted as."""
    if sent := submitted_as(request, draft_id):
        return redirect("applicants:application", sent)
    found = draft_or_404(request, draft_id)
    return redirect(examine(found).first_open_url())


_START_DEADLINE = "applicants/drafts/includes/start_deadline.html"
_CONTRADICTIONS = "applicants/drafts/includes/contradictions.html"


class SectionPage(StepPage):
    """The form of one section; after a conflict, the choice between both answers of every field that differs."""

    template = "applicants/drafts/section.html"
    part: Part | None = None

    @property
    def autosave_url(self) -> str:
        if self.part is None:
            return reverse("applicants:autosave", args=[self.draft.pk, self.step])
        return reverse("applicants:autosave_part", args=[self.draft.pk, self.step, self.part.name])

    @property
    def saves_key(self) -> str:
        return self.step if self.part is None else self.part.key

    @property
    def label(self) -> Promise | str:
        return super().label if self.part is None else self.part.label

    def page_url(self) -> str:
        if self.part is None:
            return steps.step_url(self.draft.pk, self.step)
        return steps.part_url(self.draft.pk, self.part)

    def points_here(self, examination: Examination) -> tuple[Point, ...]:
        points = super().points_here(examination)
        return tuple(each for each in points if self.part is None or part_of(each.key) == self.part)

    def url_of(self, point: Point) -> str:
        return steps.page_url(self.draft.pk, point.key, in_parts=matter_of(self.draft).in_parts)

    def next_url(self, examination: Examination) -> str:
        if self.part is not None and self.part != (pages := parts_of(self.step))[-1]:
            return steps.part_url(self.draft.pk, pages[pages.index(self.part) + 1])
        return super().next_url(examination)

    def frame(self, examination: Examination) -> dict[str, Any]:
        return wizard(self.draft, self.step, examination, part=self.part)

    def find_step(self, section_name: str = "", part_name: str = "") -> str:
        if section_name not in FORM_SECTIONS or (part_name and find_part(section_name, part_name) is None):
            raise Http404
        if matter_of(self.draft).in_parts:
            self.part = self._find_part(section_name, part_name)
        return section_name

    def _find_part(self, section_name: str, part_name: str) -> Part | None:
        """The page of this address. A form without its part holds the section as a whole, as it stood before."""
        if part_name or not (pages := parts_of(section_name)):
            return find_part(section_name, part_name)
        is_whole = self.request.method == "POST" and self.request.POST.get("part") != pages[0].name
        return None if is_whole else pages[0]

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
        here = self.page_url()

        def page_of(name: str) -> str:
            in_parts = self.part is None and matter_of(saved).in_parts
            return steps.page_url(saved.pk, f"{self.step}.{name}", in_parts=in_parts) if in_parts else here

        if version_of(saved.materials) > version_of(self.draft.materials):
            messages.info(
                request, _("The form has asked more about this since the service was filed: see below.")
            )
            return f"{here}?gaps=1"
        if name := request.POST.get("add_row", ""):
            return f"{page_of(name)}?add={name}#group-{name}"
        if name := request.POST.get("remove_row", ""):
            group = name.rsplit("-", 1)[0]
            return f"{page_of(group)}#group-{group}"
        if name := request.POST.get("choose", ""):
            return f"{here}#id_{name}"
        return super().after_save(request, saved)

    def context(
        self, request: HttpRequest, examination: Examination, *, kept: QueryDict | None
    ) -> dict[str, Any]:
        materials = self.draft.materials
        if kept is not None:
            typed = self._own(parse_section(self.step, kept).answers)
            elsewhere = section_answers(materials, self.step)
            kept_elsewhere = {
                name: each for name, each in elsewhere.items() if name not in self._own(elsewhere)
            }
            materials = {**materials, self.step: {**kept_elsewhere, **typed}}
        form = SectionForm(
            self.step,
            materials,
            today=clock.today(),
            fixed=fixed_keys(self.draft),
            locked=_locked_rows(self.step, examination),
            add_row=request.GET.get("add", ""),
            suggested=self._suggested(materials, examination),
            names=self.part.names if self.part is not None else None,
            is_fresh=kept is None and self._is_fresh(examination),
            by_types=examination.matter.base is None,
        )
        if self._asks_for_the_start:
            form.ask_only_when_late("late_reason", is_late=examination.is_late)
        elif examination.is_late:
            form.ask_for("late_reason")
        if kept is None:
            _flag(form, examination, with_missing="gaps" in request.GET)
        return {
            "form": form,
            "part": self.part,
            **self._start_deadline(examination),
            "letter": self.draft.letter_on_file if self.step == "applicant" else None,
            "contradictions": contradictions_at(
                self.step, examination.prepared, examination.matter, part=self.part
            ),
            "known": self._known(request, examination),
            "own_facts": {name: telephone(each) for name, each in self._own_facts(examination).items()},
            "applicant_to_change": self.draft.applicant_id if has_fixed_facts(self.draft) else None,
            "error_list": _error_list(form, examination) if "flag" in request.GET else [],
        }

    def _known(self, request: HttpRequest, examination: Examination) -> KnownOrganisation | None:
        """The organisation of the public register that the applicant's section names, for an account outside it."""
        if self.step != "applicant" or self.draft.applicant_id is not None:
            return None
        found = known_organisation(examination.materials["applicant"], account=account_of(request))
        return found if found is not None and not found.is_own else None

    def _suggested(self, materials: dict[str, Any], examination: Examination) -> dict[str, Suggestion]:
        """What other answers give for this section, by name; only a first filing is filled in from nothing."""
        if examination.matter.base is not None:
            return {}
        found = suggestions(materials, account=self.draft.account, today=clock.today())
        # What the applicant has stated before says more than what is usual with others.
        certain = {key: each for key, each in found.items() if not each.is_only_usual}
        usual = {**found, **drafts.of_the_last_service(self.draft)}
        if not self._is_fresh(examination):
            # Once the page was saved, boxes that are all empty and rows that are gone are the applicant's own answer.
            usual = {key: each for key, each in usual.items() if not isinstance(each.answer, list)}
        return _of_section(self.step, {**usual, **certain})

    def _is_fresh(self, examination: Examination) -> bool:
        """Whether this is a page of a first filing that nobody has saved yet."""
        return examination.matter.base is None and not self.draft.version_of(self.saves_key)

    def _has(self, name: str) -> bool:
        """Whether the page has the control of a suggestion."""
        return self.part is None or name.partition(".")[0] in self.part.names

    def _own_facts(self, examination: Examination) -> dict[str, str]:
        """What the account knows of whoever fills in the page, where that may be the person in charge."""
        given, account = examination.materials["applicant"], self.draft.account
        is_asked = self.step == "person_in_charge" and examination.matter.base is None
        if not is_asked or given.get("nature") != ORGANISATION or says_by_agent(examination.materials):
            return {}
        if self.draft.account_id != account_of(self.request).pk or "person_in_charge.name" in fixed_keys(
            self.draft
        ):
            return {}
        own, typed = own_facts(account), examination.draft.materials["person_in_charge"]
        # Whoever began as the person in charge is asked no more.
        return own if any(not is_given(typed.get(name)) for name in own) else {}

    def saved_facts(self, saved: Draft) -> dict[str, Any]:
        """What the answers contradict by now, and what follows from them, for the places of the page that show it."""
        matter, follows = matter_of(saved), list(understood_in(self.step, self.request.POST))
        found = contradictions_at(self.step, matter.prepare(at=clock.now()), matter, part=self.part)
        context = {"contradictions": found, "draft": saved}
        facts: dict[str, Any] = {"contradictions": render_to_string(_CONTRADICTIONS, context).strip()}
        if matter.base is None:
            suggested = suggestions(saved.materials, account=saved.account, today=clock.today())
            follows += [
                {
                    "control": _control_of(name),
                    "value": telephone(control_value(each.answer)),
                    "note": str(each.note),
                }
                for name, each in _of_section(self.step, suggested).items()
                if isinstance(each.answer, str | bool | int) and self._has(name)
            ]
        facts["follows"] = follows
        if self._asks_for_the_start:
            due = self._start_deadline(examine(saved))
            facts["is_late"] = YES if due["is_late"] else NO
            facts["deadline"] = render_to_string(_START_DEADLINE, due).strip()
        return facts

    @property
    def _asks_for_the_start(self) -> bool:
        """Whether the page asks since when the service runs, which the deadline of a first filing counts from."""
        return self.part is not None and "service_started_on" in self.part.names

    def _start_deadline(self, examination: Examination) -> dict[str, Any]:
        if not self._asks_for_the_start:
            return {"has_deadline": False}
        due = due_context(examination, current_calendar())
        return {"has_deadline": True, "start_due": due, "is_late": examination.is_late}

    def show_conflict(self, request: HttpRequest, conflict: OutOfDate) -> HttpResponse:
        """Nothing is saved until one of the two answers is chosen."""
        save, saved = self._save_of(request.POST), conflict.facts["saved"]
        context: dict[str, Any] = {
            **self.frame(examine(self.draft)),
            "save_url": self.page_url(),
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

    def _numbers_shown(self) -> dict[str, Any]:
        """The answers that the page shows without having been typed, and those that are saved."""
        own = own_facts(self.draft.account) if self.step == "person_in_charge" else {}
        return {**own, **section_answers(self.draft.materials, self.step)}

    def _own(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Those of the section's answers that stand on this page."""
        return {
            name: answer for name, answer in answers.items() if self.part is None or name in self.part.names
        }

    def _save_of(self, data: QueryDict) -> SectionSave:
        """The submitted answers, without a row to be removed, and with those that the choice after a conflict kept."""
        if removed := data.get("remove_row", ""):
            data = data.copy()
            data[f"{removed}-DELETE"] = "1"
        parsed = parse_section(self.step, data)
        parsed.answers = numbers_kept(self.step, parsed.answers, self._numbers_shown())
        if data.get("own") == YES:
            facts = self._own_facts(examine(self.draft))
            parsed.answers |= {
                name: each for name, each in facts.items() if not is_given(parsed.answers.get(name))
            }
            parsed.mentioned |= set(facts)
        saved = self._own(section_answers(self.draft.materials, self.step))
        return SectionSave(
            section=self.step,
            answers=answers_kept(parsed.answers, saved, data),
            mentioned=frozenset(parsed.mentioned),
            part=self.part,
            version=posted_version(data.get("version")),
            window=data.get("window", "")[:40],
            is_autosave=self.is_autosave,
            form_version=_posted_form_version(data, saved=version_of(self.draft.materials)),
        )


def _of_section(section: str, found: Mapping[str, Suggestion]) -> dict[str, Suggestion]:
    """Those of one section, by what follows it in their keys."""
    start = f"{section}."
    return {key.removeprefix(start): each for key, each in found.items() if key.startswith(start)}


def _control_of(name: str) -> str:
    """The name of the control of a suggestion: that of a group's field is the one in its first row."""
    group, dot, field = name.partition(".")
    return f"{group}-0-{field}" if dot else name


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
    known = {gap.key for gap in examination.gaps}
    for point in examination.points_of(form.section):
        if point.key not in known and (with_missing or not point.is_missing):
            form.flag_field(point.key.split(".")[1], point.message)


def _error_list(form: SectionForm, examination: Examination) -> list[dict[str, str]]:
    """Why the section came back: what is wrong at its controls, then what is wrong in answers that it does not ask."""
    return form.error_list() + [
        {"url": point.url, "message": point.message}
        for point in examination.points_of(form.section)
        if not point.is_missing and not form.asks(point.key)
    ]


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
    """The three linked lists of places in force today, for the script that joins them.

    Each place has its `name` in the language of the page and the `other` one, which the search finds it by as well.
    """
    tree = [
        {
            **_province_names(each.province),
            "children": [
                {
                    **_names(prefecture),
                    "children": [_names(one) for one in prefecture.counties],
                }
                for prefecture in each.prefectures
            ],
        }
        for each in jurisdictions.divisions(clock.today())
    ]
    return JsonResponse(tree, safe=False)


def _names(place: jurisdictions.Prefecture | jurisdictions.County) -> dict[str, str]:
    shown = division_label(place.code, place.name)
    other = english_name(place.code, place.name) if shown == place.name else place.name
    return {"code": place.code, "name": shown, "other": other}


def _province_names(province: jurisdictions.Province) -> dict[str, str]:
    shown = full_name(province.code)
    if shown != province.name:
        return {"code": province.code, "name": shown, "other": province.name}
    with override("en"):
        return {"code": province.code, "name": shown, "other": full_name(province.code)}
