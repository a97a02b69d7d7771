"""The page between the portal and an outside address to which one of its pages has a link."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.publication.addresses import is_address_of_ours

_SCHEMES = ("http", "https")


@require_safe
@limited
def leaving(request: HttpRequest) -> HttpResponse:
    """Says where a link leads before it is followed, and refuses an address that no page of the portal links to."""
    address = request.GET.get("to", "")
    host, is_encrypted = _host_of(address)
    is_ours = bool(host) and is_address_of_ours(address, request.GET.get("sign", ""))
    context = {
        "address": address if is_ours else "",
        "host": host,
        "is_encrypted": is_encrypted,
        "crumbs": crumbs((_("Leaving this site"), "")),
    }
    status = HTTPStatus.OK if is_ours else HTTPStatus.BAD_REQUEST
    return page_of(request, "registry/leaving.html", context, status=status)


def _host_of(address: str) -> tuple[str, bool]:
    """The host of a web address, empty for anything else, and whether the connection to it is encrypted."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "", False
    return (host if parts.scheme in _SCHEMES else "", parts.scheme == "https")
