"""Watches a browser during a journey: whatever goes wrong behind the page is found at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

# Addresses that never leave the browser.
_INSIDE = frozenset({"data", "blob", "about"})


@dataclass
class Watch:
    """What happened in a browser profile that a visitor would not see.

    Refusals (4xx) that the journey provokes are announced with `expect`; their lines on the console, which
    Chromium writes itself, are then no fault.
    """

    home: str
    requests: int = 0
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def on(self, context: BrowserContext) -> None:
        """Starts watching every page of the profile, open now or later."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def expect(self, *statuses: HTTPStatus) -> None:
        """These answers belong to the journey."""
        self.expected.update(statuses)

    def _console(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource")
        if refused and any(f"status of {status} " in message.text for status in self.expected):
            return
        if message.type in {"error", "warning"} or "Content Security Policy" in message.text:
            self.faults.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        self.requests += 1
        address = urlsplit(request.url)
        if address.scheme not in _INSIDE and f"{address.scheme}://{address.netloc}" != self.home:
            self.faults.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST and response.status not in self.expected:
            self.faults.append(f"answer {response.status}: {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it was still fetching; a download takes its answer away from the page.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"request failed: {request.url} {request.failure}")


def faults_of(watches: Iterable[Watch]) -> list[str]:
    """All faults, in the order of the watches."""
    return [fault for watch in watches for fault in watch.faults]
