"""The context processor of the desk: how many notices wait to be told by the office, beside the link to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from registry.models import Account
from registry.notices.unreached import waiting_to_be_told as count_waiting
from review.notices.unreached_views import notices_of


def waiting_to_be_told(request: HttpRequest) -> Mapping[str, Any]:
    """`waiting_to_be_told`, a figure that is counted only when a template shows it."""
    user = getattr(request, "user", None)
    if not isinstance(user, Account) or not user.is_authenticated or not user.is_officer:
        return {}
    return {"waiting_to_be_told": lambda: count_waiting(notices_of(user))}
