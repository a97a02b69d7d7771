"""The table of clients, and its export."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from applicants.clients.clients import ClientRow, client_rows
from applicants.clients.forms import ClientsForm
from applicants.drafts.pages.frame import account_of, crumbs
from registry import clock
from registry.calendar.current import current_calendar
from registry.presentation import workbooks
from registry.presentation.csv_lines import csv_answer, csv_lines
from registry.presentation.workbooks import Sheet, write_workbook

PAGE_SIZE = 50
_PAGE = "page"
_HEAD = (
    gettext_lazy("Client"),
    gettext_lazy("Service"),
    gettext_lazy("Receipt or filing number"),
    gettext_lazy("Next act"),
    gettext_lazy("Last day"),
    gettext_lazy("Provisional"),
    gettext_lazy("Working days left"),
    gettext_lazy("Letter valid until"),
)
_WIDTHS = (32, 32, 28, 36, 14, 12, 16, 18)


@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """The services of everybody the account acts for, what is due first."""
    form = ClientsForm(request.GET)
    rows = _rows(request)
    found = form.selected(rows) if form.is_valid() else []
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get(_PAGE))
    context: dict[str, Any] = {
        "form": form,
        "has_clients": bool(rows),
        "rows": list(page),
        "total": len(found),
        "filters": _without_page(request.GET).urlencode(),
        "previous_url": _page_url(request, page.number - 1) if page.has_previous() else "",
        "next_url": _page_url(request, page.number + 1) if page.has_next() else "",
        "crumbs": crumbs(_("Clients")),
    }
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.BAD_REQUEST
    return render(request, "applicants/clients/clients.html", context, status=status)


@require_safe
def export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """All rows that match the filter, in its order, as CSV or as a workbook."""
    form = ClientsForm(request.GET)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    head = [str(each) for each in _HEAD]
    lines = [_cells(row) for row in form.selected(_rows(request))]
    name = f"clients-{clock.today().isoformat()}.{file_format}"
    if file_format == "csv":
        return csv_answer(csv_lines(head, lines), name=name)
    book = write_workbook([Sheet(_("Clients"), head, lines, _WIDTHS)])
    response = HttpResponse(book, content_type=workbooks.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(request: HttpRequest) -> list[ClientRow]:
    return client_rows(account_of(request), today=clock.today(), calendar=current_calendar())


def _cells(row: ClientRow) -> list[object]:
    return [
        row.client,
        row.service,
        row.reference,
        str(row.act),
        row.on.isoformat() if row.on is not None else "",
        _("Yes") if row.provisional else "",
        row.days_left if row.days_left is not None else "",
        row.letter_until.isoformat() if row.letter_until is not None else "",
    ]


def _without_page(data: QueryDict) -> QueryDict:
    kept = data.copy()
    kept.pop(_PAGE, None)
    return kept


def _page_url(request: HttpRequest, number: int) -> str:
    asked = _without_page(request.GET)
    asked[_PAGE] = str(number)
    return f"{reverse('applicants:clients')}?{asked.urlencode()}"
