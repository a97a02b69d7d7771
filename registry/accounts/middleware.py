"""How long a session lasts, and who must set up a second factor before going on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from registry import clock
from registry.accounts.second_factor import must_set_up_second_factor
from registry.accounts.sessions import BROWSER, SEEN_AT, STARTED_AT
from registry.models import Account
from registry.rules.workflow.states import Role

APPLICANT_IDLE = timedelta(minutes=30)
OFFICER_IDLE = timedelta(minutes=15)
LONGEST_SESSION = timedelta(hours=8)
# Noting every request would make every page a write.
SEEN_PRECISION = timedelta(seconds=30)
_BROWSER_CHARACTERS = 200

# The URL names that stay open to an officer without a second factor.
_WITHOUT_SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_logout",
        "set_language",
        "healthz",
        "readyz",
    }
)

Handler = Callable[[HttpRequest], HttpResponse]


def idle_limit(account: Account) -> timedelta:
    """The time without a request after which the account is signed out."""
    return APPLICANT_IDLE if account.acts_as is Role.APPLICANT else OFFICER_IDLE


class SessionLimitsMiddleware:
    """Signs people out after idle time and after a working day; sends officers to set up a second factor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._keep_or_end(request)
        response = self.get_response(request)
        if request.user.is_authenticated and STARTED_AT not in request.session:
            self._note_start(request)
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in _WITHOUT_SECOND_FACTOR or not must_set_up_second_factor(_account(request)):
            return None
        messages.warning(request, _("Your office account needs a second factor before you go on."))
        return HttpResponseRedirect(reverse("mfa_activate_totp"))

    @staticmethod
    def _note_start(request: HttpRequest) -> None:
        now = clock.now().isoformat()
        request.session[STARTED_AT] = request.session[SEEN_AT] = now
        request.session[BROWSER] = request.headers.get("User-Agent", "")[:_BROWSER_CHARACTERS]

    def _keep_or_end(self, request: HttpRequest) -> None:
        if STARTED_AT not in request.session:
            self._note_start(request)
            return
        now = clock.now()
        started = datetime.fromisoformat(request.session[STARTED_AT])
        seen = datetime.fromisoformat(request.session[SEEN_AT])
        idle = idle_limit(_account(request))
        if now - started >= LONGEST_SESSION:
            self._end(request, _("You were signed out after eight hours. Sign in again to go on."))
        elif now - seen >= idle + SEEN_PRECISION:
            minutes = int(idle.total_seconds() // 60)
            self._end(
                request,
                _("You were signed out after %(minutes)d minutes without a request. Sign in again to go on.")
                % {"minutes": minutes},
            )
        elif now - seen >= SEEN_PRECISION:
            request.session[SEEN_AT] = now.isoformat()

    @staticmethod
    def _end(request: HttpRequest, text: str) -> None:
        logout(request)
        messages.warning(request, text)


def _account(request: HttpRequest) -> Account:
    """The signed-in account itself, out of the lazy object that Django puts in its place."""
    return cast(Account, request.user)
