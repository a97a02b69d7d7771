"""The separate consent to the handling of identity documents, asked before the first of them is typed or uploaded.

PIPL Art. 29 and 30. Whoever has consented once may send what was typed while a further version came; a new version is
asked for when a page with identity documents is opened the next time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry import clock
from registry.accounts.agreements import agree, is_asked, latest
from registry.labels.site_texts import AGREED_TEXTS, blocks_of_version
from registry.models import Account
from registry.rules.site_texts import AgreedText, current_version

_TEXT = AgreedText.IDENTITY_DOCUMENTS
View = Callable[..., HttpResponseBase]


def consent_context(account: Account) -> dict[str, Any]:
    """The consent for a page that asks it beside something else: empty where it is not asked any more."""
    if not is_asked(account, _TEXT):
        return {}
    version = current_version(_TEXT)
    return {"consent_version": version, "consent_blocks": blocks_of_version(_TEXT, version)}


def take_consent(request: HttpRequest) -> None:
    """Records the consent that was ticked on such a page, to the version that stood there and is the current one."""
    account = cast(Account, request.user)
    version = current_version(_TEXT)
    is_given = request.POST.get("consent") == "yes" and request.POST.get("consent_version") == str(version)
    if is_given and is_asked(account, _TEXT):
        agree(account, _TEXT, version=version, at=clock.now())


def consent_url(request: HttpRequest) -> str | None:
    """Where the consent is asked before this request may go on; None when it may."""
    account = cast(Account, request.user)
    is_read = request.method in ("GET", "HEAD")
    asked = is_asked(account, _TEXT) if is_read else latest(account, _TEXT) is None
    if not asked:
        return None
    return f"{reverse('applicants:identity_consent')}?{urlencode({'next': request.get_full_path()})}"


def with_identity_consent(view: View) -> View:
    """A view that opens only after the consent."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        url = consent_url(request)
        return HttpResponseRedirect(url) if url else view(request, *args, **kwargs)

    return asking


@require_http_methods(["GET", "HEAD", "POST"])
def identity_consent(request: HttpRequest) -> HttpResponse:
    """Shows how identity documents are handled, and records the consent."""
    account = cast(Account, request.user)
    version, next_url = current_version(_TEXT), _next_url(request)
    error = ""
    # A version that has been replaced while the page was open is not the one that is consented to.
    if request.method == "POST" and request.POST.get("version") == str(version):
        if request.POST.get("consent") == "yes":
            agree(account, _TEXT, version=version, at=clock.now())
            return HttpResponseRedirect(next_url)
        error = _("Tick the box to consent. Without consent nothing can be filled in here.")
    context = {
        "title": AGREED_TEXTS[_TEXT],
        "version": version,
        "blocks": blocks_of_version(_TEXT, version),
        "agreement": latest(account, _TEXT),
        "is_asked": is_asked(account, _TEXT),
        "next_url": next_url,
        "error": error,
        "error_list": [{"target": "consent", "label": "", "message": error}] if error else [],
        "crumbs": [
            {"url": reverse("applicants:dashboard"), "label": _("My filings")},
            {"url": "", "label": AGREED_TEXTS[_TEXT]},
        ],
    }
    return render(request, "applicants/identity_consent.html", context, status=400 if error else 200)


def _next_url(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("applicants:dashboard")
