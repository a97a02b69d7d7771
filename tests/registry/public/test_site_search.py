"""The search of the whole site: its groups, what it forgives, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from registry.models import Filing
from registry.public.site_pages import pages_with, site_pages
from registry.publication.search import terms_of
from tests.builders import article as articles
from tests.builders import batch as batches
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db


def _search(client: Client, text: str) -> dict[str, object]:
    response = client.get("/search/", {"q": text})
    assert response.status_code == HTTPStatus.OK
    names = ("filing_count", "list_count", "article_count", "total")
    return {name: response.context.get(name, 0) for name in names}


@pytest.fixture
def filing(cast: Cast) -> Filing:
    """A filing in force, in a list, and an article."""
    (found,) = batches.filings_in_force(cast, 1)
    batches.published(cast)
    articles.published(cast, "样例通知：关于节假日安排", text="正文提到 Fabric 网络。")
    return found


@pytest.mark.parametrize("text", ["{number}", " {number} ", "本站备案编号：{number}"])
def test_a_whole_number_leads_to_its_record(client: Client, filing: Filing, text: str) -> None:
    response = client.get("/search/", {"q": text.format(number=filing.number)})
    assert response.status_code == HTTPStatus.FOUND
    assert client.get(response["Location"]).status_code == HTTPStatus.OK


def test_a_receipt_number_is_told_what_it_is(client: Client) -> None:
    response = client.get("/search/", {"q": "2026-11-000001"})
    assert response.context["receipt_number"] == "2026-11-000001"


def test_each_group_is_found_by_its_own_words(client: Client, filing: Filing) -> None:
    assert _search(client, filing.service_name)["filing_count"] == 1
    assert _search(client, "第一批")["list_count"] == 1
    assert _search(client, "節假日 FABRIC")["article_count"] == 1
    response = client.get("/search/", {"q": "营业执照"})
    assert [page.section for page in response.context["pages"]] == ["needs-title"]


@pytest.mark.parametrize("text", ["", " ", "。。。", "没有这样的东西", "\x00", "%", "_", "<script>"])
def test_what_finds_nothing_says_so(client: Client, filing: Filing, text: str) -> None:
    assert filing.number
    assert _search(client, text)["total"] == 0


def test_what_was_typed_is_shown_and_does_nothing(client: Client) -> None:
    shown = client.get("/search/", {"q": '"><b>样例</b>'}).content.decode()
    assert "<b>样例</b>" not in shown
    assert "&lt;b&gt;样例&lt;/b&gt;" in shown


def test_a_search_costs_the_same_whatever_it_finds(client: Client, cast: Cast, filing: Filing) -> None:
    counts = {}
    for text in ("样例", "没有这样的东西"):
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": text})
        counts[text] = len(queries)
    for place in range(20):
        articles.published(cast, f"样例{place}", at=MORNING + timedelta(minutes=place))
    with CaptureQueriesContext(connection) as queries:
        client.get("/search/", {"q": "样例"})
    assert counts["样例"] == len(queries)
    assert counts["没有这样的东西"] <= counts["样例"]
    assert filing.number


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_found_by_its_title_in_either_language(client: Client, language: str) -> None:
    with override(language):
        titles = {str(page.title): page.url for page in site_pages()}
    for title, url in titles.items():
        assert url in [page.url for page in pages_with(terms_of(title))], title
        assert client.get(url).status_code == HTTPStatus.OK
