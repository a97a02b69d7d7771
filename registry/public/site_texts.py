"""The pages of the portal's own statements: privacy, identity documents and accessibility."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.labels.site_texts import AGREED_TEXTS, blocks_of_text, blocks_of_version
from registry.public.answers import page_of
from registry.public.navigation import crumbs
from registry.rules.site_texts import AgreedText, current_version, versions_of

_URLS = {
    AgreedText.PRIVACY_NOTICE: "public:privacy",
    AgreedText.IDENTITY_DOCUMENTS: "public:identity_documents",
}


@require_safe
def agreed_text(request: HttpRequest, text: AgreedText, version: int | None = None) -> HttpResponse:
    """A text that accounts agree to, as it holds now, or one of its versions."""
    versions = versions_of(text)
    shown = version if version is not None else current_version(text)
    if shown not in versions:
        raise Http404
    title = AGREED_TEXTS[text]
    context: dict[str, Any] = {
        "title": title,
        "blocks": blocks_of_version(text, shown),
        "version": shown,
        "is_current": shown == current_version(text),
        "url": reverse(_URLS[text]),
        "versions": [
            {"number": number, "url": reverse(f"{_URLS[text]}_version", args=[number])} for number in versions
        ],
        "other": [
            {"label": AGREED_TEXTS[other], "url": reverse(_URLS[other])}
            for other in AgreedText
            if other != text
        ],
        "crumbs": crumbs((title, "")),
    }
    return page_of(request, "registry/site_text.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What of the portal everybody can use, what not yet, how it is measured, and where to complain."""
    title = _("Accessibility statement")
    context = {"title": title, "blocks": blocks_of_text("accessibility"), "crumbs": crumbs((title, ""))}
    return page_of(request, "registry/site_text.html", context)
