"""A ready record is answered before the middleware of the API: what holds there holds here as well."""

from __future__ import annotations

import gzip
from http import HTTPStatus
from unittest import mock
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from filing_portal import access, api_path, middleware
from registry import tasks
from registry.models import Filing, PublishedRecord
from registry.public import api
from registry.rules.codes import filing_number
from tests.access.answers import assert_safe
from tests.access.visitors import Visitor
from tests.builders import register as build
from tests.builders.register import Cast
from tests.client import ClientResponse

pytestmark = pytest.mark.django_db

UNKNOWN = str(filing_number.compose("110108", 2026, "00001234", 1))


@pytest.fixture
def filing(cast: Cast) -> Filing:
    """A filing in force whose record is ready; nothing but the ready bytes may answer."""
    made = build.filing_of(build.in_force(cast))
    while tasks.sweep_records():
        pass
    return made


def path_of(filing: Filing) -> str:
    return f"/api/v1/filings/{quote(str(filing.number))}/"


def ask(path: str, method: str = "get", **headers: str) -> ClientResponse:
    answer: ClientResponse = getattr(Client(), method)(path, headers=headers)
    return answer


def is_answered_early(path: str, method: str = "get", **headers: str) -> bool:
    with mock.patch.object(api_path, "ready_answer", wraps=api.ready_answer) as early:
        with mock.patch.object(api.FilingView, "get", autospec=True) as view:
            view.side_effect = lambda *_arguments, **_named: api.Response({})
            ask(path, method, **headers)
        return bool(early.called) and not view.called


def test_the_framework_is_not_asked(filing: Filing) -> None:
    path = path_of(filing)
    assert is_answered_early(path)
    assert is_answered_early(path, "head")
    assert is_answered_early(f"{path}?x=1")
    assert not is_answered_early(f"{path}?format=json")
    assert not is_answered_early(path, Accept="application/json; indent=2")
    PublishedRecord.objects.all().delete()
    assert not is_answered_early(path)


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("language", ["zh-hans", "en", "fr"])
def test_its_headers_are_those_of_the_long_way(filing: Filing, method: str, language: str) -> None:
    early = ask(path_of(filing), method, **{"Accept-Language": language})
    assert_safe(early, Visitor.ANONYMOUS)
    with mock.patch.object(api_path, "_ready_record", return_value=None):
        late = ask(path_of(filing), method, **{"Accept-Language": language})
    assert (early.status_code, early.content) == (late.status_code, late.content)
    assert dict(early.headers) == dict(late.headers)


def test_it_is_compressed_for_who_takes_that(filing: Filing) -> None:
    plain, small = ask(path_of(filing)), ask(path_of(filing), **{"Accept-Encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert small["ETag"] == f"W/{plain['ETag']}"


def test_a_signed_in_persons_browser_keeps_nothing(cast: Cast, filing: Filing) -> None:
    client = Client()
    client.force_login(cast.member)
    answer = client.get(path_of(filing))
    assert (answer["Cache-Control"], answer.cookies.output()) == ("no-store, private", "")
    client.cookies.clear()
    assert client.get(path_of(filing))["Cache-Control"] == "public, max-age=60"


def test_it_has_its_line_in_the_request_log(filing: Filing) -> None:
    for status, headers in ((200, {}), (304, {"If-None-Match": ask(path_of(filing))["ETag"]})):
        with mock.patch.object(middleware._log, "info") as said:
            ask(path_of(filing), **headers)
        (line,) = said.call_args_list
        assert line.args == ("request",)
        said_of_it = dict(line.kwargs)
        assert said_of_it.pop("milliseconds") >= 0
        assert said_of_it == {"method": "GET", "url_name": "api:filing", "status": status}


def test_a_wrong_name_of_the_host_is_refused(filing: Filing) -> None:
    with mock.patch.object(settings, "ALLOWED_HOSTS", ["portal.example.cn"]):
        refused = Client(headers={"Host": "elsewhere.example.cn"}).get(path_of(filing))
        assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
        assert Client(headers={"Host": "portal.example.cn"}).get(path_of(filing)).status_code == HTTPStatus.OK


def test_a_plain_connection_is_sent_to_the_safe_one(filing: Filing) -> None:
    with mock.patch.object(settings, "SECURE_SSL_REDIRECT", new=True):
        answer = Client().get(path_of(filing))
    assert (answer.status_code, answer["Location"][:8]) == (301, "https://")


def test_the_access_table_is_asked(filing: Filing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.ACCESS, "api:filing", access.Audience.OFFICER)
    assert ask(path_of(filing)).status_code == HTTPStatus.UNAUTHORIZED
    monkeypatch.delitem(access.ACCESS, "api:filing")
    assert ask(path_of(filing)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_unknown_number_is_a_problem_in_the_language_asked_for(filing: Filing, language: str) -> None:
    for typed, code in ((UNKNOWN, "not_in_register"), ("x", "not_a_filing_number"), ("a\0", "not_found")):
        answer = ask(f"/api/v1/filings/{quote(typed)}/", **{"Accept-Language": language})
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer["Content-Language"] == language
        assert answer.json()["code"] == code


def test_only_reading_is_early(filing: Filing) -> None:
    for method in ("post", "put", "delete", "options"):
        assert ask(path_of(filing), method).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert ask(path_of(filing).removesuffix("/")).status_code == HTTPStatus.MOVED_PERMANENTLY
    assert ask(f"{path_of(filing)}more/").status_code == HTTPStatus.NOT_FOUND
