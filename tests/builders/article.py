"""Articles carried through the real acts: one person writes, another publishes."""

from __future__ import annotations

from datetime import datetime, timedelta

from registry.models import Account
from registry.office import articles
from registry.office.articles import Content
from registry.rules.articles import ArticleKind
from tests.builders.register import MORNING, Cast

TEXT = "样例正文第一段。\n\n## 办理\n\n- 见[指南](/help/)\n- 外部网站 https://example.com/a?b=1&c=2。"


def content(title: str = "样例通知", *, text: str = TEXT) -> Content:
    """What an article says."""
    return Content(title=title, source="样例办公室", text=text)


def drafted(
    author: Account, said: Content, *, kind: ArticleKind = ArticleKind.NEWS, at: datetime = MORNING
) -> int:
    """The number of an article that waits for a second person."""
    return int(articles.begin_article(kind, said, by=author, at=at).pk)


def published(
    cast: Cast,
    title: str = "样例通知",
    *,
    text: str = TEXT,
    kind: ArticleKind = ArticleKind.NEWS,
    at: datetime = MORNING,
    public_from: datetime | None = None,
) -> int:
    """The number of an article that is public from `at`, or from a later moment."""
    number = drafted(cast.administrator, content(title, text=text), kind=kind, at=at - timedelta(minutes=5))
    articles.publish(number, seen_version=1, public_from=public_from, by=cast.national_head, at=at)
    return number


def edited(cast: Cast, number: int, title: str, *, seen_version: int, at: datetime) -> None:
    """Publishes a new edition."""
    articles.save_draft(number, content(title), seen_version=seen_version, by=cast.administrator, at=at)
    articles.publish(number, seen_version=seen_version + 1, public_from=None, by=cast.national_head, at=at)


def withdrawn(cast: Cast, number: int, *, seen_version: int, at: datetime, reason: str = "样例理由") -> None:
    """Takes an article back."""
    articles.withdraw(number, seen_version=seen_version, reason=reason, by=cast.national_head, at=at)
