"""The address of a public record as the outside world calls it, in text and as a QR code."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.urls import reverse


def record_url(number: str) -> str:
    """The record page's address as the outside world calls it."""
    return settings.PORTAL_BASE_URL.rstrip("/") + reverse("public:filing", args=[number])


def qr_svg(number: str) -> bytes:
    """A QR code of the record page's address, as SVG without style of its own."""
    picture = io.BytesIO()
    segno.make(record_url(number), error="m", micro=False).save(
        picture, kind="svg", border=2, scale=4, dark="#000000", light="#ffffff", svgclass=None, lineclass=None
    )
    return picture.getvalue()
