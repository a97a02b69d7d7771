"""Public addresses: of a record, as text and as a QR code, of a list, and of the page before one leaves the portal."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_LEAVING = Signer(salt="registry.leaving")


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


def leaving_path(address: str) -> str:
    """The path of the page that says which outside address a link leads to.

    It is signed: the page opens for addresses that stand on a page of the portal, and for no other.
    """
    query = urlencode({"to": address, "sign": _LEAVING.signature(address)})
    return f"{reverse('public:leaving')}?{query}"


def is_address_of_ours(address: str, signature: str) -> bool:
    """Whether a page of the portal has a link to this outside address."""
    try:
        return bool(_LEAVING.unsign(f"{address}:{signature}") == address)
    except BadSignature:
        return False


def path_within(address: str) -> str:
    """The path of an address that lies within the portal; empty for any other."""
    if address.startswith("/"):
        return address
    base = settings.PORTAL_BASE_URL.rstrip("/")
    return (address.removeprefix(base) or "/") if address == base or address.startswith(f"{base}/") else ""
