"""The inbox of an applicant's account."""

from __future__ import annotations

import uuid
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from registry.models import Account
from registry.notices.inbox import show_list, show_notice
from registry.notices.notice import inbox_of


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Every notice of the account."""
    found = inbox_of(cast(Account, request.user))
    return show_list(request, found, base="applicants/base.html", room="applicants")


@require_safe
def notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """One notice as it was sent."""
    return show_notice(request, notice_id, base="applicants/base.html", room="applicants")
