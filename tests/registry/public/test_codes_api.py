"""The lists of codes in the API: whole, in both languages, and the same as the search knows."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

from registry.models import ListEntry
from registry.public.codes_api import CODE_LISTS
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.particulars.applicant import ORGANISATION_TYPES
from registry.rules.particulars.service_categories import CATEGORY_CODES
from registry.rules.workflow.states import PUBLIC_STANDINGS

pytestmark = pytest.mark.django_db


def _codes(client: Client, name: str) -> list[str]:
    found = client.get(f"/api/v1/codes/{name}/").json()
    assert found["name"] == name
    return [each["code"] for each in found["codes"]]


def test_every_list_is_whole(client: Client) -> None:
    assert _codes(client, "provinces") == [each.code for each in PROVINCES]
    assert _codes(client, "categories") == list(CATEGORY_CODES)
    assert sorted(_codes(client, "standings")) == sorted(PUBLIC_STANDINGS)
    assert _codes(client, "organisation-types") == list(ORGANISATION_TYPES)
    for name, kept in (("application-fields", "application_fields"), ("main-chains", "main_chains")):
        entries = ListEntry.objects.filter(list_name=kept)
        assert _codes(client, name) == [entry.code for entry in entries]


def test_a_retired_entry_keeps_its_words(client: Client) -> None:
    ListEntry.objects.filter(list_name="main_chains").update(is_active=False)
    assert _codes(client, "main-chains")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_names_are_in_both_languages_whoever_asks(client: Client, language: str) -> None:
    found = client.get("/api/v1/codes/", headers={"Accept-Language": language}).json()["results"]
    assert [each["name"] for each in found] == list(CODE_LISTS)
    provinces = {each["code"]: each for each in found[0]["codes"]}
    assert provinces["440000"] == {"code": "440000", "name_zh": "广东", "name_en": "Guangdong"}
    assert all(code["name_zh"] and code["name_en"] for each in found for code in each["codes"])


def test_an_unknown_list_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/codes/secrets/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer["Content-Type"] == "application/problem+json"


def test_every_search_parameter_takes_the_codes(client: Client) -> None:
    for name, parameter in (
        ("provinces", "province"),
        ("service-types", "type"),
        ("chain-kinds", "chain_kind"),
    ):
        code = _codes(client, name)[-1]
        assert client.get("/api/v1/filings/", {parameter: code}).status_code == HTTPStatus.OK
