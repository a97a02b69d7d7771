"""The pages of heads: overview and workload, its export, and the report of a month."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry import clock
from registry.book.decision_period import SOON_WORKING_DAYS
from registry.files.papers import PDF
from registry.files.views import inert_answer, saved_as
from registry.presentation.csv_lines import csv_answer, csv_lines
from review.access import Office, office_of, officer_of
from review.heads.monthly_report import monthly_report
from review.heads.overview import LONG_WORKING_DAYS, overview_of
from review.heads.standing import FORECAST_WORKING_DAYS
from review.heads.workload import month_of, months_to_choose, tables_for


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What a head sees first: what breaks soon, who has what, which province is slow."""
    head, at = officer_of(request), clock.now()
    context = {
        "overview": overview_of(head, at=at),
        "is_national": office_of(head) is Office.NATION,
        "today": clock.china_date(at),
        "soon_days": SOON_WORKING_DAYS,
        "long_days": LONG_WORKING_DAYS,
        "forecast_days": FORECAST_WORKING_DAYS,
    }
    return render(request, "review/heads/overview.html", context)


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
def monthly_report_pdf(request: HttpRequest) -> HttpResponse:
    """The report of the head's office on a month, as PDF."""
    at = clock.now()
    month = month_of(request.GET.get("month", ""), today=clock.china_date(at))
    content = monthly_report(officer_of(request), month=month, at=at)
    return saved_as(inert_answer(content, PDF), f"备案工作月报-{month:%Y-%m}.pdf")


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
    return csv_answer(csv_lines(table.head, table.rows), name=f"{table.key}-{month:%Y-%m}.csv")
