"""Health answers, error pages and problem details."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest
from celery import current_app
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils.module_loading import import_string
from rest_framework import exceptions, serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from filing_portal import error_pages
from filing_portal.access import ACCESS, Audience
from registry.errors import DecryptionFailed, FilingError, NotFound, OutOfDate
from registry.public import health
from registry.rules.errors import NotAFilingNumber
from tests.services.session import services

RAISED: dict[str, Exception] = {
    "out_of_date": OutOfDate("moved_on", by="Sample officer"),
    "not_yours": NotFound("no_such_filing"),
    "bad_number": NotAFilingNumber("check_character", found="1"),
    "broken": DecryptionFailed("not_this_row"),
    "missing": Http404(),
    "invalid": serializers.ValidationError({"q": ["Too short."]}),
    "throttled": exceptions.Throttled(wait=2.5),
}


def _raise(_request: HttpRequest, kind: str) -> HttpResponse:
    raise RAISED[kind]


@api_view(["GET"])
def _raise_in_api(_request: Request, kind: str) -> Response:
    raise RAISED[kind]


urlpatterns = [
    path("raise/<kind>/", _raise, name="raise"),
    path("api/raise/<kind>/", _raise_in_api, name="api_raise"),
    path("", include("filing_portal.urls")),
]
handler400 = "filing_portal.error_pages.bad_request"
handler404 = "filing_portal.error_pages.not_found"
handler500 = "filing_portal.error_pages.server_error"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, db: None) -> object:
    """A client of a portal some of whose addresses fail."""
    monkeypatch.setitem(ACCESS, "raise", Audience.PUBLIC)
    monkeypatch.setitem(ACCESS, "api_raise", Audience.PUBLIC)
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False, headers={"Accept-Language": "en"})


@pytest.mark.parametrize(
    ("kind", "status"),
    [("out_of_date", 409), ("not_yours", 404), ("bad_number", 400), ("broken", 500), ("missing", 404)],
)
def test_a_refusal_is_a_page_that_says_so(failing: Client, kind: str, status: int) -> None:
    answer = failing.get(f"/raise/{kind}/")
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert "<h1>" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "out_of_date",
            {"status": 409, "title": "Conflict", "code": "moved_on", "facts": {"by": "Sample officer"}},
        ),
        ("not_yours", {"status": 404, "title": "Not Found", "code": "no_such_filing"}),
        (
            "bad_number",
            {"status": 400, "title": "Bad Request", "code": "check_character", "facts": {"found": "1"}},
        ),
        (
            "invalid",
            {
                "type": "http://testserver/problems/invalid/",
                "status": 400,
                "title": "A parameter is not valid",
                "code": "invalid",
                "errors": {"q": ["Too short."]},
            },
        ),
    ],
)
def test_an_error_of_the_api_is_a_problem(failing: Client, kind: str, expected: dict[str, object]) -> None:
    answer = failing.get(f"/api/raise/{kind}/")
    assert answer.status_code == expected["status"]
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    detail = body.pop("detail", "")
    assert body == {"type": "about:blank", **expected}
    assert bool(detail) is (kind != "invalid")


def test_a_throttled_call_says_when_to_come_back(failing: Client) -> None:
    answer = failing.get("/api/raise/throttled/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "3")
    assert answer.json()["code"] == "throttled"


def test_what_nobody_foresaw_is_a_problem_with_status_500(failing: Client) -> None:
    answer = failing.get("/api/raise/broken/")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert answer.json()["code"] == "server_error"
    assert "not_this_row" not in answer.content.decode()


def test_an_unknown_address_of_the_api_is_a_problem(failing: Client) -> None:
    answer = failing.get("/api/v1/no-such-thing/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_that_is_too_large_gets_its_own_error_page() -> None:
    request = RequestFactory().post("/api/v1/x")
    answer = error_pages.bad_request(request, RequestDataTooBig())
    assert json.loads(answer.content)["code"] == "body_too_large"
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_the_handlers_of_the_portal_exist() -> None:
    from filing_portal import urls

    for number in (400, 403, 404, 500):
        assert callable(import_string(getattr(urls, f"handler{number}")))


def test_the_process_is_alive_without_a_database() -> None:
    answer = health.healthz(RequestFactory().get("/healthz"))
    assert json.loads(answer.content) == {"status": "alive"}


@pytest.mark.django_db
def test_ready_means_database_migrations_and_broker() -> None:
    services.start()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "problems": []})


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    answer = Client().get("/readyz")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.json() == {"status": "not_ready", "problems": ["broker_unreachable"]}


@pytest.mark.django_db
def test_missing_migrations_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrations_are_applied", lambda: False)
    assert Client().get("/readyz").json()["problems"] == ["migrations_missing"]


def test_every_error_of_the_register_has_a_status() -> None:
    from filing_portal.refusals import status_of

    kinds = FilingError.__subclasses__()
    assert len(kinds) > 5
    assert {status_of(kind("code")) for kind in kinds} <= {400, 404, 409, 422, 500, 507}
