"""The page of the step that only one matter has: its answers, saved by a button and while they are typed."""

from __future__ import annotations

import secrets
import uuid
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from applicants.drafts.matter import Matter
from applicants.drafts.notes import NotesSave, save_notes
from applicants.drafts.pages.frame import account_of, clock_time, draft_or_404, examine, wizard
from applicants.drafts.progress import Examination
from applicants.drafts.steps import step_url
from applicants.models import Draft
from registry import clock
from registry.errors import OutOfDate
from registry.presentation import kept_forms
from registry.presentation.posted import posted_version


class NotesPage(View):
    """The page of `matter.own_step`. As `as_view(is_autosave=True)` it only saves, and answers with JSON."""

    http_method_names = ["get", "head", "post"]
    matter: ClassVar[type[Matter]]
    template: ClassVar[str]
    is_autosave = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_autosave and request.method != "POST":
            return self.http_method_not_allowed(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        return self._show(request, self._found(request, draft_id))

    def post(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        found, step = self._found(request, draft_id), self.matter.own_step
        save = NotesSave(
            self.read(request.POST),
            version=posted_version(request.POST.get("version")),
            window=request.POST.get("window", "")[:40],
            is_autosave=self.is_autosave,
        )
        try:
            saved = save_notes(found.pk, save, at=clock.now())
        except OutOfDate as conflict:
            if self.is_autosave:
                return JsonResponse({"code": conflict.code}, status=409)
            return self._show(request, found, typed=save.given, conflict=conflict, status=409)
        if self.is_autosave:
            return JsonResponse({"saved_at": clock_time(saved), "version": saved.version_of(step)})
        kept_forms.forget_form(request)
        return redirect(self._after_save(request, saved))

    @abstractmethod
    def read(self, data: QueryDict) -> dict[str, Any]:
        """The notes that a submitted form gives."""

    @abstractmethod
    def context(
        self,
        examination: Examination,
        *,
        typed: Mapping[str, Any] | None,
        errors: Mapping[str, str],
        is_conflict: bool,
    ) -> dict[str, Any]:
        """What the page shows; `typed` are notes that are not saved, `errors` the messages by name of the field."""

    def next_step(self, examination: Examination) -> str:
        """The step that the button to go on leads to: this one again while something is missing."""
        step = self.matter.own_step
        return step if examination.points_of(step) else examination.step_after(step)

    def _found(self, request: HttpRequest, draft_id: uuid.UUID) -> Draft:
        found = draft_or_404(request, draft_id)
        if not self.matter.holds(found):
            raise Http404
        return found

    def _after_save(self, request: HttpRequest, saved: Draft) -> str:
        examination, step = examine(saved), self.matter.own_step
        here = step_url(saved.pk, step)
        if any(not point.is_missing for point in examination.points_of(step)):
            return f"{here}?flag=1"
        if request.POST.get("next_step") == "forward":
            next_step = self.next_step(examination)
            return f"{here}?gaps=1" if next_step == step else step_url(saved.pk, next_step)
        messages.success(request, _("Saved at %(time)s.") % {"time": clock_time(saved)})
        return here

    def _show(
        self,
        request: HttpRequest,
        found: Draft,
        *,
        typed: Mapping[str, Any] | None = None,
        conflict: OutOfDate | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page; after a conflict, with what was typed here and what was saved elsewhere."""
        examination, step = examine(found), self.matter.own_step
        version, window = str(found.version_of(step)), secrets.token_hex(8)
        if typed is None and (kept := kept_forms.kept_form(request)) is not None:
            typed = self.read(kept)
            version, window = kept.get("version", version), kept.get("window", window)
        elif conflict is not None:
            version = str(conflict.facts["version"])
        with_missing = "gaps" in request.GET
        errors = {
            point.key: point.message
            for point in examination.points_of(step)
            if point.key and (with_missing or not point.is_missing)
        }
        context = {
            **wizard(found, step, examination),
            **self.context(examination, typed=typed, errors=errors, is_conflict=conflict is not None),
            "save_url": step_url(found.pk, step),
            "autosave_url": reverse(f"applicants:autosave_{step}", args=[found.pk]),
            "version": version,
            "window": window,
            "owner": str(account_of(request).pk),
            "is_restored": typed is not None and conflict is None,
            "conflict_at": conflict.facts["at"] if conflict is not None else None,
            "error_list": [
                {"target": target, "label": "", "message": message} for target, message in errors.items()
            ],
        }
        return render(request, self.template, context, status=status)
