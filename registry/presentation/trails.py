"""The auditor's trails: long lists of what was done, newest first, narrowed by a form, in pages and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.cursors import ID, MOMENT, PARAMETER, Key, Keyset, links
from registry.presentation.csv_lines import csv_answer, csv_lines
from registry.presentation.day_fields import DayField, refusal_of_range

PAGE_SIZE = 50
_CHUNK = 500

Row = TypeVar("Row", bound=Model)


class DaysForm(forms.Form):
    """The days of a trail, in China and both inclusive; either may be left out."""

    first_on = DayField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_on = DayField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first_on, last_on = cleaned.get("first_on"), cleaned.get("last_on")
        if first_on and last_on and first_on > last_on:
            self.add_error("last_on", refusal_of_range())
        return cleaned

    def narrowed(self, rows: QuerySet[Row]) -> QuerySet[Row] | None:
        """The rows with their moment `at` on these days; all if nothing is asked, None if the form is not valid."""
        if not self.is_bound:
            return rows
        if not self.is_valid():
            return None
        if first_on := self.cleaned_data["first_on"]:
            rows = rows.filter(at__gte=clock.start_of(first_on))
        if last_on := self.cleaned_data["last_on"]:
            rows = rows.filter(at__lt=clock.start_of(last_on + timedelta(days=1)))
        return rows


@dataclass(frozen=True, slots=True)
class Trail(Generic[Row]):
    """One trail: `shown` gives the context of a row's line on the page, `cells` the same line in the export.

    `name` is in the cursors and in the file name of the export.
    """

    name: str
    shown: Callable[[Row], dict[str, Any]]
    head: Sequence[Promise]
    cells: Callable[[Row], Sequence[object]]

    @property
    def order(self) -> Keyset:
        """The newest first."""
        return Keyset(self.name, (Key("at", MOMENT, falls=True), Key("id", ID, falls=True)))

    def lines(self, rows: QuerySet[Row]) -> list[dict[str, Any]]:
        """The lines of the first page."""
        return [self.shown(row) for row in self.order.page(rows, "", size=PAGE_SIZE).rows]

    def page(
        self, request: HttpRequest, template: str, rows: QuerySet[Row] | None, form: forms.Form | None = None
    ) -> HttpResponse:
        """The page that the address asks for; one without lines where the form is invalid and `rows` None."""
        filters = request.GET.copy()
        filters.pop(PARAMETER, None)
        context: dict[str, Any] = {"form": form, "filters": filters.urlencode(), "lines": []}
        if rows is not None:
            found = self.order.page_or_start(rows, request.GET.get(PARAMETER, ""), size=PAGE_SIZE)
            context |= {"lines": [self.shown(row) for row in found.rows], **links(request, found)}
        return render(request, template, context)

    def export(self, rows: QuerySet[Row] | None) -> HttpResponse | StreamingHttpResponse:
        """All rows as CSV, newest first, read in chunks; 400 where the form is invalid and `rows` None."""
        if rows is None:
            return HttpResponse(status=400)
        ordered = self.order.ordered(rows).iterator(chunk_size=_CHUNK)
        lines = csv_lines([str(each) for each in self.head], (self.cells(row) for row in ordered))
        return csv_answer(lines, name=f"{self.name}-{clock.today().isoformat()}.csv")
