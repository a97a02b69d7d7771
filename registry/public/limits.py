"""How often one address may ask: pages and API apart, both answered with 429 and Retry-After beyond it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

View = Callable[..., HttpResponse]


class AddressThrottle(SimpleRateThrottle):
    """Counts by the visitor's address, behind as many proxies as the settings trust."""

    scope = "public_api"

    def get_cache_key(self, request: Request | HttpRequest, _view: APIView | None) -> str:
        asked = request._request if isinstance(request, Request) else request
        return self.cache_format % {"scope": self.scope, "ident": get_client_ip(asked) or "unknown"}

    def allow_request(self, request: Request | HttpRequest, view: APIView | None) -> bool:
        """Lets everybody in while the counters cannot be reached: the register is there to be read."""
        try:
            return super().allow_request(request, view)  # type: ignore[arg-type]
        except (OSError, RedisError):
            return True


class _PageThrottle(AddressThrottle):
    scope = "public_pages"


def limited(view: View) -> View:
    """The page, or 429 for an address that asks too often: nobody reads the register out by guessing."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = _PageThrottle()
        if throttle.allow_request(request, None):
            return view(request, *args, **kwargs)
        response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(int(throttle.wait() or 0) + 1)
        return response

    return inner
