"""How public pages are answered."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control


def page_of(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The rendered page; only the visitor's browser may cache it, with revalidation, as it holds a CSRF token."""
    response = render(request, template, context, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response
