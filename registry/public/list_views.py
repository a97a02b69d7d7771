"""The pages of the batch lists. They query `registry.publication.lists` only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry import clock
from registry.calendar.current import current_calendar
from registry.calendar.explanations import explain_deadline
from registry.labels.ending_words import standing_words
from registry.labels.list_words import LIST_STATES, file_name, list_title, short_title
from registry.presentation.posted import posted_count
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.publication import lists
from registry.publication.lists import PublicFile, PublicList
from registry.publication.record import MAXIMUM_QUERY_LENGTH
from registry.rules.batches.lifecycle import ListState
from registry.rules.codes.jurisdictions import province_of
from registry.rules.days.deadlines import Deadline, Period, deadline, working_days_left


@require_safe
@limited
def batches(request: HttpRequest) -> HttpResponse:
    """All published lists, the latest first, and what a list is."""
    context = {
        "rows": [list_row(each) for each in lists.public_lists()],
        "crumbs": crumbs((_("Batch lists"), "")),
    }
    return page_of(request, "registry/batches.html", context)


@require_safe
@limited
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """One list: its window for objections, announcement, files, provinces and entries, searched by `q`, in pages."""
    shown = lists.public_list(number)
    if shown is None:
        raise Http404
    text = request.GET.get("q", "").strip()[:MAXIMUM_QUERY_LENGTH]
    found = lists.entries_of(shown, text=text, page=posted_count(request.GET.get("page")) or 1)
    title = list_title(shown.kind, shown.number)
    context = list_row(shown) | {
        "title": title,
        "paragraphs": shown.announcement.splitlines(),
        "window": _window(shown),
        "files": [_file_row(shown, each) for each in lists.files_of(shown)],
        "provinces": _provinces(shown),
        "q": text,
        "entries": [
            {
                "entry": each,
                "url": reverse("public:filing", args=[each.number]),
                "province": province_of(each.province_code).name,
                "standing_label": standing_words(each.standing, each.end_ground),
            }
            for each in found.entries
        ],
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "first_url": _address(shown, text, 1) if found.page > 2 else "",
        "previous_url": _address(shown, text, found.page - 1) if found.page > 1 else "",
        "next_url": _address(shown, text, found.page + 1) if found.page < found.pages else "",
        "statistics_url": reverse("public:batch_statistics", args=[shown.number]),
        "api_url": reverse("api:batch", args=[shown.number]),
        "crumbs": crumbs((_("Batch lists"), reverse("public:batches")), (short_title(shown.number), "")),
    }
    return page_of(request, "registry/batch.html", context)


def list_row(shown: PublicList) -> dict[str, Any]:
    """What a table of lists and the page of one say of a list."""
    return {
        "list": shown,
        "url": reverse("public:batch", args=[shown.number]),
        "short_title": short_title(shown.number),
        "state_label": LIST_STATES[shown.state],
        "until": window_of(shown).due_on if shown.state is ListState.PUBLISHED else shown.objections_until,
    }


def window_of(shown: PublicList) -> Deadline:
    """The window for objections by the calendar in force now: a holiday notice that is loaded later moves it."""
    return deadline(Period.OBJECTION, shown.published_on, current_calendar())


def file_url(shown: PublicList, file_format: str) -> str:
    """The address of a list's file, under the name by which it is saved."""
    return reverse("files:list_file", args=[shown.number, file_name(shown.kind, shown.number, file_format)])


def _window(shown: PublicList) -> dict[str, Any] | None:
    """The window while it is open, as `includes/deadline.html` takes it."""
    if shown.state is not ListState.PUBLISHED:
        return None
    calendar, due = current_calendar(), window_of(shown)
    explained = explain_deadline(due, calendar)
    left = working_days_left(due.due_on, clock.today(), calendar)
    return {
        "due_on": due.due_on,
        "days_left": max(left, 0),
        "is_over": left < 0,
        "provisional": due.provisional,
        "days": explained.days,
        "sentences": explained.sentences,
    }


def _file_row(shown: PublicList, file: PublicFile) -> dict[str, Any]:
    return {"file": file, "url": file_url(shown, file.format), "label": _FORMATS[file.format]}


_FORMATS = {"pdf": "PDF", "csv": "CSV", "xlsx": "XLSX", "json": "JSON", "manifest": "manifest.json"}


def _provinces(shown: PublicList) -> list[dict[str, Any]]:
    counted = lists.provinces_of(shown)
    most = max((count for _code, count in counted), default=1)
    return [
        {"name": province_of(code).name, "count": count, "width": round(100 * count / most)}
        for code, count in counted
    ]


def _address(shown: PublicList, text: str, page: int) -> str:
    query = urlencode(
        [(name, value) for name, value in (("q", text), ("page", page)) if value not in ("", 1)]
    )
    path = reverse("public:batch", args=[shown.number])
    return f"{path}?{query}#entries" if query else f"{path}#entries"
