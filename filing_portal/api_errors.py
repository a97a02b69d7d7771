"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from filing_portal.refusals import status_of
from registry.errors import FilingError
from registry.labels.states import refusal_message
from registry.public import problems

PROBLEM_TYPE = "application/problem+json"


def problem(status: int, *, code: str, detail: str = "", **members: Any) -> dict[str, Any]:
    """The members of one problem: type, title, status, code, and those the caller adds.

    A problem of the public API has a type of its own: a stable URL of a page that explains it.
    """
    known = problems.find_by_code(code)
    body: dict[str, Any] = {
        "type": known.type_uri if known is not None else "about:blank",
        "title": str(known.title) if known is not None else HTTPStatus(status).phrase,
        "status": status,
        "code": code,
    }
    if detail:
        body["detail"] = detail
    return {**body, **members}


def problem_json(status: int, *, code: str, detail: str = "", **members: Any) -> JsonResponse:
    """A problem as a Django response, for requests refused before a view of the API runs."""
    return JsonResponse(
        problem(status, code=code, detail=detail, **members),
        status=status,
        content_type=PROBLEM_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def is_api(request: HttpRequest) -> bool:
    """Whether the address belongs to the API."""
    return request.path_info.startswith("/api/")


def problem_response(error: Exception, _context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler; returns None for unexpected errors, which the 500 handler answers."""
    if isinstance(error, FilingError):
        status = status_of(error)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        known = problems.find_by_code(error.code)
        detail = str(known.meaning) if known is not None else refusal_message(error)
        body = problem(status, code=error.code, detail=detail, **_public_facts(error))
        return _respond(status, body)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    wait_seconds = getattr(error, "wait", None)
    if wait_seconds is not None:
        headers["Retry-After"] = str(ceil(wait_seconds))
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if isinstance(error, exceptions.ValidationError):
        body = problem(error.status_code, code="invalid", errors=error.detail)
    else:
        body = problem(error.status_code, code=str(error.get_codes()), detail=str(error.detail))
    return _respond(error.status_code, body, headers)


def _respond(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    set_rollback()
    return Response(body, status=status, headers=headers, content_type=PROBLEM_TYPE)


def _public_facts(error: FilingError) -> dict[str, Any]:
    facts = {name: value for name, value in error.facts.items() if isinstance(value, (str, int, bool))}
    return {"facts": facts} if facts else {}
