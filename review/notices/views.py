"""The inbox of an officer's account: its notices by case, those about one case, one notice, and all read at once."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from registry import clock
from registry.cursors import PARAMETER, links
from registry.notices.inbox import show_list, show_notice
from registry.notices.notice import inbox_of, open_each
from registry.presentation.posted import posted_id
from review.access import officer_of
from review.notices.matters import notices_about, page_of_matters

_BASE, _ROOM = "review/base.html", "review"
# The form that marks them names each.
MOST_AT_ONCE = 500


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Every notice of the account, one line for each case, or with `about` those about one."""
    notices = inbox_of(officer_of(request))
    about = posted_id(request.GET.get("about", ""))
    if about is not None:
        found = notices_about(notices, about)
        template = "review/notices/about.html"
        return show_list(request, found, base=_BASE, room=_ROOM, template=template)
    matters, page = page_of_matters(notices, request.GET.get(PARAMETER, ""))
    unread = notices.filter(opened_at__isnull=True).order_by("-created_at", "-id")
    named = [str(key) for key in unread.values_list("pk", flat=True)[:MOST_AT_ONCE]]
    context = {
        "matters": matters,
        "unread": ",".join(named),
        "unread_count": len(named),
        **links(request, page),
    }
    return render(request, "review/notices/inbox.html", context)


@require_safe
def notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """One notice as it was sent."""
    return show_notice(request, notice_id, base=_BASE, room=_ROOM)


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Marks the notices that the page named as read; what came since stays unread, and nobody else's is touched."""
    named = request.POST.get("notices", "").split(",")[:MOST_AT_ONCE]
    found = [key for key in map(posted_id, named) if key is not None]
    count = open_each(officer_of(request), found, at=clock.now())
    if count:
        said = ngettext("%(count)s notice marked as read.", "%(count)s notices marked as read.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("These notices had been read already."))
    return redirect("review:inbox")
