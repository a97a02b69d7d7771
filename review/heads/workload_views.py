"""The workload page for heads, and its export."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry import clock
from registry.presentation.csv_lines import csv_lines
from review.access import officer_of
from review.heads.workload import month_of, months_to_choose, tables_for


@require_safe
def workload(request: HttpRequest) -> HttpResponse:
    """The workload, time at each desk, coming due days and lateness of a month."""
    at = clock.now()
    today = clock.china_date(at)
    month = month_of(request.GET.get("month", ""), today=today)
    context = {
        "tables": tables_for(officer_of(request), month=month, at=at),
        "month": f"{month:%Y-%m}",
        "months": months_to_choose(today),
    }
    return render(request, "review/heads/workload.html", context)


@require_safe
def workload_csv(request: HttpRequest) -> StreamingHttpResponse:
    """One table of the page as CSV, with the same rows in the same order."""
    at = clock.now()
    month = month_of(request.GET.get("month", ""), today=clock.china_date(at))
    wanted = request.GET.get("table", "officers")
    found = {table.key: table for table in tables_for(officer_of(request), month=month, at=at)}
    if wanted not in found:
        raise Http404
    table = found[wanted]
    response = StreamingHttpResponse(
        csv_lines(table.head, table.rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{table.key}-{month:%Y-%m}.csv"'
    return response
