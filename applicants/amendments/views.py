"""Pages of an amendment: its start, the reasons with their answers, and the sections to open."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from applicants import access, words
from applicants.amendments import amendment as amendments
from applicants.amendments.amendment import SECTIONS_TO_OPEN, Amendment
from applicants.drafts.pages.frame import account_of, draft_or_404, examine, wizard
from applicants.drafts.pages.notes import NotesPage
from applicants.drafts.progress import Examination
from applicants.drafts.steps import STEPS, anchor_of, row_key, step_of, step_url
from applicants.drafts.store import fixed_keys, has_fixed_facts
from applicants.models import Draft
from registry import clock
from registry.errors import TransitionNotAllowed
from registry.labels import particulars as particular_words
from registry.presentation.rounds import reason_shown
from registry.rules.particulars import is_particular, is_slot
from registry.rules.particulars.gaps import MISSING, Gap
from registry.rules.particulars.reasons import WHOLE
from registry.rules.workflow.states import Kind


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
        draft = amendments.start_amendment(found, account=account_of(request), at=clock.now())
    except TransitionNotAllowed as refusal:
        messages.warning(request, amendments.start_refusal_text(refusal, found.state))
        return redirect("applicants:application", found.pk)
    return redirect(_place_url(draft, request.POST.get("key", "")))


class ReasonsPage(NotesPage):
    """The reasons with their answers, or the explanation of a supplement; and the sections to open."""

    matter = Amendment
    template = "applicants/amendments/amendment.html"

    def read(self, data: QueryDict) -> dict[str, Any]:
        texts = {name: data.get(name, "").replace("\r\n", "\n") for name in data}
        answers = {name.removeprefix("answer-"): texts[name] for name in texts if name.startswith("answer-")}
        return {"answers": answers, "explanation": texts.get("explanation", "")}

    def next_step(self, examination: Examination) -> str:
        """The first section with an open field, answered or not, or the check page."""
        amended = _amendment(examination)
        if WHOLE in amended.named_keys:
            return STEPS[0]
        open_steps = {*amended.opened, *(step_of(key) for key in amended.named_keys)}
        return next((step for step in STEPS if step in open_steps), "check")

    def fields(
        self, examination: Examination, *, typed: Mapping[str, Any] | None, errors: Mapping[str, str]
    ) -> dict[str, Any]:
        amended = _amendment(examination)

        def field(name: str, saved: str, given: str | None) -> dict[str, Any]:
            """A text field; `saved_elsewhere` is set when another page saved a different text."""
            text = saved if given is None else given
            elsewhere = saved if self.conflict is not None and text != saved else ""
            return {"name": name, "text": text, "saved_elsewhere": elsewhere, "error": errors.get(name, "")}

        fixed = fixed_keys(amended.draft) if has_fixed_facts(amended.draft) else frozenset()
        reasons = []
        for reason in map(reason_shown, amended.reasons):
            given = typed["answers"].get(reason.id) if typed is not None else None
            block = field(f"answer-{reason.id}", amended.answer_to(reason.id), given)
            block |= {"reason": reason, "mend_url": _place_url(amended.draft, reason.key)}
            reasons.append({**block, "is_fixed": row_key(reason.key) in fixed})
        explanation = typed["explanation"] if typed is not None else None
        return {
            "reasons": reasons,
            "has_fixed": any(block["is_fixed"] for block in reasons),
            "explanation": field("explanation", amended.explanation, explanation),
            "sections_to_open": _sections_to_open(amended),
        }


@require_http_methods(["GET", "HEAD", "POST"])
def open_section(request: HttpRequest, draft_id: uuid.UUID, section_name: str) -> HttpResponse:
    """Asks for confirmation, then opens a section beyond the fields that the reasons name."""
    found = draft_or_404(request, draft_id)
    if not Amendment.holds(found) or section_name not in SECTIONS_TO_OPEN:
        raise Http404
    if request.method == "POST":
        amendments.open_section(found.pk, section_name, at=clock.now())
        return redirect(step_url(found.pk, section_name))
    context = {
        **wizard(found, Amendment.own_step, examine(found)),
        "section_label": words.STEP_LABELS[section_name],
        "back_url": step_url(found.pk, section_name),
    }
    return render(request, "applicants/amendments/open_section.html", context)


def _amendment(examination: Examination) -> Amendment:
    return cast(Amendment, examination.matter)


def _sections_to_open(amended: Amendment) -> list[dict[str, Any]]:
    """Every section with the number of fields the reasons name, and the link that opens it."""
    return [
        {
            "label": particular_words.section_label(section),
            "url": step_url(amended.draft.pk, section),
            "is_opened": section in amended.opened or WHOLE in amended.named_keys,
            "open_url": reverse("applicants:open_section", args=[amended.draft.pk, section]),
            "named_count": sum(key.startswith(f"{section}.") for key in amended.named_keys),
        }
        for section in SECTIONS_TO_OPEN
        if amended.concerns(section)
    ]


def _place_url(draft: Draft, key: str) -> str:
    """The address of the field or slot a reason names; the reasons page for one about the whole application."""
    row = row_key(key)
    if not (is_particular(row) or is_slot(row)):
        return step_url(draft.pk, Amendment.own_step)
    return f"{step_url(draft.pk, step_of(row))}#{anchor_of(Gap(row, MISSING))}"
