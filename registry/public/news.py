"""News and policies of the office: their lists, an article with its editions, and the feed of news."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry import clock
from registry.labels.article_words import ARTICLE_KINDS
from registry.presentation.posted import posted_count
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.public.pages import address
from registry.publication import articles
from registry.publication.addresses import portal_url
from registry.publication.articles import PublicArticle, Withdrawn
from registry.rules.articles import ArticleKind, blocks_of, opening_of
from registry.rules.provisions import SYSTEM_NAME

_SUMMARY_CHARACTERS = 120
_FEED_ENTRIES = 30
_FEED_SECONDS = 600
_URLS = {ArticleKind.NEWS: "public:news", ArticleKind.POLICY: "public:policies"}


@require_safe
@limited
def news(request: HttpRequest) -> HttpResponse:
    """The notices of the office, the latest first."""
    return _column(request, ArticleKind.NEWS)


@require_safe
@limited
def policies(request: HttpRequest) -> HttpResponse:
    """The policies and rules, the latest first."""
    return _column(request, ArticleKind.POLICY)


@require_safe
@limited
def article(request: HttpRequest, number: int, edition: int | None = None) -> HttpResponse:
    """An article as it is public now, or an earlier edition of it; 410 once it is withdrawn."""
    at = clock.now()
    found = articles.find_article(number, at=at)
    if found is None:
        raise Http404
    if isinstance(found, Withdrawn):
        return _withdrawn(request, found)
    if edition is not None and not 1 <= edition <= len(found.editions):
        raise Http404
    position = edition or len(found.editions)
    shown = found.editions[position - 1]
    before, after = articles.neighbours(found.article, at=at)
    column = _column_crumb(shown.kind)
    context = {
        "article": shown,
        "blocks": blocks_of(shown.text),
        "summary": summary_of(shown),
        "column": ARTICLE_KINDS[shown.kind],
        "position": position,
        "url": article_url(shown.number),
        "is_current": shown is found.article,
        "current": found.article,
        "editions": [
            {"number": place, "on": each.edition_on, "url": _edition_url(each, place)}
            for place, each in enumerate(found.editions, start=1)
        ],
        "before": article_row(before) if before else None,
        "after": article_row(after) if after else None,
        "crumbs": crumbs(column, (shown.title, "")),
    }
    return page_of(request, "registry/article.html", context)


@require_safe
@limited
def news_feed(_request: HttpRequest) -> HttpResponse:
    """The latest news as an Atom feed; an edited article comes again with its new edition."""
    feed = Atom1Feed(
        title=f"{SYSTEM_NAME}：通知公告",
        link=portal_url(reverse("public:news")),
        description="",
        language="zh-CN",
        feed_url=portal_url(reverse("public:news_feed")),
        feed_guid=portal_url(reverse("public:news_feed")),
    )
    for each in articles.latest_articles(at=clock.now(), most=_FEED_ENTRIES, kind=ArticleKind.NEWS):
        url = portal_url(article_url(each.number))
        feed.add_item(
            title=each.title,
            link=url,
            unique_id=url,
            description=summary_of(each),
            author_name=each.source,
            pubdate=each.published_at,
            updateddate=each.public_from,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    patch_cache_control(response, public=True, max_age=_FEED_SECONDS)
    return response


def article_url(number: int) -> str:
    """The address of an article."""
    return reverse("public:article", args=[number])


def article_row(article: PublicArticle) -> dict[str, Any]:
    """What a list of articles says of one."""
    return {"article": article, "url": article_url(article.number), "summary": summary_of(article)}


def summary_of(article: PublicArticle) -> str:
    """How its paragraphs begin, for lists and search engines."""
    words = opening_of(article.text)
    return words if len(words) <= _SUMMARY_CHARACTERS else f"{words[:_SUMMARY_CHARACTERS].rstrip()}…"


def _column(request: HttpRequest, kind: ArticleKind) -> HttpResponse:
    found = articles.articles_of(kind, at=clock.now(), page=posted_count(request.GET.get("page")) or 1)
    context = {
        "title": ARTICLE_KINDS[kind],
        "is_news": kind is ArticleKind.NEWS,
        "rows": [article_row(each) for each in found.articles],
        "total": found.total,
        "first_url": _page_url(kind, 1) if found.page > 2 else "",
        "previous_url": _page_url(kind, found.page - 1) if found.page > 1 else "",
        "next_url": _page_url(kind, found.page + 1) if found.page < found.pages else "",
        "crumbs": crumbs((ARTICLE_KINDS[kind], "")),
    }
    return page_of(request, "registry/articles.html", context)


def _withdrawn(request: HttpRequest, found: Withdrawn) -> HttpResponse:
    context = {"withdrawn": found, "crumbs": crumbs(_column_crumb(found.kind), (_("Withdrawn article"), ""))}
    return page_of(request, "registry/article_withdrawn.html", context, status=HTTPStatus.GONE)


def _column_crumb(kind: ArticleKind) -> tuple[object, str]:
    return (ARTICLE_KINDS[kind], reverse(_URLS[kind]))


def _edition_url(article: PublicArticle, place: int) -> str:
    return reverse("public:article_edition", args=[article.number, place])


def _page_url(kind: ArticleKind, page: int) -> str:
    return address(reverse(_URLS[kind]), {}, names=(), page="" if page == 1 else str(page))
