"""The context processor of the inbox: what every page may show beside its own content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from registry.models import Account
from registry.notices.notice import unread_count


def inbox(request: HttpRequest) -> Mapping[str, Any]:
    """`unread_notices`, the number of unread notices; counted only when a template shows it."""
    user = getattr(request, "user", None)
    if not isinstance(user, Account) or not user.is_authenticated:
        return {}
    return {"unread_notices": lambda: unread_count(user)}
