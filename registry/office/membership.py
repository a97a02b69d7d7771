"""The auditor's trail of who came to act for whom: every act about members, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from registry.members.words import history_line
from registry.models import MembershipEvent
from registry.rules.codes.jurisdictions import province_of

_PAGE_SIZE = 50


@require_GET
def membership_events(request: HttpRequest) -> HttpResponse:
    """One page of the trail; `before` is the id of the last line of the page before."""
    before = request.GET.get("before", "")
    found = MembershipEvent.objects.select_related("applicant", "actor", "account", "invitation")
    if before.isascii() and before.isdigit():
        found = found.filter(pk__lt=int(before[:18]))
    events = list(found.order_by("-id")[: _PAGE_SIZE + 1])
    shown = events[:_PAGE_SIZE]
    return render(
        request,
        "office/membership_events.html",
        {
            "lines": [
                {
                    "event": event,
                    "text": history_line(event),
                    "province": province_of(event.province_code).name,
                }
                for event in shown
            ],
            "first_url": request.path if before else "",
            "next_url": f"?before={shown[-1].pk}" if len(events) > _PAGE_SIZE else "",
        },
    )
