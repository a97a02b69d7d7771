"""The auditor's list of reveals, and its export."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from registry.labels import particulars as words
from registry.presentation.trails import Trail
from registry.rules.codes.jurisdictions import province_of
from review.models import PersonalDataReveal
from review.reveals import trail
from review.reveals.forms import RevealFilterForm


@require_GET
def reveals(request: HttpRequest) -> HttpResponse:
    """The list of reveals, newest first."""
    form = RevealFilterForm(request.GET or None)
    return _REVEALS.page(request, "review/reveals/reveals.html", _rows(form), form)


@require_GET
def reveals_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All reveals that match the filter as CSV, with a byte-order mark so that spreadsheets read the Chinese."""
    return _REVEALS.export(_rows(RevealFilterForm(request.GET or None)))


def _rows(form: RevealFilterForm) -> QuerySet[PersonalDataReveal] | None:
    narrowed = form.narrowed()
    return trail.reveals_within(narrowed) if narrowed is not None else None


def _shown(reveal: PersonalDataReveal) -> dict[str, Any]:
    line = trail.line_of(reveal)
    return {
        "line": line,
        "label": words.label_of(line.key),
        "province": province_of(line.province_code).name,
    }


def _cells(reveal: PersonalDataReveal) -> list[object]:
    shown = _shown(reveal)
    line: trail.RevealLine = shown["line"]
    return [
        timezone.localtime(line.at).isoformat(timespec="microseconds"),
        line.officer_name,
        shown["province"],
        line.receipt_number,
        str(shown["label"]),
        line.revision_number,
        line.reason,
    ]


_REVEALS = Trail(
    "reveals",
    shown=_shown,
    head=(
        _("Time"),
        _("Officer"),
        _("Province of the case"),
        _("Receipt number"),
        _("What was shown"),
        _("Revision"),
        _("Reason"),
    ),
    cells=_cells,
)
