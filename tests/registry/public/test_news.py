"""The public pages of news and policies, their feed, and the page between the portal and an outside address."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry.labels.article_words import ARTICLE_KINDS
from registry.publication.addresses import leaving_path, path_within
from registry.publication.articles import ARTICLES_A_PAGE
from registry.rules.articles import ArticleKind
from tests.builders import article as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LATER = MORNING + timedelta(days=1)


def _page(client: Client, address: str, status: int = HTTPStatus.OK) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def _main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def _article(number: int) -> str:
    return reverse("public:article", args=[number])


def test_the_columns_show_what_is_published_and_nothing_else(cast: Cast, client: Client) -> None:
    build.drafted(cast.administrator, build.content("样例草稿"))
    build.published(cast, "样例待发布", public_from=MORNING + timedelta(days=9_000))
    withdrawn = build.published(cast, "样例撤回")
    assert "样例撤回" in _page(client, "/news/")
    build.withdrawn(cast, withdrawn, seen_version=2, at=LATER)
    build.published(cast, "样例新闻")
    build.published(cast, "样例规定", kind=ArticleKind.POLICY)
    for address in ("/news/", "/policies/", "/news/feed.xml", "/search/?q=样例"):
        shown = _page(client, address)
        for title in ("样例草稿", "样例待发布", "样例撤回"):
            assert title not in shown, (address, title)
    assert "样例新闻" in _page(client, "/news/")
    assert "样例规定" not in _page(client, "/news/")
    assert "样例规定" in _page(client, "/policies/")


def test_an_article_has_the_head_tags_of_government_sites(cast: Cast, client: Client) -> None:
    shown = _page(client, _article(build.published(cast, "样例<通知>")))
    tags = dict(re.findall(r'<meta name="(\w+)" content="([^"]*)">', shown))
    assert {
        name: unescape(tags[name]) for name in ("ColumnName", "ArticleTitle", "PubDate", "ContentSource")
    } == {
        "ColumnName": str(ARTICLE_KINDS[ArticleKind.NEWS]),
        "ArticleTitle": "样例<通知>",
        "PubDate": "2026-03-02 10:00",
        "ContentSource": "样例办公室",
    }
    assert tags["SiteName"]
    assert tags["SiteDomain"]
    assert tags["SiteIDCode"]
    assert "样例&lt;通知&gt;" in shown
    assert "样例<通知>" not in shown


def test_links_within_the_portal_are_plain_and_those_out_of_it_are_announced(
    cast: Cast, client: Client
) -> None:
    shown = _page(client, _article(build.published(cast)))
    assert '<a href="/help/">指南</a>' in shown
    outside = re.search(r'<a href="([^"]+)" rel="nofollow noopener noreferrer">([^<]+)</a>', shown)
    assert outside is not None
    assert unescape(outside[2]) == "https://example.com/a?b=1&c=2"
    assert 'href="https://example.com' not in shown
    leaving = _page(client, unescape(outside[1]))
    assert "example.com" in leaving
    assert 'href="https://example.com/a?b=1&amp;c=2"' in leaving
    assert 'rel="nofollow noopener noreferrer"' in leaving


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"to": "https://example.com/"},
        {"to": "https://example.com/", "sign": "made-up"},
        {"to": "https://example.org/", "sign": leaving_path("https://example.com/").rsplit("=", 1)[1]},
        {"to": "https://[", "sign": "x"},
    ],
)
def test_nobody_can_have_the_portal_lead_anywhere(client: Client, asked: dict[str, str]) -> None:
    shown = _page(client, f"/leaving/?{urlencode(asked)}", HTTPStatus.BAD_REQUEST)
    assert "example" not in _main(shown)


def test_a_signed_address_that_is_no_web_page_leads_nowhere(client: Client) -> None:
    for address in ("javascript:alert(1)", "//example.com/", "https:///x", "ftp://example.com/"):
        shown = _page(client, leaving_path(address), HTTPStatus.BAD_REQUEST)
        assert address not in _main(shown)


def test_addresses_of_the_portal_itself_are_paths(settings: Settings) -> None:
    settings.PORTAL_BASE_URL = "https://portal.example"
    assert path_within("/help/") == "/help/"
    assert path_within("https://portal.example") == "/"
    assert path_within("https://portal.example/news/") == "/news/"
    assert path_within("https://portal.example.org/") == ""


def test_a_withdrawn_article_is_gone_and_says_why(cast: Cast, client: Client) -> None:
    number = build.published(cast, "样例机密标题", text="样例正文")
    build.withdrawn(cast, number, seen_version=2, at=LATER, reason="样例：内容有误")
    for address in (_article(number), reverse("public:article_edition", args=[number, 1])):
        gone = _page(client, address, HTTPStatus.GONE)
        assert "样例：内容有误" in gone
        assert "样例机密标题" not in gone
        assert "样例正文" not in gone


def test_what_never_was_public_is_not_found(cast: Cast, client: Client) -> None:
    draft = build.drafted(cast.administrator, build.content())
    dropped = build.drafted(cast.administrator, build.content())
    build.withdrawn(cast, dropped, seen_version=1, at=LATER)
    for number in (draft, dropped, 0, 10**6, 10**30):
        _page(client, _article(number), HTTPStatus.NOT_FOUND)


def test_an_earlier_edition_stays_readable_and_says_that_it_is_one(cast: Cast, client: Client) -> None:
    number = build.published(cast, "样例初稿")
    build.edited(cast, number, "样例二稿", seen_version=2, at=LATER)
    shown = _page(client, _article(number))
    assert "样例二稿" in shown
    assert "2026-03-03" in shown
    earlier = reverse("public:article_edition", args=[number, 1])
    assert earlier in shown
    old = _page(client, earlier)
    assert "样例初稿" in old
    assert '<meta name="robots" content="noindex">' in old
    assert f'href="{_article(number)}"' in old
    for edition in (0, 3):
        _page(client, reverse("public:article_edition", args=[number, edition]), HTTPStatus.NOT_FOUND)


def test_neighbours_are_those_of_the_same_column(cast: Cast, client: Client) -> None:
    first = build.published(cast, "样例一", at=MORNING)
    build.published(cast, "样例规定", kind=ArticleKind.POLICY, at=MORNING)
    second = build.published(cast, "样例二", at=MORNING)
    third = build.published(cast, "样例三", at=LATER)
    shown = _page(client, _article(second))
    assert re.findall(r'rel="(?:next|prev)" href="([^"]+)"', shown) == [_article(third), _article(first)]


def test_columns_have_pages(cast: Cast, client: Client) -> None:
    for place in range(ARTICLES_A_PAGE + 1):
        build.published(cast, f"样例第{place}号", at=MORNING + timedelta(minutes=place))
    assert _page(client, "/news/").count("article-list__title") == ARTICLES_A_PAGE
    assert _page(client, "/news/?page=2").count("article-list__title") == 1
    assert _page(client, "/news/?page=999").count("article-list__title") == 1
    assert _page(client, "/news/?page=x").count("article-list__title") == ARTICLES_A_PAGE


def test_the_feed_has_news_and_says_when_an_edition_came(cast: Cast, client: Client) -> None:
    number = build.published(cast, "样例初稿")
    build.edited(cast, number, "样例二稿", seen_version=2, at=LATER)
    build.published(cast, "样例规定", kind=ArticleKind.POLICY)
    response = client.get("/news/feed.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    entries = [
        {part: entry.findtext(f"{ATOM}{part}") for part in ("title", "published", "updated")}
        for entry in feed.findall(f"{ATOM}entry")
    ]
    assert entries == [
        {
            "title": "样例二稿",
            "published": "2026-03-02T02:00:00+00:00",
            "updated": "2026-03-03T02:00:00+00:00",
        }
    ]
