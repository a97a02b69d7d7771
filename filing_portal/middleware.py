"""Middleware for every request: the access table, headers, the request log, and pages for refused acts."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from filing_portal.access import Audience, audience_for, visitor
from filing_portal.api_errors import is_api, problem_json
from filing_portal.kept_forms import keep_what_was_typed
from filing_portal.refusals import status_of
from registry.errors import FilingError
from registry.labels.states import refusal_message

Handler = Callable[[HttpRequest], HttpResponse]

_NUL = "\0"
_TEXTS = {"application/json", "application/xml", "application/vnd.oai.openapi"}

_log = structlog.get_logger("portal.request")

_PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb", "serial")
)


class RequestLogMiddleware:
    """Logs one line per request with its URL name; paths and queries may contain personal data."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        name = match.view_name if match is not None else "unresolved"
        if name not in {"healthz", "readyz", "unresolved"} or response.status_code >= HTTPStatus.BAD_REQUEST:
            _log.info(
                "request",
                method=request.method,
                url_name=name,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000),
            )
        return response


class ResponseHeadersMiddleware:
    """Sets security headers that Django does not, on every response including static files and errors."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """Writes the policy that the settings give once, where the library writes it for every answer.

    A view that asks for a policy or a nonce of its own gets it from the library.
    """

    @cached_property
    def _policy(self) -> str:
        return build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_own = any(name.startswith("_csp_") for name in (*vars(request), *vars(response)))
        if is_own or settings.DEBUG or HEADER in response.headers:
            return super().process_response(request, response)
        response.headers[HEADER] = self._policy
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses text that is answered outside any session.

    Within a session, pages repeat what a request says beside what only its owner may read, and the length of a
    compressed page tells how much the two are alike (BREACH): docs/decisions/0014-compressed-outside-sessions.md.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        session = settings.SESSION_COOKIE_NAME
        if session in request.COOKIES or session in response.cookies or not _is_text(kind):
            return response
        return super().process_response(request, response)


class PlainTextMiddleware:
    """Removes U+0000 from every submitted text: PostgreSQL cannot store it, and nobody types it.

    Django's forms refuse it, but views that read a parameter directly do not. A path that contains it is
    answered with 404.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if _NUL in request.path_info:
            raise Http404
        if _holds_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and _holds_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return None


class RefusalMiddleware:
    """Answers an act that the register refused with a page that explains it, instead of a server error."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FilingError):
            return None
        status = status_of(exception)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        if is_api(request):
            return problem_json(status, code=exception.code, detail=refusal_message(exception))
        _log.info("refused", code=exception.code, status=status)
        return render(request, f"{status}.html", {"message": refusal_message(exception)}, status=status)


class AccessMiddleware:
    """Checks the access table before any view runs, and forbids caching of signed-in pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if was_signed_in or request.user.is_authenticated:
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        audience = audience_for(name)
        if audience is None:
            _log.error("url_without_access_line", url_name=name)
            return self._refuse(request)
        who = visitor(request.user)
        if who in audience:
            return None
        if who is not Audience.ANONYMOUS:
            return self._refuse(request)
        # A kept form is restored at its own URL.
        if not keep_what_was_typed(request):
            return self._ask_to_sign_in(request, _page_to_return_to(request))
        messages.warning(
            request,
            _("You were signed out meanwhile. What you typed is kept: sign in, and it is back in its form."),
        )
        return self._ask_to_sign_in(request, request.path)

    @staticmethod
    def _refuse(request: HttpRequest) -> HttpResponse:
        if is_api(request):
            return problem_json(HTTPStatus.NOT_FOUND, code="not_found")
        raise Http404

    @staticmethod
    def _ask_to_sign_in(request: HttpRequest, page: str) -> HttpResponse:
        if is_api(request):
            response = problem_json(HTTPStatus.UNAUTHORIZED, code="not_authenticated")
            response.headers["WWW-Authenticate"] = "Session"
            return response
        redirect = redirect_to_login(page, login_url=reverse(settings.LOGIN_URL))
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(redirect.url)
        return redirect


def _is_text(kind: str) -> bool:
    """Whether content of this media type is text, and not compressed in itself."""
    return kind.startswith("text/") or kind in _TEXTS or kind.endswith(("+json", "+xml"))


def _holds_nul(sent: QueryDict) -> bool:
    return any(_NUL in text for name, values in sent.lists() for text in (name, *values))


def _without_nul(sent: QueryDict) -> QueryDict:
    """An immutable copy of the query with U+0000 removed from its names and values."""
    plain = QueryDict(mutable=True)
    for name, values in sent.lists():
        for value in values:
            plain.appendlist(name.replace(_NUL, ""), value.replace(_NUL, ""))
    plain._mutable = False
    return plain


def _page_to_return_to(request: HttpRequest) -> str:
    """The page to return to after signing in: this page, or for a form or a page fragment, the page it was on."""
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", False):
        return request.get_full_path()
    referrer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        parts = urlsplit(referrer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "/"
