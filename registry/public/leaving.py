"""The page between the portal and an outside address to which one of its pages has a link."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
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
    """Says where a link leads before it is followed. An address that no page of the portal links to is not found."""
    address = request.GET.get("to", "")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError as error:
        raise Http404 from error
    if (
        not host
        or parts.scheme not in _SCHEMES
        or not is_address_of_ours(address, request.GET.get("sign", ""))
    ):
        raise Http404
    context = {
        "address": address,
        "host": host,
        "is_encrypted": parts.scheme == "https",
        "crumbs": crumbs((_("Leaving this site"), "")),
    }
    return page_of(request, "registry/leaving.html", context)
