"""Handlers for failed requests: HTML pages, or problem details under /api/."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist, loader

from filing_portal.api_errors import is_api, problem_json
from filing_portal.kept_forms import came_from_own_page, keep_what_was_typed


def bad_request(request: HttpRequest, exception: Exception | None = None, **_kwargs: Any) -> HttpResponse:
    """400, or 413 when the request body is too large."""
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large")
    return _answer(request, HTTPStatus.BAD_REQUEST, "bad_request")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403, raised only by libraries; the portal's own pages answer 404."""
    return _answer(request, HTTPStatus.FORBIDDEN, "forbidden")


def csrf_failure(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """403 for a form that did not come from one of the portal's pages, or whose session has ended.

    The input is kept for its page, unless it may come from another site.
    """
    is_kept = came_from_own_page(request) and keep_what_was_typed(request)
    return _answer(
        request,
        HTTPStatus.FORBIDDEN,
        "form_expired",
        form_expired=True,
        form_url=request.path if is_kept else "",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404."""
    return _answer(request, HTTPStatus.NOT_FOUND, "not_found")


def server_error(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """500, rendered without a context, so that the error page cannot fail for the same reason."""
    if is_api(request):
        return problem_json(HTTPStatus.INTERNAL_SERVER_ERROR, code="server_error")
    try:
        page = loader.get_template("500.html").render()
    except TemplateDoesNotExist:
        page = "<!doctype html><title>500</title><h1>500</h1>"
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(request: HttpRequest, status: HTTPStatus, code: str, **context: Any) -> HttpResponse:
    if is_api(request):
        return problem_json(status, code=code)
    return render(request, f"{int(status)}.html", context, status=status)
