"""The office's articles: versions, the second person, moments, and what is public when."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import clock
from registry.errors import NotFound, OutOfDate
from registry.models import ArticleVersion
from registry.office import articles
from registry.office.article_forms import NewArticleForm, WithdrawalForm
from registry.office.articles import ArticleActRefused
from registry.publication.articles import Published, Withdrawn, find_article
from registry.rules.articles import ArticleState
from tests.builders import article as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(hours=1)
TOMORROW = MORNING + timedelta(days=1)


def _titles(number: int, at: datetime) -> list[str]:
    found = find_article(number, at=at)
    assert isinstance(found, Published)
    return [each.title for each in found.editions]


def test_a_draft_is_not_public(cast: Cast) -> None:
    number = build.drafted(cast.administrator, build.content())
    assert find_article(number, at=TOMORROW) is None


def test_who_wrote_a_text_does_not_publish_it(cast: Cast) -> None:
    number = build.drafted(cast.administrator, build.content())
    with pytest.raises(ArticleActRefused) as refused:
        articles.publish(number, seen_version=1, public_from=None, by=cast.administrator, at=LATER)
    assert refused.value.code == "article_own_text"
    articles.publish(number, seen_version=1, public_from=None, by=cast.national_head, at=LATER)
    assert _titles(number, LATER) == ["样例通知"]


def test_a_new_draft_changes_nothing_public_until_it_is_published(cast: Cast) -> None:
    number = build.published(cast)
    articles.save_draft(number, build.content("改后"), seen_version=2, by=cast.administrator, at=LATER)
    assert _titles(number, TOMORROW) == ["样例通知"]
    articles.publish(number, seen_version=3, public_from=None, by=cast.national_head, at=LATER)
    found = find_article(number, at=LATER)
    assert isinstance(found, Published)
    assert [each.title for each in found.editions] == ["样例通知", "改后"]
    assert (found.article.published_at, found.article.public_from) == (MORNING, LATER)


def test_an_article_is_public_from_its_moment_on(cast: Cast) -> None:
    number = build.published(cast, public_from=TOMORROW)
    assert find_article(number, at=TOMORROW - timedelta(seconds=1)) is None
    found = find_article(number, at=TOMORROW)
    assert isinstance(found, Published)
    assert found.article.published_at == TOMORROW


def test_a_text_saved_before_the_moment_stops_the_publication(cast: Cast) -> None:
    number = build.published(cast, public_from=TOMORROW)
    articles.save_draft(number, build.content("改后"), seen_version=2, by=cast.administrator, at=LATER)
    assert find_article(number, at=TOMORROW) is None


def test_a_moment_that_is_over_is_refused(cast: Cast) -> None:
    number = build.drafted(cast.administrator, build.content())
    with pytest.raises(ArticleActRefused) as refused:
        articles.publish(number, seen_version=1, public_from=LATER, by=cast.national_head, at=LATER)
    assert refused.value.code == "article_moment_passed"


def test_a_withdrawn_article_says_so_and_nothing_follows(cast: Cast) -> None:
    number = build.published(cast)
    build.withdrawn(cast, number, seen_version=2, at=LATER)
    found = find_article(number, at=LATER)
    assert isinstance(found, Withdrawn)
    assert found.reason == "样例理由"
    assert _titles(number, MORNING) == ["样例通知"]
    with pytest.raises(ArticleActRefused) as refused:
        articles.save_draft(number, build.content(), seen_version=3, by=cast.administrator, at=TOMORROW)
    assert refused.value.code == "article_withdrawn"


def test_a_dropped_draft_never_was(cast: Cast) -> None:
    number = build.drafted(cast.administrator, build.content())
    build.withdrawn(cast, number, seen_version=1, at=LATER)
    assert find_article(number, at=TOMORROW) is None


def test_nothing_public_is_published_twice(cast: Cast) -> None:
    number = build.published(cast)
    with pytest.raises(ArticleActRefused) as refused:
        articles.publish(number, seen_version=2, public_from=None, by=cast.administrator, at=LATER)
    assert refused.value.code == "article_not_a_draft"


def test_of_two_who_save_the_second_is_told(cast: Cast) -> None:
    number = build.drafted(cast.administrator, build.content())
    articles.save_draft(number, build.content("甲"), seen_version=1, by=cast.national_head, at=LATER)
    with pytest.raises(OutOfDate):
        articles.save_draft(number, build.content("乙"), seen_version=1, by=cast.administrator, at=LATER)
    with pytest.raises(NotFound):
        articles.versions_of(number + 1)


def test_the_database_keeps_one_row_a_version(cast: Cast) -> None:
    number = build.drafted(cast.administrator, build.content())
    row = ArticleVersion.objects.get(article_id=number)
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


def test_the_states_as_the_office_sees_them(cast: Cast) -> None:
    build.drafted(cast.administrator, build.content("草稿"))
    build.published(cast, "已发布")
    build.published(cast, "待发布", public_from=TOMORROW)
    build.withdrawn(cast, build.published(cast, "撤回"), seen_version=2, at=MORNING)
    redrafted = build.published(cast, "再改")
    articles.save_draft(redrafted, build.content("再改"), seen_version=2, by=cast.administrator, at=LATER)
    kept = articles.kept_articles(at=LATER)
    assert {each.newest.title: each.state for each in kept} == {
        "草稿": ArticleState.DRAFT,
        "已发布": ArticleState.PUBLISHED,
        "待发布": ArticleState.WAITING,
        "撤回": ArticleState.WITHDRAWN,
        "再改": ArticleState.REDRAFTED,
    }


# ---------------------------------------------------------------- the pages


@pytest.fixture
def administrator(client: Client, cast: Cast) -> Client:
    """The client, signed in as administrator."""
    client.force_login(cast.administrator, backend="registry.accounts.backends.AccountBackend")
    return client


@pytest.fixture
def head(cast: Cast) -> Client:
    """A browser of the national head."""
    client = Client()
    client.force_login(cast.national_head, backend="registry.accounts.backends.AccountBackend")
    return client


def test_an_article_from_draft_to_withdrawal(administrator: Client, head: Client, client: Client) -> None:
    said = {"kind": "policy", "title": "样例规定", "source": "样例办公室", "text": "正文<b>粗</b>"}
    address = reverse("office:article_add")
    preview = administrator.post(address, said | {"act": "preview"})
    assert "正文&lt;b&gt;粗&lt;/b&gt;" in preview.content.decode()
    assert ArticleVersion.objects.count() == 0
    page = administrator.post(address, said | {"act": "save"})["Location"]
    number = ArticleVersion.objects.get().article_id
    public, publish = (
        reverse("public:article", args=[number]),
        reverse("office:article_publish", args=[number]),
    )
    assert 'name="public_from"' not in administrator.get(page).content.decode()
    assert 'name="public_from"' in head.get(page).content.decode()
    assert administrator.post(publish, {"version": "1"}).status_code == HTTPStatus.CONFLICT
    assert client.get(public).status_code == HTTPStatus.NOT_FOUND
    assert head.post(publish, {"version": "1"}).status_code == HTTPStatus.FOUND
    assert client.get(public).status_code == HTTPStatus.OK
    withdraw = reverse("office:article_withdraw", args=[number])
    assert head.post(withdraw, {"version": "2", "reason": ""}).status_code == HTTPStatus.BAD_REQUEST
    assert head.post(withdraw, {"version": "2", "reason": "样例：写明理由"}).status_code == HTTPStatus.FOUND
    assert client.get(public).status_code == HTTPStatus.GONE


def test_a_stale_page_keeps_what_was_typed(administrator: Client, cast: Cast) -> None:
    number = build.published(cast)
    said = {"title": "另写", "source": "样例", "text": "样例", "version": "1", "act": "save"}
    response = administrator.post(reverse("office:article_edit", args=[number]), said)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "另写" in response.content.decode()


def test_a_preview_does_not_hide_what_another_person_saved_meanwhile(
    administrator: Client, cast: Cast
) -> None:
    number = build.drafted(cast.administrator, build.content())
    articles.save_draft(number, build.content("他人所写"), seen_version=1, by=cast.national_head, at=LATER)
    address = reverse("office:article_edit", args=[number])
    said = {"title": "另写", "source": "样例", "text": "样例", "version": "1"}
    preview = administrator.post(address, said | {"act": "preview"})
    assert preview.context["version"] == 1
    assert administrator.post(address, said | {"act": "save"}).status_code == HTTPStatus.CONFLICT


def test_a_moment_is_meant_in_china(administrator: Client, head: Client, cast: Cast) -> None:
    number = build.drafted(cast.administrator, build.content())
    publish = reverse("office:article_publish", args=[number])
    with clock.stopped_at(LATER):
        past = head.post(publish, {"version": "1", "public_from": "2026-03-02T11:00"})
        assert past.status_code == HTTPStatus.BAD_REQUEST
        head.post(publish, {"version": "1", "public_from": "2026-03-02T12:00"})
    version = ArticleVersion.objects.get(article_id=number, act="publish")
    assert version.public_from == MORNING + timedelta(hours=2)


def test_many_articles_cost_no_more_queries_than_one(administrator: Client, cast: Cast) -> None:
    build.published(cast)
    address = reverse("office:articles")
    # The first visit refreshes the session.
    administrator.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            administrator.get(address)
        counts.append(len(queries))
        for _place in range(29):
            build.published(cast)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("hidden", ["\x0b", "\x1c", "\u2028", "\u200b", "\u202e", "\ufffe"])
def test_what_no_feed_can_hold_and_no_reader_can_see_is_taken_out_and_refused_alone(hidden: str) -> None:
    said = {"kind": "news", "title": "样例", "source": "样例", "text": "样例第一行\n\n样例第二行"}
    assert NewArticleForm(said).is_valid()
    for name in ("title", "source", "text"):
        form = NewArticleForm(said | {name: f"样{hidden}例"})
        assert list(form.errors) == []
        assert hidden not in form.cleaned_data[name]
        alone = NewArticleForm(said | {name: f"{hidden}\u3164"})
        assert list(alone.errors) == [name]
    assert not WithdrawalForm({"reason": f"{hidden}\u3164"}).is_valid()
