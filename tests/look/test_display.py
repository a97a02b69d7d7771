"""Large text and high contrast: a cookie, set by a form, with no script."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from registry.public.display import set_display


def choose(**fields: str) -> HttpResponse:
    return set_display(RequestFactory().post("/display/", fields))


@pytest.mark.parametrize(
    ("field", "value", "cookie"), [("text", "large", "portal_text"), ("contrast", "high", "portal_contrast")]
)
def test_a_choice_is_kept_in_a_cookie_and_leads_back(field: str, value: str, cookie: str) -> None:
    response = choose(**{field: value, "next": "/filings/?q=x"})
    assert (response.status_code, response["Location"]) == (302, "/filings/?q=x")
    assert response.cookies[cookie].value == value


def test_the_default_removes_the_cookie() -> None:
    response = choose(text="normal")
    assert response.cookies["portal_text"]["max-age"] == 0


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com/", "javascript:x", ""])
def test_it_never_leads_to_another_host(address: str) -> None:
    assert choose(text="large", next=address)["Location"] == "/"


def test_an_unknown_value_sets_nothing() -> None:
    assert dict(choose(text="gigantic").cookies) == {}


def test_a_link_cannot_change_the_display() -> None:
    assert set_display(RequestFactory().get("/display/?text=large")).status_code == 405
