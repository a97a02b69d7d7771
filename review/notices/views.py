"""The inbox of an officer's account."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registry.notices.inbox import show_inbox, show_notice


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Every notice of the account."""
    return show_inbox(request, base="review/base.html", room="review")


@require_safe
def notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """One notice as it was sent."""
    return show_notice(request, notice_id, base="review/base.html", room="review")
