"""Public addresses: of a record, also as a QR code, of a list, and of the page before one leaves the portal."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from registry.rules.batches.lifecycle import ListKind

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


def list_arguments(number: int, kind: ListKind) -> list[object]:
    """What the addresses of a list have in them: those of lists of filings its number alone."""
    return [number] if kind is ListKind.FILINGS else [kind, number]


def list_path(number: int, kind: ListKind = ListKind.FILINGS) -> str:
    """The path of a list's page."""
    return reverse("public:batch", args=list_arguments(number, kind))


def list_url(number: int, kind: ListKind = ListKind.FILINGS) -> str:
    """The full public address of a list's page."""
    return portal_url(list_path(number, kind))


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
