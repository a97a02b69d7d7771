"""The office's articles as the public reads them: the only queries behind their pages, feed and search.

A version is public from its moment on, unless another was made before it; a draft never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from registry.clock import china_date
from registry.models import ArticleVersion
from registry.rules.articles import ArticleAct, ArticleKind

ARTICLES_A_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicArticle:
    """One edition of an article. `published_at` is when the article was first public, `public_from` this edition."""

    number: int
    kind: ArticleKind
    title: str
    source: str
    text: str
    published_at: datetime
    public_from: datetime

    @property
    def published_on(self) -> date:
        """The day in China on which the article was first public."""
        return china_date(self.published_at)

    @property
    def edition_on(self) -> date:
        """The day in China on which this edition was made public."""
        return china_date(self.public_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An article that is public: the editions that were, the latest last."""

    editions: tuple[PublicArticle, ...]

    @property
    def article(self) -> PublicArticle:
        return self.editions[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """An article that was public and is no more; nothing of it is said but why."""

    number: int
    kind: ArticleKind
    withdrawn_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Articles of one kind, the latest first; `total` counts all, over `pages` pages from 1."""

    articles: tuple[PublicArticle, ...]
    total: int
    page: int
    pages: int


def articles_of(kind: ArticleKind, *, at: datetime, page: int = 1) -> ArticlePage:
    """One page of the public articles of a kind; a page too far is the last."""
    pages = Paginator(_public(at).filter(article__kind=kind.value), ARTICLES_A_PAGE)
    shown = pages.get_page(max(1, page))
    articles = tuple(_article(row) for row in shown.object_list)
    return ArticlePage(articles, pages.count, shown.number, pages.num_pages)


def latest_articles(*, at: datetime, most: int, kind: ArticleKind | None = None) -> tuple[PublicArticle, ...]:
    """The latest public articles, of all kinds or of one."""
    found = _public(at) if kind is None else _public(at).filter(article__kind=kind.value)
    return tuple(_article(row) for row in found[:most])


def find_article(number: int, *, at: datetime) -> Published | Withdrawn | None:
    """The article with this number, or that it was withdrawn; None where there was never anything public."""
    holding = list(_holding(at).filter(article__id=number).select_related("article").order_by("version"))
    if not holding or holding[-1].published_at is None:
        return None
    last = holding[-1]
    if last.act == ArticleAct.WITHDRAW:
        return Withdrawn(
            number=number,
            kind=ArticleKind(last.article.kind),
            withdrawn_on=china_date(last.changed_at),
            reason=last.reason,
        )
    return Published(editions=tuple(_article(row) for row in holding))


def neighbours(article: PublicArticle, *, at: datetime) -> tuple[PublicArticle | None, PublicArticle | None]:
    """The articles of the same kind that were published before and after this one."""
    others = _public(at).filter(article__kind=article.kind.value).exclude(article_id=article.number)
    same = Q(published_at=article.published_at)
    before = others.filter(
        Q(published_at__lt=article.published_at) | same & Q(article_id__lt=article.number)
    ).first()
    after = others.filter(
        Q(published_at__gt=article.published_at) | same & Q(article_id__gt=article.number)
    ).last()
    return (_article(before) if before else None, _article(after) if after else None)


def articles_with(terms: Sequence[str], *, at: datetime, most: int) -> tuple[tuple[PublicArticle, ...], int]:
    """The latest public articles with all of these terms, which are search forms, and how many there are."""
    found = _public(at)
    for term in terms:
        found = found.filter(search_form__contains=term)
    return tuple(_article(row) for row in found[:most]), found.count()


def public_numbers(*, at: datetime) -> frozenset[int]:
    """The numbers of all articles that are public."""
    return frozenset(_public(at).values_list("article_id", flat=True))


def first_public_at(number: int, *, at: datetime) -> datetime | None:
    """Since when the article with this number has been public; None if it is not."""
    return _public(at).filter(article__id=number).values_list("published_at", flat=True).first()


def _public(at: datetime) -> QuerySet[ArticleVersion]:
    """The versions that the public reads at a moment, the article published last first."""
    last = _holding(at).filter(article=OuterRef("article")).order_by("-version")
    current = _holding(at).filter(pk=Subquery(last.values("pk")[:1]), act=ArticleAct.PUBLISH.value)
    return current.select_related("article").order_by("-published_at", "-article_id")


def _holding(at: datetime) -> QuerySet[ArticleVersion]:
    """The publications and withdrawals that have taken place by a moment."""
    made_before = ArticleVersion.objects.filter(
        article=OuterRef("article"), version__gt=OuterRef("version"), changed_at__lt=OuterRef("public_from")
    )
    return ArticleVersion.objects.filter(~Exists(made_before), public_from__lte=at)


def _article(row: ArticleVersion) -> PublicArticle:
    if row.published_at is None or row.public_from is None:
        raise ValueError(f"article version {row.pk} is public without being published")
    return PublicArticle(
        number=row.article_id,
        kind=ArticleKind(row.article.kind),
        title=row.title,
        source=row.source,
        text=row.text,
        published_at=row.published_at,
        public_from=row.public_from,
    )
