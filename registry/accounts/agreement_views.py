"""The page on which an account agrees to the privacy notice, at the first sign-in after it changed."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry import clock
from registry.accounts.adapter import start_page
from registry.accounts.agreements import agree, is_asked, latest
from registry.labels.site_texts import AGREED_TEXTS, blocks_of_version
from registry.models import Account
from registry.rules.site_texts import AgreedText, current_version

_NOTICE = AgreedText.PRIVACY_NOTICE


@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: HttpRequest) -> HttpResponse:
    """Shows the privacy notice as it holds now, and records the account's agreement to it."""
    account = cast(Account, request.user)
    next_url = _next_url(request, account)
    version = current_version(_NOTICE)
    # A version that has been replaced while the page was open is not the one that is agreed to.
    if request.method == "POST" and request.POST.get("version") == str(version):
        agree(account, _NOTICE, version=version, at=clock.now())
        messages.success(request, _("Your agreement is recorded."))
        return HttpResponseRedirect(next_url)
    context = {
        "title": AGREED_TEXTS[_NOTICE],
        "version": version,
        "blocks": blocks_of_version(_NOTICE, version),
        "agreement": latest(account, _NOTICE),
        "is_asked": is_asked(account, _NOTICE),
        "next_url": next_url,
    }
    return render(request, "account/privacy.html", context)


def _next_url(request: HttpRequest, account: Account) -> str:
    """Where the account wanted to go; its start page for an address that is not the portal's."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else start_page(account)
