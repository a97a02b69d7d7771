"""The page of the step that only one matter has: its answers are the notes of the draft."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from applicants.drafts.matter import Matter
from applicants.drafts.notes import NotesSave, save_notes
from applicants.drafts.pages.step import StepPage
from applicants.drafts.progress import Examination
from applicants.models import Draft
from registry import clock
from registry.errors import OutOfDate
from registry.presentation.posted import posted_version
from registry.rules.visible_text import clean_texts


class NotesPage(StepPage):
    """The page of `matter.own_step`. After a conflict it shows what was typed here and what was saved elsewhere."""

    matter: ClassVar[type[Matter]]
    conflict: OutOfDate | None = None

    @abstractmethod
    def read(self, data: QueryDict) -> dict[str, Any]:
        """The notes that a submitted form gives."""

    @abstractmethod
    def fields(
        self, examination: Examination, *, typed: Mapping[str, Any] | None, errors: Mapping[str, str]
    ) -> dict[str, Any]:
        """The fields of the form; `typed` are notes that are not saved, `errors` the messages by name of the field."""

    @property
    def autosave_url(self) -> str:
        return reverse(f"applicants:autosave_{self.step}", args=[self.draft.pk])

    def find_step(self, section_name: str = "") -> str:  # noqa: ARG002
        if not self.matter.holds(self.draft):
            raise Http404
        return self.matter.own_step

    def save_form(self, data: QueryDict) -> Draft:
        save = NotesSave(
            clean_texts(self.read(data)),
            version=posted_version(data.get("version")),
            window=data.get("window", "")[:40],
            is_autosave=self.is_autosave,
        )
        return save_notes(self.draft.pk, save, at=clock.now())

    def next_step(self, examination: Examination) -> str:
        """This one again while something is missing."""
        return self.step if examination.points_of(self.step) else super().next_step(examination)

    def context(
        self, request: HttpRequest, examination: Examination, *, kept: QueryDict | None
    ) -> dict[str, Any]:
        with_missing = "gaps" in request.GET
        errors = {
            point.key: point.message
            for point in examination.points_of(self.step)
            if point.key and (with_missing or not point.is_missing)
        }
        unsaved = request.POST if self.conflict is not None else kept
        typed = self.read(unsaved) if unsaved is not None else None
        return {
            **self.fields(examination, typed=typed, errors=errors),
            "error_list": [
                {"target": target, "label": "", "message": message} for target, message in errors.items()
            ],
        }

    def show_conflict(self, request: HttpRequest, conflict: OutOfDate) -> HttpResponse:
        self.conflict = conflict
        facts = {"version": str(conflict.facts["version"]), "conflict_at": conflict.facts["at"]}
        return self.show(request, extra={**facts, "is_restored": False}, status=409)
