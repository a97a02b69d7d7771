"""The page of the notices that are served by public announcement (公告送达)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.labels.ending_words import STRUCK_OFF_DECISIONS
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.publication import announced_notices as publication


@require_safe
@limited
def announced_notices(request: HttpRequest) -> HttpResponse:
    """What is announced of open proceedings, the latest first."""
    context = {
        "notices": [
            {
                "notice": each,
                "decision": STRUCK_OFF_DECISIONS[each.ground],
                "url": reverse("public:filing", args=[each.number]),
            }
            for each in publication.announced_notices()
        ],
        "crumbs": crumbs((_("Notices served by announcement"), "")),
    }
    return page_of(request, "registry/announced_notices.html", context)
