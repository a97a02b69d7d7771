"""Articles as the office keeps them. THE ONLY WRITER of their versions, which are only ever added.

Who wrote a text does not publish it: another person does, at once or from a set moment. What is saved while a
publication waits takes its place. A withdrawal ends an article.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from registry.clock import iso_instant
from registry.errors import FilingError, NotFound, OutOfDate
from registry.models import Account, Article, ArticleVersion
from registry.publication.articles import first_public_at, public_numbers
from registry.rules.articles import ArticleAct, ArticleKind, ArticleState, plain_text
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.search_form import SEPARATOR, form_of
from registry.streams import office_acts

_TRACES = {
    ArticleAct.DRAFT: OfficeAct.ARTICLE_DRAFTED,
    ArticleAct.PUBLISH: OfficeAct.ARTICLE_PUBLISHED,
    ArticleAct.WITHDRAW: OfficeAct.ARTICLE_WITHDRAWN,
}


class ArticleActRefused(FilingError):
    """The act is not open in the article's state, or not to this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an article says."""

    title: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article with its newest version and its state."""

    newest: ArticleVersion
    state: ArticleState


def kept_articles(*, at: datetime) -> list[KeptArticle]:
    """Every article, the one changed last first."""
    newest = ArticleVersion.objects.filter(article=OuterRef("article")).order_by("-version")
    found = ArticleVersion.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    rows = found.select_related("article", "changed_by").defer("text", "search_form")
    public = public_numbers(at=at)
    return [
        KeptArticle(row, state_of(row, is_public=row.article_id in public, at=at))
        for row in rows.order_by("-changed_at", "-article_id")
    ]


def versions_of(article_id: int) -> list[ArticleVersion]:
    """Every version of an article, newest first. Raises NotFound."""
    found = ArticleVersion.objects.filter(article__id=article_id).select_related("article", "changed_by")
    versions = list(found.order_by("-version"))
    if not versions:
        raise NotFound("article_not_found")
    return versions


def state_of(newest: ArticleVersion, *, is_public: bool, at: datetime) -> ArticleState:
    """The state of the article of which this is the newest version."""
    if newest.act == ArticleAct.WITHDRAW:
        return ArticleState.WITHDRAWN
    if newest.public_from is not None:
        return ArticleState.WAITING if newest.public_from > at else ArticleState.PUBLISHED
    return ArticleState.REDRAFTED if is_public else ArticleState.DRAFT


@transaction.atomic
def begin_article(kind: ArticleKind, content: Content, *, by: Account, at: datetime) -> Article:
    """A new article with its first draft."""
    article = Article.objects.create(kind=kind.value)
    _add(article, None, ArticleAct.DRAFT, content, by=by, at=at)
    return article


def save_draft(
    article_id: int, content: Content, *, seen_version: int, by: Account, at: datetime
) -> ArticleVersion:
    """Saves a text that replaces nothing public until it is published. Raises OutOfDate and ArticleActRefused."""
    newest = _newest(article_id, seen_version)
    return _add(newest.article, newest, ArticleAct.DRAFT, content, by=by, at=at)


def publish(
    article_id: int, *, seen_version: int, public_from: datetime | None, by: Account, at: datetime
) -> ArticleVersion:
    """Publishes the draft seen, at once or from a moment. Raises OutOfDate and ArticleActRefused."""
    newest = _newest(article_id, seen_version)
    if newest.act != ArticleAct.DRAFT:
        raise ArticleActRefused("article_not_a_draft")
    if newest.changed_by_id == by.pk:
        raise ArticleActRefused("article_own_text")
    if public_from is not None and public_from <= at:
        raise ArticleActRefused("article_moment_passed")
    return _add(
        newest.article,
        newest,
        ArticleAct.PUBLISH,
        _content_of(newest),
        by=by,
        at=at,
        public_from=public_from or at,
    )


def withdraw(article_id: int, *, seen_version: int, reason: str, by: Account, at: datetime) -> ArticleVersion:
    """Takes an article back for good, or drops a draft. Raises OutOfDate and ArticleActRefused."""
    newest = _newest(article_id, seen_version)
    return _add(
        newest.article,
        newest,
        ArticleAct.WITHDRAW,
        _content_of(newest),
        by=by,
        at=at,
        public_from=at,
        reason=reason,
    )


def _content_of(version: ArticleVersion) -> Content:
    return Content(title=version.title, source=version.source, text=version.text)


def _newest(article_id: int, seen_version: int) -> ArticleVersion:
    newest = versions_of(article_id)[0]
    if newest.version != seen_version:
        raise OutOfDate("article_saved_meanwhile")
    if newest.act == ArticleAct.WITHDRAW:
        raise ArticleActRefused("article_withdrawn")
    return newest


def _add(
    article: Article,
    newest: ArticleVersion | None,
    act: ArticleAct,
    content: Content,
    *,
    by: Account,
    at: datetime,
    public_from: datetime | None = None,
    reason: str = "",
) -> ArticleVersion:
    """Adds the next version. No row is locked: of two who add at once, the constraint refuses the second."""
    published_at = first_public_at(article.pk, at=at)
    if act is ArticleAct.PUBLISH and published_at is None:
        published_at = public_from
    try:
        with transaction.atomic():
            added = ArticleVersion.objects.create(
                id=uuid.uuid4(),
                article=article,
                version=newest.version + 1 if newest is not None else 1,
                act=act.value,
                title=content.title,
                source=content.source,
                text=content.text,
                search_form=SEPARATOR.join((form_of(content.title), form_of(plain_text(content.text)))),
                reason=reason,
                public_from=public_from,
                published_at=None if act is ArticleAct.DRAFT else published_at,
                changed_at=at,
                changed_by=by,
            )
            office_acts.record(
                _TRACES[act],
                OfficeSubject.ARTICLE,
                str(article.pk),
                by=by,
                at=at,
                before=_said_in(newest) if newest is not None else {},
                after=_said_in(added),
                reason=reason,
            )
    except IntegrityError as error:
        raise OutOfDate("article_saved_meanwhile") from error
    return added


def _said_in(version: ArticleVersion) -> dict[str, object]:
    """What the trail says of a version; its text is in the version itself."""
    public_from = version.public_from
    return {
        "version": version.version,
        "title": version.title,
        "public_from": iso_instant(public_from) if public_from is not None else "",
    }
