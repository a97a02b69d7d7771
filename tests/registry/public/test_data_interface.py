"""The page on the data interface is for people; the OpenAPI document is a file that it links."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from registry.public.limits import AddressThrottle

pytestmark = pytest.mark.django_db


def text_of(path: str = "/data/") -> str:
    return Client().get(path, headers={"accept-language": "en"}).content.decode()


def test_the_page_is_read_by_people_and_links_the_document_as_a_file() -> None:
    answer = Client().get("/data/")
    assert answer["Content-Type"].startswith("text/html")
    page = answer.content.decode()
    assert 'href="/api/schema/" download="openapi.yaml"' in page
    assert "openapi: 3" not in page


@pytest.mark.parametrize("path", ["/", "/site-map/", "/problems/throttled/", "/data/", "/help/"])
def test_no_page_opens_the_document_as_if_it_were_a_page(path: str) -> None:
    for link in re.findall(r'<a [^>]*href="/api/schema/[^>]*>', text_of(path)):
        assert "download=" in link
    assert 'href="/data/"' in text_of(path)


def test_every_address_that_is_offered_answers() -> None:
    page = text_of().replace("&amp;", "&")
    offered = set(re.findall(r'href="(/api/v1/[^"]*)"', page))
    assert len(offered) >= 7
    for path in offered:
        answer = Client().get(path)
        assert (path, answer.status_code, answer["Content-Type"]) == (path, 200, "application/json")


def test_the_limit_that_is_stated_is_the_one_that_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "7/min"})
    assert "One address may ask 7 questions a minute." in text_of()
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "7200/hour"})
    assert "One address may ask 120 questions a minute." in text_of()
