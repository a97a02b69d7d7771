"""Rate limits by IP address, separate for pages and API; beyond the limit both answer 429 with Retry-After."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

View = Callable[..., HttpResponseBase]


class AddressThrottle(SimpleRateThrottle):
    """A throttle by the visitor's IP address, behind as many proxies as the settings trust."""

    scope = "public_api"

    def get_cache_key(self, request: Request | HttpRequest, _view: APIView | None) -> str:
        asked = request._request if isinstance(request, Request) else request
        return self.cache_format % {"scope": self.scope, "ident": get_client_ip(asked) or "unknown"}

    def allow_request(self, request: Request | HttpRequest, view: APIView | None) -> bool:
        """Whether the request is within the limit; always True while the cache of counters is unreachable."""
        try:
            return super().allow_request(request, view)  # type: ignore[arg-type]
        except (OSError, RedisError):
            return True


class _PageThrottle(AddressThrottle):
    scope = "public_pages"


def limited(view: View) -> View:
    """Decorates a view to answer 429 beyond the limit, so that nobody can harvest the register by guessing."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        throttle = _PageThrottle()
        if throttle.allow_request(request, None):
            return view(request, *args, **kwargs)
        response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(int(throttle.wait() or 0) + 1)
        return response

    return inner
