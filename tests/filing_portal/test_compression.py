"""Answers outside sessions are compressed, and none within one: what only its owner may read has no telling length."""

from __future__ import annotations

import gzip
from http import HTTPStatus

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from filing_portal.middleware import CompressionMiddleware
from tests.builders.register import Cast

LONG = b"<p>A line that is there again and again.</p>" * 40
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def answer_to(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What the middleware makes of a view's response."""
    made = CompressionMiddleware(lambda _request: response)(request)
    assert isinstance(made, HttpResponse)
    return made


@pytest.mark.parametrize(
    ("kind", "is_compressed"),
    [
        ("text/html; charset=utf-8", True),
        ("text/calendar", True),
        ("application/json", True),
        ("application/problem+json", True),
        ("application/atom+xml; charset=utf-8", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("application/pdf", False),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
    ],
)
def test_text_is_compressed_and_what_is_compressed_in_itself_is_not(
    kind: str, *, is_compressed: bool
) -> None:
    request = RequestFactory().get("/", headers=GZIP)
    answer = answer_to(request, HttpResponse(LONG, content_type=kind))
    assert answer.has_header("Content-Encoding") == is_compressed
    assert (gzip.decompress(answer.content) if is_compressed else answer.content) == LONG


def test_nothing_is_compressed_for_a_browser_that_does_not_ask() -> None:
    answer = answer_to(RequestFactory().get("/"), HttpResponse(LONG))
    assert (answer.content, answer.headers["Vary"]) == (LONG, "Accept-Encoding")


def test_a_request_within_a_session_is_answered_uncompressed() -> None:
    request = RequestFactory().get("/", headers=GZIP)
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "anything"
    assert answer_to(request, HttpResponse(LONG)).content == LONG


def test_an_answer_that_begins_a_session_is_not_compressed() -> None:
    response = HttpResponse(LONG)
    response.set_cookie(settings.SESSION_COOKIE_NAME, "anything")
    assert answer_to(RequestFactory().get("/", headers=GZIP), response).content == LONG


def test_the_length_of_a_compressed_page_tells_nothing_exact() -> None:
    """Random bytes in the header of the format hide the few that a guess would save."""
    lengths = {
        len(answer_to(RequestFactory().get("/", headers=GZIP), HttpResponse(LONG)).content) for _ in range(30)
    }
    assert len(lengths) > 5


@pytest.mark.django_db
def test_pages_are_compressed_for_everybody_but_those_who_signed_in(cast: Cast) -> None:
    client = Client(headers=GZIP)
    assert client.get("/help/").headers["Content-Encoding"] == "gzip"
    assert client.get("/api/schema/").headers["Content-Encoding"] == "gzip"
    client.force_login(cast.member)
    for page in ("/help/", "/applicant/", "/account/"):
        answer = client.get(page)
        assert answer.status_code == HTTPStatus.OK
        assert not answer.has_header("Content-Encoding")
