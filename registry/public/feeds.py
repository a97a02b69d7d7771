"""The Atom feeds of the lists, one a kind, complete through archive pages (RFC 4287, RFC 5005).

The current feed has the latest lists. Every full block of numbers is an archive page that never changes; each page
names the one before it, so that a reader who begins today gets every list there ever was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.views.decorators.http import require_safe

from registry.labels.list_columns import printed_correction
from registry.labels.list_words import PRINTED_KINDS, printed_title
from registry.presentation import workbooks
from registry.public.limits import limited
from registry.public.list_views import feed_url, file_url, last_day_of
from registry.publication import lists
from registry.publication.addresses import list_arguments, list_url, portal_url
from registry.publication.lists import PublicList
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import ListKind
from registry.rules.provisions import DISCLAIMER, NATIONAL_OFFICE, SYSTEM_NAME

LISTS_A_PAGE = 20
_CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_HISTORY_NAMESPACE = "http://purl.org/syndication/history/1.0"
_FRESH_SECONDS = 600
_ARCHIVE_SECONDS = 24 * 3600
_FILES = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "xlsx": workbooks.CONTENT_TYPE,
    "json": "application/json",
}


class _PagedFeed(Atom1Feed):
    """An Atom feed with the links of RFC 5005: `current_url`, `previous_url`, `is_archive`."""

    content_type = _CONTENT_TYPE

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:fh": _HISTORY_NAMESPACE}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["is_archive"]:
            handler.addQuickElement("fh:archive")
            handler.addQuickElement("link", "", {"rel": "current", "href": self.feed["current_url"]})
        if self.feed["previous_url"]:
            handler.addQuickElement("link", "", {"rel": "prev-archive", "href": self.feed["previous_url"]})


@require_safe
@limited
def batches_feed(request: HttpRequest, kind: ListKind = ListKind.FILINGS) -> HttpResponse:
    """The latest lists of a kind; what came before stands on the archive pages."""
    latest = lists.public_lists(kind, most=LISTS_A_PAGE)
    # The last block that is full: what is newer than it is in the current feed alone.
    full = latest[0].number // LISTS_A_PAGE if latest else 0
    return _answer(request, kind, latest, own=feed_url(kind), previous=full, is_archive=False)


@require_safe
@limited
def batches_archive(request: HttpRequest, page: int, kind: ListKind = ListKind.FILINGS) -> HttpResponse:
    """The lists of one full block of numbers, page 1 the first ones; a block that is not full yet is not there."""
    first = (page - 1) * LISTS_A_PAGE + 1
    found = lists.lists_numbered(first, first + LISTS_A_PAGE - 1, kind)
    if len(found) < LISTS_A_PAGE:
        raise Http404
    own = _archive_url(kind, page)
    return _answer(request, kind, found, own=own, previous=page - 1, is_archive=True)


def _archive_url(kind: ListKind, page: int) -> str:
    return reverse("public:batches_archive", args=list_arguments(page, kind))


def _description(shown: PublicList, rows: Sequence[PublishedRow]) -> str:
    """What a reader of the feed is told of a list; of a corrigendum, what each of its rows corrects."""
    corrections = [
        printed_correction(row.correction, number=row.number) for row in rows if row.correction is not None
    ]
    if corrections:
        return "\n".join([f"共 {shown.count} 项。", *corrections, DISCLAIMER])
    last_day = last_day_of(shown)
    mark = "（暂定）" if last_day.is_provisional else ""
    until = f"疑议截止 {last_day.on.isoformat()}{mark}。" if last_day.on else ""
    return f"共 {shown.count} 项。{until}{DISCLAIMER}"


def _answer(
    request: HttpRequest,
    kind: ListKind,
    shown: Sequence[PublicList],
    *,
    own: str,
    previous: int,
    is_archive: bool,
) -> HttpResponse:
    feed = _PagedFeed(
        title=PRINTED_KINDS[kind],
        link=portal_url(reverse("public:batches")),
        description="",
        subtitle=SYSTEM_NAME,
        language="zh-CN",
        author_name=NATIONAL_OFFICE,
        feed_url=portal_url(own),
        feed_guid=portal_url(feed_url(kind)),
        is_archive=is_archive,
        current_url=portal_url(feed_url(kind)),
        previous_url=portal_url(_archive_url(kind, previous)) if previous else "",
    )
    rows = lists.rows_of_corrigenda(each.number for each in shown) if kind is ListKind.CORRIGENDA else {}
    for each in shown:
        url = list_url(each.number, kind)
        feed.add_item(
            title=printed_title(each.kind, each.number),
            link=url,
            unique_id=url,
            description=_description(each, rows.get(each.number, ())),
            pubdate=each.published_at,
            updateddate=each.published_at,
            enclosures=[
                Enclosure(portal_url(file_url(each, file.format)), str(file.size_bytes), _FILES[file.format])
                for file in lists.files_of(each)
                if file.format in _FILES
            ],
        )
    content = feed.writeString("utf-8").encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=_CONTENT_TYPE, headers={"ETag": tag})
    patch_cache_control(response, public=True, max_age=_ARCHIVE_SECONDS if is_archive else _FRESH_SECONDS)
    return get_conditional_response(request, etag=tag, response=response) or response
