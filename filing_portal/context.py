"""What every template knows about the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, Any]:
    """The site's identity for footer and head tags, and whether its data are samples."""
    return {
        "site_identity": settings.SITE_IDENTITY,
        "sample_data": settings.SAMPLE_DATA,
        "portal_base_url": settings.PORTAL_BASE_URL,
    }
