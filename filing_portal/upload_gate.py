"""Few large requests at once in a web process: whatever is sent, its other threads answer pages.

Before a body is read a large request takes a place; where none is free it waits in a short line, or is told at once
that it can be sent again.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template import loader

from filing_portal.settings.environment import web_threads

# A form without files is smaller, and most photographs and scans are larger.
LARGE_BYTES = 256 * 1024
# For a form that no script sends again: its sender sees the page load for so long.
PATIENCE_SECONDS = 20.0
RETRY_AFTER_SECONDS = 1
# Read to its end, so that the sender comes to reading the answer; the proxy in front lets no larger one pass.
_MOST_DRAINED_BYTES = 12 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_DRAIN_SECONDS = 5.0

Handler = Callable[[HttpRequest], HttpResponse]

_log = structlog.get_logger("portal.request")


class Gate:
    """So many within at once and so many more in a line before it; first come, first served."""

    def __init__(self, *, places: int, line: int) -> None:
        self._places = places
        self._line = line
        self._within = 0
        self._waiting = 0
        self._changed = threading.Condition()

    def enter(self, *, patience_seconds: float) -> bool:
        """Takes a place, waiting for it at most so long; whoever got one calls `leave`.

        False where none came free, where the line is full, and at once for somebody without patience.
        """
        with self._changed:
            if self._within < self._places and not self._waiting:
                self._within += 1
                return True
            if patience_seconds <= 0 or self._waiting >= self._line:
                return False
            self._waiting += 1
            try:
                if not self._changed.wait_for(self._has_place, timeout=patience_seconds):
                    return False
                self._within += 1
                return True
            finally:
                self._waiting -= 1

    def leave(self) -> None:
        """Gives the place back."""
        with self._changed:
            self._within -= 1
            self._changed.notify()

    def _has_place(self) -> bool:
        return self._within < self._places


def gate_for(threads: int) -> Gate:
    """A quarter of a process's threads for large requests, and as many for those that wait: half of them stay free."""
    places = max(1, threads // 4)
    return Gate(places=places, line=places if threads > 2 * places else 0)


class UploadGateMiddleware:
    """Lets few large requests through at once; the others wait or get a 503 that says when to send again.

    A script that sends again by itself says so by `Prefer: wait=0` (RFC 7240, 4.3) and never waits here. One gate for
    the process: middleware is made once, before the web server forks.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.gate = gate_for(web_threads(os.environ))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length_of(request) < LARGE_BYTES:
            return self.get_response(request)
        sends_again = request.headers.get("Prefer", "").replace(" ", "") == "wait=0"
        if not self.gate.enter(patience_seconds=0 if sends_again else PATIENCE_SECONDS):
            _drain(request)
            _log.info("upload_put_off", sends_again=sends_again)
            return _come_again(sends_again=sends_again)
        try:
            return self.get_response(request)
        finally:
            self.gate.leave()


def _length_of(request: HttpRequest) -> int:
    """The stated length of the body in bytes; one that is not stated is never read."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _drain(request: HttpRequest) -> None:
    """Reads what is sent and forgets it: over a connection closed before that a browser loses the answer."""
    left, until = min(_length_of(request), _MOST_DRAINED_BYTES), time.monotonic() + _DRAIN_SECONDS
    with suppress(UnreadablePostError):  # Whoever sent it is gone.
        while left > 0 and time.monotonic() < until and (chunk := request.read(min(left, _CHUNK_BYTES))):
            left -= len(chunk)


def _come_again(*, sends_again: bool) -> HttpResponse:
    """The answer to whoever got no place; for a script without a page, which takes as long as many files to make."""
    return HttpResponse(
        "" if sends_again else loader.get_template("503.html").render(),
        content_type="text/plain" if sends_again else None,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store, private"},
    )
