"""The public address of a filing's record page, as text and as a QR code."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.urls import reverse


def portal_url(path: str) -> str:
    """The full public address of a path of the portal."""
    return settings.PORTAL_BASE_URL.rstrip("/") + path


def record_url(number: str) -> str:
    """The full public address of the record page."""
    return portal_url(reverse("public:filing", args=[number]))


def qr_svg(number: str) -> bytes:
    """A QR code of the record page's address, as SVG without inline style."""
    picture = io.BytesIO()
    segno.make(record_url(number), error="m", micro=False).save(
        picture, kind="svg", border=2, scale=4, dark="#000000", light="#ffffff", svgclass=None, lineclass=None
    )
    return picture.getvalue()


def list_url(number: int) -> str:
    """The full public address of a batch list's page."""
    return portal_url(reverse("public:batch", args=[number]))
