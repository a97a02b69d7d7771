"""What holds for every answer of the portal, whoever asked for whatever."""

from __future__ import annotations

import re
from http import HTTPStatus

from tests.access.visitors import Visitor
from tests.client import ClientResponse

_BADGE = re.compile(r"^/filings/[^/]+/badge\.(?:svg|png)\Z")
_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def assert_safe(answer: ClientResponse, visitor: Visitor) -> None:
    """No server error, every security header, no inline code, nothing of a signed-in page in any cache."""
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    expected = _HEADERS
    if _BADGE.search(answer.request["PATH_INFO"]) and answer.status_code == HTTPStatus.OK:
        # Other sites show the badge of a number, and nothing else of the portal.
        expected = {**_HEADERS, "Cross-Origin-Resource-Policy": "cross-origin"}
    assert {name: answer.headers.get(name) for name in _HEADERS} == expected
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policies = answer.headers["Content-Security-Policy"].split(";")
    directives = {name: values for name, *values in (policy.split() for policy in policies)}
    assert directives["default-src"] == ["'none'"]
    assert directives["frame-ancestors"] == ["'none'"]
    assert not [
        value for values in directives.values() for value in values if "unsafe" in value or "//" in value
    ]
    if visitor is not Visitor.ANONYMOUS:
        assert answer.headers["Cache-Control"] == "no-store, private"


def is_refusal(answer: ClientResponse, visitor: Visitor) -> bool:
    """Whether the visitor was told that there is nothing; somebody unknown is asked to sign in."""
    if visitor is not Visitor.ANONYMOUS:
        return bool(answer.status_code == HTTPStatus.NOT_FOUND)
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        return bool(answer.headers["Content-Type"] == "application/problem+json")
    location = answer.headers.get("Location", "")
    return bool(answer.status_code == HTTPStatus.FOUND and location.startswith("/account/login/?next="))
