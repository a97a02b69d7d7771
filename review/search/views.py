"""The search of cases as a page, and what it shows as files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry import clock
from registry.cursors import PARAMETER
from registry.labels.province_words import short_name
from registry.labels.states import label_of
from registry.presentation import workbooks
from registry.presentation.csv_lines import csv_answer
from registry.presentation.workbooks import write_workbook
from registry.public.pages import address
from registry.publication.addresses import portal_url
from registry.publication.record import number_meant
from registry.rules.codes import filing_number
from registry.rules.workflow.decision_clock import UNDELIVERED
from review.access import Office, office_of, officer_of
from review.queue import lists
from review.search import cases, columns
from review.search.cases import COUNTED_UP_TO, FoundCase, Order
from review.search.forms import CaseFilters

_NAME = "review:cases"

_ORDER_LABELS = {
    Order.WORKED: gettext_lazy("Last worked on first"),
    Order.RECEIVED: gettext_lazy("Last received first"),
    Order.OLDEST: gettext_lazy("First received first"),
    Order.DECIDED: gettext_lazy("Last decided first (decided cases only)"),
    Order.APPLICANT: gettext_lazy("By name of the applicant"),
}

# The address of this search with one parameter changed.
Address = Callable[..., str]


@require_safe
def find_cases(request: HttpRequest) -> HttpResponse:
    """One page of the cases that the query asks for, open and closed ones."""
    officer = officer_of(request)
    form = CaseFilters(request.GET, officer=officer)
    this_search: Address = partial(address, reverse(_NAME), request.GET, names=list(form.fields))
    context: dict[str, Any] = {
        "form": form,
        "is_national": office_of(officer) is Office.NATION,
        "all_url": reverse(_NAME),
    }
    if not form.is_valid():
        context["tabs"] = _tabs(this_search, is_mine=form.data.get("cases") == "mine")
        return render(request, "review/search/cases.html", context, status=HTTPStatus.BAD_REQUEST)
    lists.remember(request)
    cursor = request.GET.get(PARAMETER, "")
    page = cases.search(officer, form.criteria, order=form.order, cursor=cursor)
    total = cases.count_found(officer, form.criteria, order=form.order) if page.rows else 0
    context |= {
        "tabs": _tabs(this_search, is_mine=form.is_mine),
        "is_mine": form.is_mine,
        "is_narrowing": form.is_narrowing,
        "rows": [_row(case) for case in page.rows],
        "total": total,
        "is_whole": total < COUNTED_UP_TO,
        "is_start_instead": page.is_start_instead,
        "first_url": this_search() if cursor and not page.is_start_instead else "",
        "previous_url": this_search(**{PARAMETER: page.previous_cursor}) if page.previous_cursor else "",
        "next_url": this_search(**{PARAMETER: page.next_cursor}) if page.next_cursor else "",
        "chosen": [
            {"label": label, "value": words, "url": this_search(**{name: ""})}
            for name, label, words in form.chosen()
        ],
        "orders": _orders(form, this_search),
        "files": _files(form, total),
        "record_url": "" if page.rows else _record_url(form.criteria.text),
    }
    return render(request, "review/search/cases.html", context)


@require_safe
def cases_file(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """Every case that the search in the query finds, in its order, as a file."""
    officer = officer_of(request)
    form = CaseFilters(request.GET, officer=officer)
    if not form.is_valid():
        raise Http404
    on = clock.today().isoformat()
    found = cases.all_found(officer, form.criteria, order=form.order)
    name = f"cases-{on}.{file_format}"
    if file_format == "csv":
        language = get_language()

        def lines() -> Any:
            with override(language):
                yield from columns.as_csv(found)

        return csv_answer(lines(), name=name)
    if cases.count_found(officer, form.criteria, order=form.order) >= COUNTED_UP_TO:
        # A workbook is made whole before it is sent; so many cases are to be had as CSV.
        raise Http404
    search = portal_url(address(reverse(_NAME), request.GET, names=list(form.fields)))
    book = write_workbook(columns.as_sheets(found, address=search, on=on))
    response = HttpResponse(book, content_type=workbooks.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _row(case: FoundCase) -> dict[str, Any]:
    """One case as a row of the table."""
    return {
        "case": case,
        "url": reverse("review:case", args=[case.id]),
        "province": short_name(case.province_code),
        "kind": label_of(case.kind),
        "stage": columns.stage_words(case),
        "tone_of": UNDELIVERED if case.awaits_delivery else case.state.value,
        "decision": columns.decision_words(case),
        "office": columns.office_words(case),
        "decided_on": clock.china_date(case.decided_at) if case.decided_at else None,
    }


def _tabs(this_search: Address, *, is_mine: bool) -> list[dict[str, Any]]:
    """All cases, and those that the officer worked on; the filters stay, the order is that of each."""
    return [
        {"label": _("All cases"), "url": this_search(cases="", sort=""), "is_current": not is_mine},
        {
            "label": _("Cases I worked on"),
            "url": this_search(cases="mine", sort=""),
            "is_current": is_mine,
        },
    ]


def _orders(form: CaseFilters, this_search: Address) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": this_search(sort="" if order is form.usual_order else order.value),
            "is_current": order is form.order,
        }
        for order, label in _ORDER_LABELS.items()
        if order in form.orders
    ]


def _files(form: CaseFilters, total: int) -> list[dict[str, str]]:
    """The files in which the cases found can be had."""
    formats = ("csv", "xlsx") if total < COUNTED_UP_TO else ("csv",)
    return [
        {
            "label": each.upper(),
            "url": address(reverse(f"review:cases_{each}"), form.data, names=list(form.fields)),
        }
        for each in formats
    ]


def _record_url(text: str) -> str:
    """The public record of the filing number in the text; empty where it has none that is well formed."""
    number = number_meant(text)
    if not number or not filing_number.is_valid(number):
        return ""
    return reverse("public:filing", args=[str(filing_number.parse(number))])
