"""The pages of the lists of every kind. They query `registry.publication.lists` only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
from registry.labels.list_columns import LIST_COLUMNS
from registry.labels.list_words import LIST_KINDS, file_name, list_title, short_title, state_label
from registry.labels.province_words import full_name
from registry.presentation.list_cells import cells_of
from registry.presentation.posted import posted_count
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.public.words import correction_words
from registry.publication import lists
from registry.publication.addresses import list_arguments, list_path
from registry.publication.lists import PublicEntry, PublicFile, PublicList
from registry.publication.record import MAXIMUM_QUERY_LENGTH
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import ListKind, ListState
from registry.rules.days.deadlines import Deadline, Period, deadline, working_days_left

OTHER_KINDS = (ListKind.CANCELLED, ListKind.STRUCK_OFF, ListKind.CORRIGENDA)


@require_safe
@limited
def batches(request: HttpRequest) -> HttpResponse:
    """All published lists of every kind, the latest first, and what a list is."""
    context = {
        "rows": [list_row(each) for each in lists.public_lists()],
        "others": [
            {
                "kind": kind.value,
                "title": LIST_KINDS[kind],
                "rows": [list_row(each) for each in lists.public_lists(kind)],
                "feed_url": feed_url(kind),
            }
            for kind in OTHER_KINDS
        ],
        "crumbs": crumbs((_("Batch lists"), "")),
    }
    return page_of(request, "registry/batches.html", context)


@require_safe
@limited
def batch(request: HttpRequest, number: int, kind: ListKind = ListKind.FILINGS) -> HttpResponse:
    """One list: its window for objections, announcement, files, provinces and entries, searched by `q`, in pages."""
    shown = lists.public_list(number, kind)
    if shown is None:
        raise Http404
    text = request.GET.get("q", "").strip()[:MAXIMUM_QUERY_LENGTH]
    found = lists.entries_of(shown, text=text, page=posted_count(request.GET.get("page")) or 1)
    title = list_title(shown.kind, shown.number)
    takes_objections = is_open(shown) and clock.today() <= window_of(shown.published_on).due_on
    context = list_row(shown) | {
        "title": title,
        "is_corrigendum": kind is ListKind.CORRIGENDA,
        "kind_title": LIST_KINDS[kind],
        "feed_url": feed_url(kind),
        "paragraphs": shown.announcement.splitlines(),
        "window": _window(shown),
        "files": [_file_row(shown, each) for each in lists.files_of(shown)],
        "corrigenda": [
            {
                "url": list_path(each, ListKind.CORRIGENDA),
                "title": short_title(each, ListKind.CORRIGENDA),
                "entries": count,
            }
            for each, count in lists.corrigenda_of(shown)
        ],
        "provinces": _provinces(shown) if kind is not ListKind.CORRIGENDA else [],
        "q": text,
        "columns": LIST_COLUMNS[kind],
        "shows_standing": kind is ListKind.FILINGS,
        "entries": [_entry_row(shown, each, takes_objections=takes_objections) for each in found.entries],
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "first_url": _address(shown, text, 1) if found.page > 2 else "",
        "previous_url": _address(shown, text, found.page - 1) if found.page > 1 else "",
        "next_url": _address(shown, text, found.page + 1) if found.page < found.pages else "",
        "statistics_url": reverse("public:batch_statistics", args=[number])
        if kind is ListKind.FILINGS
        else "",
        "api_url": reverse("api:batch", args=list_arguments(number, kind)),
        "crumbs": crumbs((_("Batch lists"), reverse("public:batches")), (short_title(number, kind), "")),
    }
    return page_of(request, "registry/batch.html", context)


def list_row(shown: PublicList) -> dict[str, Any]:
    """What a table of lists and the page of one say of a list."""
    last_day = last_day_of(shown)
    return {
        "list": shown,
        "url": list_path(shown.number, shown.kind),
        "short_title": short_title(shown.number, shown.kind),
        "badge": (shown.state if shown.kind.has_window else ListState.FINAL).value,
        "state_label": state_label(shown.state, shown.kind),
        "until": last_day.on,
        "until_is_provisional": last_day.is_provisional,
    }


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day for objections to a list; None where there is none."""

    on: date | None
    is_provisional: bool


def last_day_of(shown: PublicList) -> LastDay:
    """The last day for objections: by the calendar in force now while the window is open, then as it was."""
    if not is_open(shown):
        return LastDay(shown.objections_until, False)
    window = window_of(shown.published_on)
    return LastDay(window.due_on, window.provisional)


def is_open(shown: PublicList) -> bool:
    """Whether anyone may object, or post is still waited for."""
    return shown.kind.has_window and shown.state is ListState.PUBLISHED


def window_of(published_on: date) -> Deadline:
    """The window for objections by the calendar in force now: a holiday notice that is loaded later moves it."""
    return deadline(Period.OBJECTION, published_on, current_calendar())


def file_url(shown: PublicList, file_format: str) -> str:
    """The address of a list's file, under the name by which it is saved."""
    name = file_name(shown.kind, shown.number, file_format)
    return reverse("files:list_file", args=[*list_arguments(shown.number, shown.kind), name])


def feed_url(kind: ListKind) -> str:
    """The address of the feed of a kind of list."""
    return reverse("public:batches_feed", args=[] if kind is ListKind.FILINGS else [kind])


def objection_url(number: int, position: int) -> str:
    """The address at which anyone objects to one entry of a list."""
    return f"{reverse('objections:contact', args=[number])}?entry={position}"


def _entry_row(shown: PublicList, entry: PublicEntry, *, takes_objections: bool) -> dict[str, Any]:
    is_withdrawn = any(each.column is CorrectedColumn.ENTRY for each in entry.corrections)
    return {
        "entry": entry,
        "cells": cells_of(shown.kind, entry.row),
        "object_url": objection_url(shown.number, entry.position)
        if takes_objections and not is_withdrawn
        else "",
        "standing_label": standing_words(entry.standing, entry.end_ground),
        "is_withdrawn": is_withdrawn,
        "corrections": [
            {
                "url": list_path(each.corrigendum, ListKind.CORRIGENDA),
                "title": short_title(each.corrigendum, ListKind.CORRIGENDA),
                "text": correction_words(each),
            }
            for each in entry.corrections
        ],
    }


def _window(shown: PublicList) -> dict[str, Any] | None:
    """The window while it is open, as `includes/deadline.html` takes it."""
    if not is_open(shown):
        return None
    calendar, due = current_calendar(), window_of(shown.published_on)
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
        {"name": full_name(code), "count": count, "width": round(100 * count / most)}
        for code, count in counted
    ]


def _address(shown: PublicList, text: str, page: int) -> str:
    query = urlencode(
        [(name, value) for name, value in (("q", text), ("page", page)) if value not in ("", 1)]
    )
    path = list_path(shown.number, shown.kind)
    return f"{path}?{query}#entries" if query else f"{path}#entries"
