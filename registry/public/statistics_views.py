"""The pages of the statistics and their CSV files. They query `registry.statistics.public` only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from registry import clock
from registry.labels.list_words import list_title, short_title
from registry.labels.province_words import short_name
from registry.presentation.csv_lines import csv_lines
from registry.presentation.day_fields import DayField
from registry.public.answers import page_of
from registry.public.charts import columns_of, line_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.public.statistics_tables import (
    Table,
    cells_of,
    decision_times_until,
    ended_in_words,
    head_of_cells,
    tables_of_list,
    tables_of_register,
)
from registry.public.tile_map import tile_map
from registry.rules.batches.lifecycle import ListKind
from registry.statistics import public
from registry.statistics.public import FIRST_DAY, ListFigures

_CSV_TYPE = "text/csv; charset=utf-8"


class DayForm(forms.Form):
    """The day of the figures."""

    as_of = DayField(
        label=gettext_lazy("Figures as of the end of"),
        first=FIRST_DAY,
        last=clock.today,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("There is no such day. Write it like 2026-11-22.")},
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )

    @classmethod
    def asked_by(cls, request: HttpRequest) -> DayForm:
        """The form of a request; of today where it names no day."""
        return cls({"as_of": request.GET.get("as_of") or clock.today().isoformat()})


@require_safe
@limited
def statistics(request: HttpRequest) -> HttpResponse:
    """The register as of a day given in the query, or today, and the lists published by then side by side."""
    form = DayForm.asked_by(request)
    context: dict[str, Any] = {"form": form, "crumbs": crumbs((_("Statistics"), ""))}
    if not form.is_valid():
        return page_of(request, "registry/statistics.html", context, status=HTTPStatus.BAD_REQUEST)
    as_of: date = form.cleaned_data["as_of"]
    figures = public.register_figures(as_of)
    lists = [each for each in public.all_lists() if each.published_on <= as_of]
    query = urlencode({"as_of": as_of.isoformat()})
    context |= {
        "as_of": as_of,
        "is_over": as_of < clock.today(),
        "figures": figures,
        "ended": ended_in_words(figures),
        "map": tile_map(figures.provinces),
        "decision_times": [
            (line, short_name(line.province_code)) for line in decision_times_until(as_of) or ()
        ],
        "lists": [_list_row(each) for each in reversed(lists)],
        "columns": columns_of(lists),
        "line": line_of(lists),
        "first_day": FIRST_DAY,
        "last_day": clock.today(),
        "address": f"{reverse('public:statistics')}?{query}",
        "csv_url": f"{reverse('public:statistics_csv')}?{query}",
        "json_url": f"{reverse('api:statistics')}?{query}",
    } | _tables(tables_of_register(figures))
    return page_of(request, "registry/statistics.html", context)


@require_safe
@limited
def batch_statistics(request: HttpRequest, number: int) -> HttpResponse:
    """One list in figures, beside the lists before it."""
    figures = _figures_of(number)
    tables = tables_of_list(figures, public.several_in_list(number))
    context = _list_row(figures) | {
        "title": list_title(ListKind.FILINGS, number),
        "list_url": reverse("public:batch", args=[number]),
        "map": tile_map(figures.provinces),
        "new_provinces": [short_name(code) for code in figures.new_provinces] if number > 1 else [],
        "csv_url": reverse("public:batch_statistics_csv", args=[number]),
        "json_url": reverse("api:batch_statistics", args=[number]),
        "crumbs": crumbs((_("Statistics"), reverse("public:statistics")), (short_title(number), "")),
    }
    return page_of(request, "registry/batch_statistics.html", context | _tables(tables))


@require_safe
@limited
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """The tables of the register's page as CSV."""
    form = DayForm.asked_by(request)
    if not form.is_valid():
        raise Http404
    as_of: date = form.cleaned_data["as_of"]
    tables = tables_of_register(public.register_figures(as_of))
    return _csv(tables, f"blockchain-filings-{as_of.isoformat()}.csv")


@require_safe
@limited
def batch_statistics_csv(_request: HttpRequest, number: int) -> HttpResponse:
    """The tables of a list's page as CSV."""
    tables = tables_of_list(_figures_of(number), public.several_in_list(number))
    return _csv(tables, f"blockchain-filings-batch-{number}-statistics.csv")


def _figures_of(number: int) -> ListFigures:
    figures = public.list_figures(number)
    if figures is None:
        raise Http404
    return figures


def _tables(tables: Sequence[Table]) -> dict[str, Any]:
    return {"tables": {table.name: table for table in tables}}


def _list_row(figures: ListFigures) -> dict[str, Any]:
    """What the table of lists and the page of one say of a list."""
    growth = figures.growth.percent if figures.growth is not None else None
    return {
        "list": figures,
        "url": reverse("public:batch_statistics", args=[figures.number]),
        "short_title": short_title(figures.number),
        # With its sign, and a minus as wide as the plus.
        "growth": "" if growth is None else f"{growth:+}".replace("-", "\N{MINUS SIGN}"),
        "first": figures.provinces[0] if figures.provinces else None,
    }


def _csv(tables: Sequence[Table], name: str) -> HttpResponse:
    response = HttpResponse(
        "".join(csv_lines(head_of_cells(), cells_of(tables))).encode(), content_type=_CSV_TYPE
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, private=True, no_cache=True)
    return response
