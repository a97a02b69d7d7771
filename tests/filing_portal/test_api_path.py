"""The short way to the public API: what it leaves out, and what holds there as everywhere."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from filing_portal import access
from filing_portal.api_path import API_MIDDLEWARE
from registry.models import Filing
from registry.public import api
from registry.public.limits import AddressThrottle
from tests.access.answers import assert_safe
from tests.access.visitors import Visitor
from tests.builders import register as build
from tests.builders.register import Cast
from tests.client import ClientResponse

pytestmark = pytest.mark.django_db

PATHS = (
    "/api/v1/filings/",
    "/api/v1/filings/?standing=gone",
    "/api/v1/filings/x/",
    "/api/v1/filings",
    "/api/v1/lists/",
    "/api/v1/lists/99/",
    "/api/v1/lists/99/entries/",
    "/api/v1/statistics/",
    "/api/v1/statistics/batches/",
    "/api/v1/deadlines/?period=decision&event_date=2025-09-22",
    "/api/v1/nothing/",
    "/api/schema/",
)
LEFT_OUT = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "filing_portal.upload_gate.UploadGateMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "filing_portal.kept_forms.SessionHolderMiddleware",
    "registry.accounts.middleware.SessionLimitsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
)


@pytest.fixture
def filing(cast: Cast) -> Filing:
    """A filing in force."""
    return build.filing_of(build.in_force(cast))


def asked(client: Client, path: str, method: str = "get", **headers: str) -> ClientResponse:
    answer: ClientResponse = getattr(client, method)(path, headers=headers)
    return answer


def test_what_the_short_way_leaves_out_is_said() -> None:
    inside = settings.MIDDLEWARE[
        settings.MIDDLEWARE.index("filing_portal.api_path.PublicApiMiddleware") + 1 :
    ]
    assert [name for name in inside if name not in API_MIDDLEWARE] == list(LEFT_OUT)
    assert [name for name in inside if name in API_MIDDLEWARE] == list(API_MIDDLEWARE)


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_no_cookie_ever_comes_from_the_api(cast: Cast, filing: Filing, method: str) -> None:
    signed_in, stranger = Client(), Client()
    signed_in.force_login(cast.member)
    stranger.cookies[settings.SESSION_COOKIE_NAME] = "made up"
    record = f"/api/v1/filings/{quote(str(filing.number))}/"
    seen = set()
    for client in (Client(), Client(enforce_csrf_checks=True), signed_in, stranger):
        for path in (*PATHS, record):
            answer = asked(client, path, method)
            assert "Set-Cookie" not in answer.headers
            assert not answer.cookies
            assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
            seen.add(answer.status_code)
    expected = {200, 301, 400, 404} if method in ("get", "head") else {301, 404, 405}
    assert seen - {200} == expected - {200}
    # Elsewhere a page gives one: it would have been seen.
    assert Client().get("/account/login/").cookies


def test_a_session_is_neither_read_nor_kept_alive(
    cast: Cast, filing: Filing, django_assert_num_queries: Any
) -> None:
    client = Client()
    client.force_login(cast.member)
    path = f"/api/v1/filings/{quote(str(filing.number))}/"
    alone = asked(Client(), path)
    # One for what was written ahead, and those of the record itself.
    with django_assert_num_queries(5):
        answer = asked(client, path)
    assert answer.content == alone.content
    assert (alone["Cache-Control"], answer["Cache-Control"]) == ("public, max-age=60", "no-store, private")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(cast: Cast, path: str) -> None:
    for method in ("get", "post", "options"):
        assert_safe(asked(Client(), path, method), Visitor.ANONYMOUS)


def test_errors_are_problems_in_the_language_asked_for() -> None:
    for path, status in (
        ("/api/v1/nothing/", 404),
        ("/api/v1/filings/x/", 404),
        ("/api/v1/filings/?year=1", 400),
    ):
        titles = set()
        for language in ("zh-hans", "en"):
            answer = asked(Client(), path, **{"Accept-Language": language})
            assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
            assert answer["Content-Language"] == language
            titles.add(answer.json()["title"])
        assert len(titles) == 2


def test_an_error_nobody_foresaw_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(api.record, "numbers_found", fail)
    client = Client(raise_request_exception=False)
    answer = asked(client, "/api/v1/filings/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["code"] == "server_error"


def test_the_access_table_decides_here_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    url = reverse("api:batches")
    monkeypatch.delitem(access.ACCESS, "api:batches")
    assert asked(Client(), url).status_code == HTTPStatus.NOT_FOUND
    monkeypatch.setitem(access.ACCESS, "api:batches", access.Audience.OFFICER)
    answer = asked(Client(), url)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Session")


def test_a_character_that_no_database_keeps_is_left_out() -> None:
    assert asked(Client(), "/api/v1/filings/?q=%00").status_code == HTTPStatus.OK
    assert asked(Client(), "/api/v1/filings/%00/").status_code == HTTPStatus.NOT_FOUND


def test_the_limit_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "3/min"})
    paths = (
        "/api/v1/lists/",
        "/api/v1/filings/",
        "/api/v1/filings/x/",
        "/api/v1/lists/",
        "/api/v1/filings/x/",
    )
    answers = [asked(Client(), path) for path in paths]
    assert [each.status_code for each in answers] == [200, 200, 404, 429, 429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert int(answers[-1]["Retry-After"]) >= 1


def test_an_address_without_its_last_slash_is_sent_on() -> None:
    answer = asked(Client(), "/api/v1/lists?x=1")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/lists/?x=1")
