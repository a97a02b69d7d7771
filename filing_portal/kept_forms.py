"""Which forms are kept when they cannot be taken, and for whom: nothing that was typed is lost.

A form is kept for the account that is signed in, or whose sign-in ended with this very request. A stranger
has neither, so that nobody fills the table of sessions without having signed in before.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from registry import clock
from registry.accounts.sessions import stored_key
from registry.models import AccountSession
from registry.presentation.kept_forms import keep_form

# Their views show what was kept on a GET of the same address, and forget it once it is taken.
KEPT_FORMS = frozenset(
    {
        "applicants:section",
        "applicants:amendment",
        "review:act",
        "review:calendar_import",
        "review:mark",
        "review:note",
        "review:reveal",
        "applicants:changes",
        "applicants:cancel",
        "applicants:cancellation",
        "applicants:withdraw",
        "applicants:withdraw_cancellation",
        "applicants:invite",
        "applicants:claim",
        "review:membership_claim",
        "review:told",
        "office:notice_text",
    }
)

_HOLDER = "filing_portal.session_holder"

Handler = Callable[[HttpRequest], HttpResponse]


class SessionHolderMiddleware:
    """Notes whose session a form came with, before the limits of sessions may end it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            request.META[_HOLDER] = request.session.get(SESSION_KEY)
        return self.get_response(request)


def keep_what_was_typed(request: HttpRequest) -> bool:
    """Keeps the form of a request that is refused; gives whether it will be there again."""
    match = request.resolver_match
    if match is None or match.view_name not in KEPT_FORMS:
        return False
    if holder := request.META.get(_HOLDER):
        return keep_form(request, account_id=str(holder))
    ended = _ended_session(request)
    if ended is None or not keep_form(request, account_id=str(ended.account_id)):
        return False
    # Its cookie has served: the same one sent again keeps nothing more.
    ended.delete()
    return True


def came_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this portal."""
    told = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(told)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _ended_session(request: HttpRequest) -> AccountSession | None:
    """The row of this browser's session when its time is over; None when there was no sign-in."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return None
    return AccountSession.objects.filter(
        session_key=stored_key(key), account__isnull=False, expire_date__lte=clock.now()
    ).first()
