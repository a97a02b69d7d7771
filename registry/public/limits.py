"""Rate limits by IP address, separate for pages and API; beyond the limit both answer 429 with Retry-After."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from registry.gateways.addresses import counted_address
from registry.gateways.shared_cache import SharedCache

View = Callable[..., HttpResponseBase]

# Where a request says that it was counted.
_COUNTED = "registry.public.limits.counted"


class AddressThrottle(SimpleRateThrottle):
    """A throttle by the visitor's IP address (of IPv6 its /64), behind as many proxies as the settings trust.

    The cache that processes share counts in one step of its own; on any other one the framework does.
    """

    scope = "public_api"
    cache_format = "requests_%(scope)s_%(ident)s"
    num_requests: int
    duration: int

    def get_cache_key(self, request: Request | HttpRequest, _view: APIView | None) -> str:
        asked = _plain(request)
        return self.cache_format % {"scope": self.scope, "ident": counted_address(asked)}

    def allow_request(self, request: Request | HttpRequest, view: APIView | None) -> bool:
        """Whether the request is within the limit; always True while the cache of counters is unreachable.

        What was admitted once is not counted again.
        """
        return self.ask(request, view)()

    def ask(self, request: Request | HttpRequest, view: APIView | None = None) -> Callable[[], bool]:
        """Asks without waiting whether the request is within the limit; gives what waits for the answer."""
        counted = _plain(request).META
        if self.rate is None or counted.get(_COUNTED) == self.scope:
            return lambda: True
        answer = self._ask(request, view)

        def is_admitted() -> bool:
            try:
                admitted = answer()
            except (OSError, RedisError):
                admitted = True
            if admitted:
                counted[_COUNTED] = self.scope
            return admitted

        return is_admitted

    def wait(self) -> float:
        """In how many seconds the next request is admitted, once one was refused."""
        return self.duration - (self.now - self.history[-1])

    def _ask(self, request: Request | HttpRequest, view: APIView | None) -> Callable[[], bool]:
        shared = caches["default"]
        if not isinstance(shared, SharedCache):
            return lambda: super(AddressThrottle, self).allow_request(request, view)  # type: ignore[arg-type]
        key, self.now = self.get_cache_key(request, view), self.timer()
        oldest = shared.ask_to_count(key, most=self.num_requests, seconds=self.duration, now=self.now)

        def is_admitted() -> bool:
            moment = oldest()
            self.history = [] if moment is None else [moment]
            return moment is None

        return is_admitted


def _plain(request: Request | HttpRequest) -> HttpRequest:
    return request._request if isinstance(request, Request) else request


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
        response.headers["Retry-After"] = str(int(throttle.wait()) + 1)
        return response

    return inner
