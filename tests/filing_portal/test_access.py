"""The outer door: the access table is asked before any view runs."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from filing_portal.access import ACCESS, Audience, audience_for, visitor
from registry.models import Account
from registry.rules.workflow.states import PROVINCE, Role

pytestmark = pytest.mark.django_db


def _page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("opened")


urlpatterns = [
    path("officers/", _page, name="officers"),
    path("everybody/", _page, name="everybody"),
    path("nobody/", _page, name="without_a_line"),
    path("api/officers/", _page, name="api_officers"),
    path("", include("filing_portal.urls")),
]
handler404 = "filing_portal.error_pages.not_found"


@pytest.fixture(autouse=True)
def _own_addresses(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setitem(ACCESS, "officers", Audience.OFFICER)
    monkeypatch.setitem(ACCESS, "api_officers", Audience.OFFICER)
    monkeypatch.setitem(ACCESS, "everybody", Audience.PUBLIC)
    with override_settings(ROOT_URLCONF=__name__):
        yield


def _account(role: Role) -> Account:
    province = "440000" if role in PROVINCE else ""
    return Account.objects.create_account(name="Sample", password=None, role=role, province_code=province)


def _signed_in(role: Role) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(_account(role))
    return client


@pytest.mark.parametrize("role", [Role(value) for value in Account.RoleChoice.values])
def test_every_role_is_one_kind_of_visitor(role: Role) -> None:
    assert visitor(_account(role)) is Audience[role.name]


def test_an_address_without_a_line_is_refused_to_everybody() -> None:
    assert audience_for("without_a_line") is None
    for client in (Client(), _signed_in(Role.ADMINISTRATOR)):
        assert client.get("/nobody/").status_code == HTTPStatus.NOT_FOUND


def test_a_visitor_is_asked_to_sign_in_and_comes_back_to_the_page() -> None:
    answer = Client().get("/officers/?state=open")
    assert answer.status_code == HTTPStatus.FOUND
    assert answer["Location"] == "/account/login/?next=/officers/%3Fstate%3Dopen"


def test_a_form_sent_without_a_session_comes_back_to_the_page_it_stood_on() -> None:
    answer = Client().post("/officers/", headers={"Referer": "http://testserver/everybody/?page=2"})
    assert answer["Location"] == "/account/login/?next=/everybody/%3Fpage%3D2"
    foreign = Client().post("/officers/", headers={"Referer": "https://elsewhere.example/x"})
    assert foreign["Location"] == "/account/login/?next=/"


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in() -> None:
    answer = Client().get(
        "/officers/", headers={"HX-Request": "true", "Referer": "http://testserver/everybody/"}
    )
    assert answer["HX-Redirect"] == "/account/login/?next=/everybody/"


def test_an_anonymous_call_of_the_api_is_a_problem_with_status_401() -> None:
    answer = Client().get("/api/officers/")
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "code": "not_authenticated",
    }


def test_what_is_not_yours_is_not_found() -> None:
    assert _signed_in(Role.APPLICANT).get("/officers/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.NATIONAL_HEAD])
def test_the_api_knows_no_session(role: Role) -> None:
    answer = _signed_in(role).get("/api/officers/")
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "role",
    [Role.PROVINCIAL_REVIEWER, Role.PROVINCIAL_HEAD, Role.NATIONAL_REVIEWER, Role.NATIONAL_HEAD],
)
def test_officers_open_what_is_for_officers(role: Role) -> None:
    assert _signed_in(role).get("/officers/").content == b"opened"
    assert visitor(_account(role)) in ACCESS["officers"]


def test_signed_in_pages_stay_out_of_every_cache() -> None:
    assert _signed_in(Role.APPLICANT).get("/everybody/")["Cache-Control"] == "no-store, private"
    assert "Cache-Control" not in Client().get("/everybody/")


def test_every_answer_carries_the_security_headers() -> None:
    for address in ("/everybody/", "/nobody/", "/officers/", "/no-such-page/"):
        headers = Client().get(address).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "://" not in policy
