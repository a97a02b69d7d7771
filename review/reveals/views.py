"""The auditor's list of reveals, and its export."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from registry.labels import particulars as words
from registry.labels.province_words import full_name
from registry.presentation.trails import Trail
from review.models import PersonalDataReveal
from review.reveals.forms import RevealFilterForm


@require_GET
def reveals(request: HttpRequest) -> HttpResponse:
    """The list of reveals, newest first."""
    form = RevealFilterForm(request.GET or None)
    return _REVEALS.page(request, "review/reveals/reveals.html", form.selected(), form)


@require_GET
def reveals_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All reveals that match the filter as CSV, with a byte-order mark so that spreadsheets read the Chinese."""
    return _REVEALS.export(RevealFilterForm(request.GET or None).selected())


def _shown(reveal: PersonalDataReveal) -> dict[str, Any]:
    return {
        "reveal": reveal,
        "label": words.label_of(reveal.key),
        "province": full_name(reveal.province_code),
    }


def _cells(reveal: PersonalDataReveal) -> list[object]:
    shown = _shown(reveal)
    return [
        timezone.localtime(reveal.at).isoformat(timespec="microseconds"),
        reveal.officer.name,
        shown["province"],
        reveal.application.receipt_number,
        str(shown["label"]),
        reveal.revision_number,
        reveal.reason,
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
