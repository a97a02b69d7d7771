"""What all steps with a form have in common: saved by a button and while typing, never over what another page saved."""

from __future__ import annotations

import secrets
import uuid
from abc import abstractmethod
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import View

from applicants import words
from applicants.drafts.pages.frame import account_of, draft_or_404, examine, wizard
from applicants.drafts.progress import Examination
from applicants.drafts.steps import Point, step_url
from applicants.models import Draft
from registry.errors import OutOfDate
from registry.labels.date_format import time_of_day
from registry.presentation import kept_forms


class StepPage(View):
    """A step with a form. As `as_view(is_autosave=True)` it only saves, and answers with JSON."""

    http_method_names = ["get", "head", "post"]
    template: ClassVar[str]
    is_autosave = False
    draft: Draft
    step: str

    def dispatch(self, request: HttpRequest, draft_id: uuid.UUID, **kwargs: str) -> HttpResponseBase:
        if self.is_autosave and request.method != "POST":
            return self.http_method_not_allowed(request)
        self.draft = draft_or_404(request, draft_id)
        self.step = self.find_step(**kwargs)
        return super().dispatch(request)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            saved = self.save_form(request.POST)
        except OutOfDate as conflict:
            if self.is_autosave:
                return JsonResponse({"code": conflict.code}, status=409)
            return self.show_conflict(request, conflict)
        if self.is_autosave:
            facts = {"saved_at": time_of_day(saved.saved_at), "version": saved.version_of(self.saves_key)}
            return JsonResponse({**facts, **self.saved_facts(saved)})
        kept_forms.forget_form(request)
        return redirect(self.after_save(request, saved))

    @abstractmethod
    def find_step(self, section_name: str = "") -> str:
        """The step of this address. Raises Http404 for one that the draft does not have."""

    @property
    def saves_key(self) -> str:
        """What the saves of this page are counted under."""
        return self.step

    @property
    def label(self) -> Promise | str:
        """What this page is called."""
        return words.STEP_LABELS[self.step]

    def page_url(self) -> str:
        """The address of this page."""
        return step_url(self.draft.pk, self.step)

    def points_here(self, examination: Examination) -> tuple[Point, ...]:
        """The points about what stands on this page."""
        return examination.points_of(self.step)

    def url_of(self, point: Point) -> str:  # noqa: ARG002
        """The address of the page that a point of this step is about."""
        return self.page_url()

    def next_url(self, examination: Examination) -> str:
        """Where the button to go on leads to; empty for this page again."""
        next_step = self.next_step(examination)
        return "" if next_step == self.step else step_url(self.draft.pk, next_step)

    @property
    @abstractmethod
    def autosave_url(self) -> str:
        """Where the form is saved while it is filled in."""

    @abstractmethod
    def save_form(self, data: QueryDict) -> Draft:
        """Saves a submitted form. Raises OutOfDate when another page has saved this step meanwhile."""

    @abstractmethod
    def context(
        self, request: HttpRequest, examination: Examination, *, kept: QueryDict | None
    ) -> dict[str, Any]:
        """What the step shows; `kept` is the form that an ended sign-in kept from being saved."""

    @abstractmethod
    def show_conflict(self, request: HttpRequest, conflict: OutOfDate) -> HttpResponse:
        """The page after a save that would have overwritten another: both texts, and nothing saved."""

    def saved_facts(self, saved: Draft) -> dict[str, Any]:  # noqa: ARG002
        """What an autosave tells the page beside its version."""
        return {}

    def next_step(self, examination: Examination) -> str:
        """The step that the button to go on leads to."""
        return examination.step_after(self.step)

    def after_save(self, request: HttpRequest, saved: Draft) -> str:
        """The address after a save by the button: this step again while something in it is wrong."""
        examination, here = examine(saved), self.page_url()
        if wrong := [point for point in self.points_here(examination) if not point.is_missing]:
            return f"{self.url_of(wrong[0])}?flag=1"
        if request.POST.get("next_step") == "forward":
            onward = self.next_url(examination)
            left = sum(point.is_missing for point in self.points_here(examination))
            if onward and left:
                messages.info(request, words.left_behind(self.label, left, url=f"{here}?gaps=1"))
            return onward or f"{here}?gaps=1"
        messages.success(request, _("Saved at %(time)s.") % {"time": time_of_day(saved.saved_at)})
        return here

    def frame(self, examination: Examination) -> dict[str, Any]:
        """The context of the wizard around this page."""
        return wizard(self.draft, self.step, examination)

    def show(
        self, request: HttpRequest, *, extra: dict[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        examination, kept = examine(self.draft), kept_forms.kept_form(request)
        form = kept if kept is not None else QueryDict()
        context = {
            **self.frame(examination),
            "save_url": self.page_url(),
            "autosave_url": self.autosave_url,
            "version": form.get("version", str(self.draft.version_of(self.saves_key))),
            "window": form.get("window", secrets.token_hex(8)),
            "owner": str(account_of(request).pk),
            "is_restored": kept is not None,
            **self.context(request, examination, kept=kept),
            **(extra or {}),
        }
        return render(request, self.template, context, status=status)
