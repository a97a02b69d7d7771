"""The short way of requests to the public API: what only people with a session need is left out.

No session is opened and none is kept alive, nobody is signed in, there are no messages, no forms and no tokens: the API
is read only and the same for everybody. What stands outside in MIDDLEWARE holds here as well: the request log, security
headers, HTTPS and host names, compression.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve, reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language_from_request

from filing_portal.access import Audience, audience_for
from filing_portal.api_errors import is_api
from registry.public.api import ready_answer

Handler = Callable[[HttpRequest], HttpResponse]

# Outermost first: the language of errors, slashes and host names, U+0000, refusals, the access table.
API_MIDDLEWARE = (
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "filing_portal.middleware.PlainTextMiddleware",
    "filing_portal.middleware.RefusalMiddleware",
    "filing_portal.middleware.AccessMiddleware",
)


class PublicApiMiddleware:
    """Sends requests to the API the short way, and all others on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._api = _ApiHandler()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        request.user = AnonymousUser()
        response = _ready_record(request) or self._api.answer(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Nothing that somebody asks for while signed in stays in a cache.
            response.headers["Cache-Control"] = "no-store, private"
        return response


def _ready_record(request: HttpRequest) -> HttpResponse | None:
    """The answer to who asks for one record that is ready, as the middleware of the API would give it; else None.

    Nothing in it depends on a language or on a name of a host; both are looked at as they are there.
    """
    start, view = _records()
    number, slash, more = request.path_info.removeprefix(start).partition("/")
    if not slash or more or not number or not request.path_info.startswith(start):
        return None
    audience = audience_for(view.view_name)
    if audience is None or Audience.ANONYMOUS not in audience:
        return None
    try:
        request.get_host()
    except DisallowedHost:
        return None
    response = ready_answer(request, number)
    if response is not None:
        request.resolver_match = ResolverMatch(
            view.func,
            (),
            {"number": number},
            view.url_name,
            [*view.app_names],
            [*view.namespaces],
            view.route,
        )
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers["Vary"] = "Accept-Language"
        response.headers["Content-Language"] = get_language_from_request(request)
    return response


@cache
def _records() -> tuple[str, ResolverMatch]:
    """Where the addresses of records begin, and the view behind them."""
    start = reverse("api:filings")
    return start, resolve(f"{start}x/")


class _ApiHandler(BaseHandler):
    """Django's handler of requests with the middleware of the API."""

    def __init__(self) -> None:
        # The names under which Django's handler looks for them.
        self._view_middleware: list[Callable[..., Any]] = []
        self._template_response_middleware: list[Callable[..., Any]] = []
        self._exception_middleware: list[Callable[..., Any]] = []
        handler: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for path in reversed(API_MIDDLEWARE):
            middleware = import_string(path)(handler)
            if hasattr(middleware, "process_view"):
                self._view_middleware.insert(0, middleware.process_view)
            if hasattr(middleware, "process_exception"):
                self._exception_middleware.append(middleware.process_exception)
            handler = convert_exception_to_response(middleware)
        self.answer: Handler = handler
