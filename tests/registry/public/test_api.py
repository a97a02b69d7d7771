"""The public API: its keys, its problems, its description."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from registry.models import Filing
from registry.public.limits import AddressThrottle
from registry.rules.codes import filing_number
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.registry.publication.conftest import make_filings

pytestmark = pytest.mark.django_db

FILING_KEYS = [
    "number",
    "record_url",
    "applicant_name",
    "service_name",
    "province_code",
    "province_name",
    "categories",
    "service_types",
    "main_chains",
    "chain_kind",
    "service_forms",
    "application_fields",
    "website_urls",
    "app_names",
    "upstream_numbers",
    "standing",
    "numbered_on",
    "changed_on",
    "ends_on",
    "cancelled_on",
    "struck_off_on",
    "end_ground",
    "end_basis",
    "successor_number",
    "predecessor_numbers",
    "batch",
    "ending_list",
    "is_imported",
]
UNKNOWN = str(filing_number.compose("110108", 2026, "00001234", 1))


def get(path: str, **headers: str) -> ClientResponse:
    return Client().get(path, headers={"Accept-Language": "en", **headers})


def look_up(number: object, **headers: str) -> ClientResponse:
    return get(f"/api/v1/filings/{quote(str(number))}/", **headers)


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """The OpenAPI description."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def conforms(body: Any, component: str, description: dict[str, Any]) -> None:
    """Raises when the body is not what the description says; nothing undescribed may be in it."""
    components = {
        name: {**each, "additionalProperties": False} if each.get("type") == "object" else each
        for name, each in description["components"]["schemas"].items()
    }
    schema = {"$ref": f"#/components/schemas/{component}", "components": {"schemas": _plain(components)}}
    jsonschema.Draft202012Validator(schema).validate(body)


def _plain(part: Any) -> Any:
    """OpenAPI 3.0's nullable as JSON Schema says it."""
    if isinstance(part, list):
        return [_plain(each) for each in part]
    if not isinstance(part, dict):
        return part
    plain = {name: _plain(each) for name, each in part.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if part.get("nullable") else plain


def test_the_keys_of_a_filing_are_these(one_filing: Filing, description: dict[str, Any]) -> None:
    answer = look_up(one_filing.number)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    body = answer.json()
    assert list(body) == [*FILING_KEYS, "history", "disclaimer"]
    assert body["number"] == one_filing.number
    assert body["history"] == [
        {
            "event": "numbered",
            "on": "2026-03-02",
            "columns": [],
            "former": {},
            "batch": None,
            "number": None,
            "list_kind": None,
        }
    ]
    assert [sorted(each) for each in body["main_chains"]] == [["code", "name_en", "name_zh"]]
    conforms(body, "FilingDetail", description)


def test_a_number_is_taken_as_it_is_typed(one_filing: Filing) -> None:
    number = str(one_filing.number)
    assert look_up(f" {number[4:10]} {number[10:-1].lower()}").json() == look_up(number).json()


def test_a_search_gives_pages_with_addresses(cast: Cast, description: dict[str, Any]) -> None:
    made = [filing.number for filing in make_filings(cast, 3)]
    first = get("/api/v1/filings/?q=%E6%A0%B7%E4%BE%8B&page_size=2").json()
    assert list(first) == ["results", "next", "previous", "disclaimer"]
    assert [list(each) for each in first["results"]] == [FILING_KEYS, FILING_KEYS]
    assert first["next"].startswith(
        "http://testserver/api/v1/filings/?q=%E6%A0%B7%E4%BE%8B&page_size=2&cursor="
    )
    second = get(first["next"].removeprefix("http://testserver")).json()
    assert [each["number"] for page in (first, second) for each in page["results"]] == made
    assert (first["previous"], second["next"]) == (None, None)
    conforms(first, "FilingPage", description)


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/api/v1/filings/?standing=pending", 400, "invalid"),
        ("/api/v1/filings/?page_size=101", 400, "invalid"),
        ("/api/v1/filings/?cursor=nonsense", 400, "cursor-invalid"),
        ("/api/v1/filings/11010826000012340011/", 404, "not-a-filing-number"),
        ("/api/v1/filings/x/", 404, "not-a-filing-number"),
        (f"/api/v1/filings/{quote(UNKNOWN)}/", 404, "not-in-register"),
        ("/api/v1/nothing/", 404, "not-found"),
    ],
)
def test_a_problem_has_a_type_with_a_page(
    path: str, status: int, slug: str, description: dict[str, Any]
) -> None:
    answer = get(path)
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (body["type"], body["status"]) == (f"http://testserver/problems/{slug}/", status)
    assert get(f"/problems/{slug}/").status_code == HTTPStatus.OK
    conforms(body, "Problem", description)


def test_a_wrong_check_character_is_named(one_filing: Filing) -> None:
    body = str(one_filing.number)[4:-1]
    answer = look_up(body[:-1] + ("1" if body[-1] != "1" else "2"))
    assert answer.json()["facts"] == {"reason": "check_character"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_the_interface_is_only_read(method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/filings/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["code"] == "method_not_allowed"


def test_what_has_not_changed_is_not_sent_again(one_filing: Filing) -> None:
    first = look_up(one_filing.number)
    assert "max-age=60" in first["Cache-Control"]
    again = look_up(one_filing.number, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_too_many_calls_get_a_time_to_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "2/min"})
    assert [get("/api/v1/filings/").status_code for _time in range(3)] == [200, 200, 429]
    answer = get("/api/v1/filings/")
    assert answer.json()["type"] == "http://testserver/problems/throttled/"
    assert 1 <= int(answer["Retry-After"]) <= 61


def test_another_address_is_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "1/min"})
    forged = {"X-Forwarded-For": "203.0.113.9"}
    assert [get("/api/v1/filings/").status_code, get("/api/v1/filings/", **forged).status_code] == [200, 429]
    assert Client(REMOTE_ADDR="203.0.113.9").get("/api/v1/filings/").status_code == HTTPStatus.OK


def test_the_description_is_valid_and_complete(description: dict[str, Any]) -> None:
    validate_schema(description)
    assert sorted(description["paths"]) == [
        "/api/v1/codes/",
        "/api/v1/codes/{name}/",
        "/api/v1/deadlines/",
        "/api/v1/filings/",
        "/api/v1/filings/{number}/",
        "/api/v1/lists/",
        "/api/v1/lists/{kind}/",
        "/api/v1/lists/{kind}/{number}/",
        "/api/v1/lists/{kind}/{number}/entries/",
        "/api/v1/lists/{number}/",
        "/api/v1/lists/{number}/entries/",
        "/api/v1/statistics/",
        "/api/v1/statistics/batches/",
        "/api/v1/statistics/batches/{number}/",
    ]
    for path, statuses in (
        ("/api/v1/codes/", ["200", "405", "429"]),
        ("/api/v1/codes/{name}/", ["200", "404", "405", "429"]),
        ("/api/v1/deadlines/", ["200", "400", "405", "429"]),
        ("/api/v1/filings/", ["200", "400", "405", "429"]),
        ("/api/v1/filings/{number}/", ["200", "404", "405", "429"]),
        ("/api/v1/lists/", ["200", "405", "429"]),
        ("/api/v1/lists/{kind}/", ["200", "404", "405", "429"]),
        ("/api/v1/lists/{kind}/{number}/", ["200", "404", "405", "429"]),
        ("/api/v1/lists/{kind}/{number}/entries/", ["200", "400", "404", "405", "429"]),
        ("/api/v1/lists/{number}/", ["200", "404", "405", "429"]),
        ("/api/v1/lists/{number}/entries/", ["200", "400", "404", "405", "429"]),
        ("/api/v1/statistics/", ["200", "400", "405", "429"]),
        ("/api/v1/statistics/batches/", ["200", "405", "429"]),
        ("/api/v1/statistics/batches/{number}/", ["200", "404", "405", "429"]),
    ):
        operation = description["paths"][path]["get"]
        assert sorted(operation["responses"]) == statuses
        for status in statuses[1:]:
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]
    assert get("/api/schema/").status_code == HTTPStatus.OK
