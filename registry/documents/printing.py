"""Renders the templates in templates/documents as tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from registry.documents.glyphs import with_substitutes
from registry.rules.printable import FONTS
from registry.rules.provisions import DISCLAIMER, REGULATION, SYSTEM_NAME

LANGUAGE = "zh-hans"
BASE_URL = "document:///"
_STYLES = ("document.css", "forms.css", "official.css", "report.css")
_OPTIONS = {"pdf_variant": "pdf/ua-1"}

# Fontconfig and Pango are not thread-safe.
_rendering = threading.Lock()


class ForbiddenAsset(FatalURLFetchingError):
    """A document refers to an address that is not one of its own assets."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that a document embeds, such as a picture; the template refers to it by its name."""

    content: bytes
    content_type: str


class AssetFetcher(URLFetcher):
    """Serves style sheets, fonts and the document's own assets by name; refuses every other address."""

    def __init__(self, assets: Mapping[str, Asset] | None = None) -> None:
        super().__init__()
        self._assets = assets or {}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 -- the library's
        name = url.removeprefix(BASE_URL)
        if name in self._assets:
            asset = self._assets[name]
        elif name in FONTS:
            asset = Asset(FONTS[name].read_bytes(), "font/otf")
        elif name in _STYLES:
            style = Path(settings.BASE_DIR) / "templates" / "documents" / name
            asset = Asset(style.read_bytes(), "text/css")
        else:
            raise ForbiddenAsset(url)
        return URLFetcherResponse(url, asset.content, {"Content-Type": asset.content_type})


def render(
    template_name: str, context: dict[str, Any], *, assets: Mapping[str, Asset] | None = None
) -> bytes:
    """A template in templates/documents as PDF; a character that no font has prints as its code point."""
    with laid_out(template_name, context, assets=assets) as document:
        return written(document)


@contextmanager
def laid_out(
    template_name: str, context: dict[str, Any], *, assets: Mapping[str, Asset] | None = None
) -> Iterator[Document]:
    """A document in Chinese with its pages laid out, usable inside the `with` block only.

    One document at a time in a process, so keep the block short.
    """
    with override(LANGUAGE):
        page = render_to_string(
            template_name,
            {
                **context,
                "sample_data": settings.SAMPLE_DATA,
                "disclaimer": DISCLAIMER,
                "regulation": REGULATION,
                "system_name": SYSTEM_NAME,
                "portal_address": settings.PORTAL_BASE_URL.rstrip("/"),
            },
        )
    with _rendering:
        yield HTML(string=with_substitutes(page), base_url=BASE_URL, url_fetcher=AssetFetcher(assets)).render(
            **_OPTIONS
        )


def written(document: Document) -> bytes:
    """A laid-out document as the bytes of a PDF."""
    return bytes(document.write_pdf(**_OPTIONS))
