"""The page on the interface for programs: what it gives, one example, its limits and terms, for people who read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from registry.public.answers import page_of
from registry.public.limits import AddressThrottle
from registry.public.navigation import PROGRAM_PAGES, crumbs
from registry.public.serializers import SAMPLE_FILING
from registry.publication.addresses import portal_url

_MINUTE = 60
# What each address gives, with the question that its link asks.
_OFFERS: tuple[tuple[str, Mapping[str, str], Promise], ...] = (
    (
        "api:filings",
        {"page_size": "10"},
        gettext_lazy(
            "Search of the register, in pages: by name, number, province, category, chain, standing, day."
        ),
    ),
    (
        "api:statistics",
        {},
        gettext_lazy("The register in figures, as of today or of any earlier day."),
    ),
    ("api:batches", {}, gettext_lazy("The published batch lists, with their files and entries.")),
    (
        "api:batches_statistics",
        {},
        gettext_lazy("The published lists in figures."),
    ),
    ("api:code_lists", {}, gettext_lazy("The lists of codes with their words in both languages.")),
    (
        "api:deadlines",
        {"period": "decision", "event_date": "2026-03-02"},
        gettext_lazy("A due day, and each day that leads to it."),
    ),
)
_FILES: tuple[tuple[str, Promise], ...] = (
    ("public:filings_csv", gettext_lazy("The whole register as CSV")),
    ("public:filings_xlsx", gettext_lazy("The whole register as XLSX")),
    ("public:filings_json", gettext_lazy("The whole register as JSON")),
)


@require_safe
def data_interface(request: HttpRequest) -> HttpResponse:
    """What programs may ask, in words; the description that programs read is linked as a file."""
    throttle = AddressThrottle()
    context = {
        "offers": [_offer(name, query, text) for name, query, text in _OFFERS],
        "files": [{"url": reverse(name), "text": text} for name, text in _FILES],
        "feeds": [each for each in PROGRAM_PAGES if "feed" in each.url_name],
        "example_url": portal_url(_url("api:filings", _EXAMPLE_QUERY)),
        "example_path": _url("api:filings", _EXAMPLE_QUERY),
        "example": json.dumps(_example(), ensure_ascii=False, indent=2),
        "per_minute": _per_minute(throttle),
        "crumbs": crumbs((_("Data interface"), "")),
    }
    return page_of(request, "registry/data_interface.html", context)


_EXAMPLE_QUERY = {"q": "溯源", "province": "110000", "page_size": "1"}
_SHOWN_KEYS = ("number", "applicant_name", "service_name", "province_name", "standing", "numbered_on")


def _example() -> dict[str, Any]:
    """An answer with one invented filing, and of it the keys that say most."""
    return {"next": None, "previous": None, "results": [{key: SAMPLE_FILING[key] for key in _SHOWN_KEYS}]}


def _offer(name: str, query: Mapping[str, str], text: Promise) -> dict[str, object]:
    return {"path": reverse(name), "url": _url(name, query), "text": text}


def _url(name: str, query: Mapping[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)


def _per_minute(throttle: AddressThrottle) -> int | None:
    """How many questions one address may ask in a minute; None while nothing is limited."""
    return None if throttle.rate is None else throttle.num_requests * _MINUTE // throttle.duration
