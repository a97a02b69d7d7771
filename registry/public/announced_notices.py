"""The page of the notices that are served by public announcement (公告送达)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.calendar.current import current_calendar
from registry.labels.ending_words import STRUCK_OFF_DECISIONS
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.publication import announced_notices as publication
from registry.publication.announced_notices import AnnouncedNotice
from registry.rules.days.deadlines import Period, deadline
from registry.rules.days.working_days import Calendar
from registry.rules.endings.lifecycle import latest_day_of_statement


@require_safe
@limited
def announced_notices(request: HttpRequest) -> HttpResponse:
    """What is announced of open proceedings, the latest first."""
    calendar = current_calendar()
    context = {
        "notices": [_row(each, calendar) for each in publication.announced_notices()],
        "crumbs": crumbs((_("Notices served by announcement"), "")),
    }
    return page_of(request, "registry/announced_notices.html", context)


def _row(notice: AnnouncedNotice, calendar: Calendar) -> dict[str, Any]:
    due = deadline(Period.STATEMENT, notice.served_on, calendar)
    return {
        "notice": notice,
        "decision": STRUCK_OFF_DECISIONS[notice.ground],
        "url": reverse("public:filing", args=[notice.number]),
        "last_day": latest_day_of_statement(notice.statement_by, due),
        "is_provisional": due.provisional,
    }
