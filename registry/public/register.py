"""The register as pages: a search with its facets, the same as files, and all filings of one applicant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext_lazy, override, pgettext
from django.views.decorators.http import require_safe

from registry import clock
from registry.presentation import workbooks
from registry.presentation.workbooks import write_workbook
from registry.public import exports
from registry.public.answers import page_of
from registry.public.facets import chosen_in, groups_of
from registry.public.filters import APPLICANT_HEAD, RegisterFilters
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.public.pages import address, filing_row, number_in_address
from registry.public.words import number_of_another_register, why_not
from registry.publication import record
from registry.publication.addresses import portal_url
from registry.publication.record import Criteria, Order

# A workbook is made whole before it is sent; more filings than this are to be had as CSV and JSON.
WORKBOOK_FILINGS = 20_000

_ORDER_LABELS = {
    Order.NEWEST: gettext_lazy("Latest number first"),
    Order.OLDEST: gettext_lazy("Oldest number first"),
    Order.SERVICE: gettext_lazy("By name of the service"),
    Order.APPLICANT: gettext_lazy("By name of the applicant"),
}


@require_safe
@limited
def filings(request: HttpRequest) -> HttpResponse:
    """The register: one page of a search given in the query; a text with a whole filing number leads to its record."""
    form = RegisterFilters(request.GET)
    context: dict[str, Any] = {
        "form": form,
        "crumbs": crumbs((pgettext("the book of filings", "Register"), "")),
    }
    if not form.is_valid():
        return page_of(request, "registry/filings.html", context, status=HTTPStatus.BAD_REQUEST)
    text = form.cleaned_data["q"]
    if number := record.number_meant(text):
        return HttpResponseRedirect(reverse("public:filing", args=[number_in_address(number)]))
    if receipt := record.receipt_number_meant(text):
        return page_of(request, "registry/filings.html", context | {"receipt_number": receipt})
    this_search = partial(address, reverse("public:filings"), request.GET, names=form.fields)
    shown = _page_of(request, form.criteria, order=form.order, this_search=this_search)
    tally = shown["tally"]
    refused = record.why_not_a_number(text) if not shown["rows"] else None
    context |= shown | {
        "why_not": why_not(refused) if refused is not None else "",
        "other_number": number_of_another_register(text) if not shown["rows"] else "",
        "has_every_standing": not form.cleaned_data["standing"],
        "searched": bool(text or form.narrowed_by),
        "chosen": chosen_in(form, address=this_search),
        "facets": groups_of(form, tally, address=this_search),
        "orders": _orders(form.order, this_search),
        "files": _files(form, tally.filings),
    }
    return page_of(request, "registry/filings.html", context)


@require_safe
@limited
def export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """Every filing that the search in the query finds, in its order, as a file."""
    form = RegisterFilters(request.GET)
    if not form.is_valid():
        context = {"form": form, "crumbs": crumbs((pgettext("the book of filings", "Register"), ""))}
        return page_of(request, "registry/filings.html", context, status=HTTPStatus.BAD_REQUEST)
    found = record.exported(form.criteria, order=form.order)
    on = clock.today().isoformat()
    search = portal_url(address(reverse("public:filings"), request.GET, names=form.fields))
    name = f"filings-{on}.{file_format}"
    if file_format == "csv":
        return _streamed(exports.as_csv(found), "text/csv; charset=utf-8", name)
    if file_format == "json":
        return _streamed(exports.as_json(found, address=search, on=on), "application/json", name)
    if record.has_more_than(WORKBOOK_FILINGS, form.criteria):
        raise Http404
    book = write_workbook(exports.as_sheets(found, address=search, on=on))
    return _attached(HttpResponse(book, content_type=workbooks.CONTENT_TYPE), name)


@require_safe
@limited
def applicant(request: HttpRequest, head: str) -> HttpResponse:
    """All public filings of one applicant, by what their numbers share."""
    if not re.match(APPLICANT_HEAD, head):
        raise Http404
    criteria = Criteria(applicant_head=head)
    path = reverse("public:applicant", args=[head])
    shown = _page_of(request, criteria, this_search=partial(address, path, request.GET, names=()))
    if not shown["rows"]:
        raise Http404
    tally = shown["tally"]
    name = shown["rows"][0]["filing"].applicant_name
    form = RegisterFilters({"applicant": head})
    form.is_valid()
    context = shown | {
        "name": name,
        "head": head,
        "in_force": tally.by_facet["standing"].get("in_force", 0),
        "files": _files(form, tally.filings),
        "crumbs": crumbs(
            (pgettext("the book of filings", "Register"), reverse("public:filings")), (name, "")
        ),
    }
    return page_of(request, "registry/applicant.html", context)


def _page_of(
    request: HttpRequest, criteria: Criteria, *, this_search: Any, order: Order = Order.NEWEST
) -> dict[str, Any]:
    """The rows that the cursor of the request asks for, and the addresses of the pages beside them."""
    cursor, is_start_instead = request.GET.get("cursor", ""), False
    try:
        found = record.search(criteria, cursor=cursor, order=order)
    except record.CursorInvalid:
        found, is_start_instead = record.search(criteria, order=order), True
    return {
        "rows": [filing_row(filing, found.former_names.get(filing.number, {})) for filing in found.filings],
        "tally": found.tally,
        "is_start_instead": is_start_instead,
        "first_url": this_search() if cursor and not is_start_instead else "",
        "previous_url": this_search(cursor=found.previous_cursor) if found.previous_cursor else "",
        "next_url": this_search(cursor=found.next_cursor) if found.next_cursor else "",
    }


def _orders(current: Order, this_search: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": this_search(sort="" if order is Order.NEWEST else order.value),
            "is_current": order is current,
        }
        for order, label in _ORDER_LABELS.items()
    ]


def _files(form: RegisterFilters, number: int) -> list[dict[str, str]]:
    """The files in which the filings found can be had."""
    formats = ["csv", "xlsx", "json"] if number <= WORKBOOK_FILINGS else ["csv", "json"]
    return [
        {
            "label": each.upper(),
            "url": address(reverse(f"public:filings_{each}"), form.data, names=form.fields),
        }
        for each in formats
    ]


def _streamed(parts: Iterator[str], content_type: str, name: str) -> HttpResponseBase:
    """The parts as a file, each made in the language of the request."""
    language = get_language()

    def in_language() -> Iterator[str]:
        with override(language):
            yield from parts

    return _attached(StreamingHttpResponse(in_language(), content_type=content_type), name)


def _attached(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, private=True, no_store=True)
    return response
