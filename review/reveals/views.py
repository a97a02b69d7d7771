"""The auditor's list of reveals, and its export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from registry import clock
from registry.cursors import Position
from registry.labels import particulars as words
from registry.presentation.csv_lines import csv_lines
from registry.rules.codes.jurisdictions import province_of
from review.reveals import trail
from review.reveals.forms import RevealFilterForm


@require_GET
def reveals(request: HttpRequest) -> HttpResponse:
    """The list of reveals, newest first."""
    form = RevealFilterForm(request.GET or None)
    narrowed = form.narrowed()
    lines: list[trail.RevealLine] = []
    following = None
    if narrowed is not None:
        after = Position.parse(request.GET.get("after", ""))
        lines, following = trail.page_of_reveals(narrowed, after)
    query = request.GET.copy()
    query.pop("after", None)
    filters = query.urlencode()
    if following is not None:
        query["after"] = str(following)
    return render(
        request,
        "review/reveals/reveals.html",
        {
            "form": form,
            "lines": [_shown(line) for line in lines],
            "filters": filters,
            "first_url": f"?{filters}" if request.GET.get("after") else "",
            "next_url": f"?{query.urlencode()}" if following is not None else "",
        },
    )


@require_GET
def reveals_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All reveals that match the filter as CSV, with a byte-order mark so that spreadsheets read the Chinese."""
    narrowed = RevealFilterForm(request.GET or None).narrowed()
    if narrowed is None:
        return HttpResponse(status=400)
    response = StreamingHttpResponse(_csv_lines(narrowed), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reveals-{clock.today().isoformat()}.csv"'
    return response


def _shown(line: trail.RevealLine) -> dict[str, Any]:
    return {
        "line": line,
        "label": words.label_of(line.key),
        "province": province_of(line.province_code).name,
    }


def _csv_lines(narrowed: trail.RevealFilter) -> Iterator[str]:
    head = [
        _("Time"),
        _("Officer"),
        _("Province of the case"),
        _("Receipt number"),
        _("What was shown"),
        _("Revision"),
        _("Reason"),
    ]
    return csv_lines(head, (_row(line) for line in trail.all_reveals(narrowed)))


def _row(line: trail.RevealLine) -> list[object]:
    shown = _shown(line)
    return [
        timezone.localtime(line.at).isoformat(timespec="microseconds"),
        line.officer_name,
        shown["province"],
        line.receipt_number,
        str(shown["label"]),
        line.revision_number,
        line.reason,
    ]
