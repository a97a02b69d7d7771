"""What holds whoever asks: unknown is like foreign, no form without its token, headers on every answer."""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.urls import reverse

from tests.access.answers import assert_safe
from tests.access.database import changed, fingerprint
from tests.access.scene import Scene
from tests.access.table import TABLE, Row
from tests.access.visitors import ADMINISTRATOR, OFFICERS, Visitor
from tests.access.walking import ask, undone
from tests.client import ClientResponse

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

UNSAFE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# They take no unsafe method at all, and may say so before they look for a token.
READ_ONLY_API = {"schema", *(name for name in TABLE if name.startswith("api:"))}
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
_ADDRESSES = [(name, row) for name, rows in TABLE.items() for row in rows]


def _unknown(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same arguments with identifiers that nothing has."""
    return {
        name: uuid.uuid4() if isinstance(value, uuid.UUID) else value for name, value in arguments.items()
    }


def _what_it_says(answer: ClientResponse, path: str) -> tuple[int, str, dict[str, str]]:
    """Everything in an answer that does not just repeat the question."""
    text = _TOKEN.sub("", answer.content.decode()).replace(path, "")
    headers = {name: value for name, value in answer.headers.items() if name != "Expires"}
    return answer.status_code, text, headers


def _neighbours(row: Row) -> set[Visitor]:
    """Visitors of the same kind as those in the row, to whom these objects are not shown."""
    kinds: tuple[frozenset[Visitor], ...] = (
        frozenset({Visitor.MEMBER, Visitor.STRANGER}),
        OFFICERS,
        ADMINISTRATOR,
    )
    return {visitor for kind in kinds if kind & row.opens for visitor in kind - row.opens}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_foreign_is_answered_like_what_does_not_exist(scene: Scene, method: str) -> None:
    compared = 0
    for name, row in _ADDRESSES:
        arguments = row.arguments(scene)
        unknown = _unknown(arguments)
        if unknown == arguments:
            continue
        foreign_url, unknown_url = reverse(name, kwargs=arguments), reverse(name, kwargs=unknown)
        data = row.sends(scene) if method == "POST" else None
        for visitor in _neighbours(row):
            with undone():
                foreign = ask(scene, visitor, method, foreign_url, data)
                nothing = ask(scene, visitor, method, unknown_url, data)
            assert _what_it_says(foreign, foreign_url) == _what_it_says(nothing, unknown_url), (name, visitor)
            compared += 1
    assert compared > 25


def test_what_does_not_exist_is_not_found_by_those_it_would_open_to(scene: Scene) -> None:
    for name, row in _ADDRESSES:
        arguments = row.arguments(scene)
        unknown = _unknown(arguments)
        if unknown == arguments or name == "account_first_password":
            continue
        url = reverse(name, kwargs=unknown)
        method = "GET" if row.gets else "POST"
        for visitor in row.opens:
            with undone():
                answer = ask(scene, visitor, method, url, row.sends(scene) if method == "POST" else None)
            assert answer.status_code == HTTPStatus.NOT_FOUND, (name, visitor)


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize("method", UNSAFE_METHODS)
def test_no_unsafe_request_is_taken_without_its_token(scene: Scene, method: str) -> None:
    before = fingerprint()
    for name, row in _ADDRESSES:
        url = reverse(name, kwargs=row.arguments(scene))
        expected = {HTTPStatus.FORBIDDEN}
        if name in READ_ONLY_API:
            expected.add(HTTPStatus.METHOD_NOT_ALLOWED)
        for visitor in (Visitor.ANONYMOUS, _one_of(row)):
            answer = ask(scene, visitor, method, url, with_csrf_check=True)
            assert answer.status_code in expected, (name, visitor)
            assert_safe(answer, visitor)
    assert changed(before, fingerprint()) == []


@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        ("/no-such-page/", "GET", 404),
        ("/api/v1/no-such-thing/", "GET", 404),
        ("/robots.txt", "POST", 405),
        ("/filings/?standing=gone", "GET", 400),
        ("/static/css/desk.css", "GET", 200),
        ("/static/no-such-file.css", "GET", 404),
        ("/healthz", "OPTIONS", 405),
    ],
)
@pytest.mark.parametrize("visitor", [Visitor.ANONYMOUS, Visitor.PROVINCIAL])
def test_every_answer_carries_the_headers(
    scene: Scene, visitor: Visitor, address: str, method: str, status: int
) -> None:
    answer = ask(scene, visitor, method, address)
    assert answer.status_code == status
    # Static files are answered before anybody is asked who they are, and hold nothing of anybody.
    is_static_file = address.startswith("/static/") and status == HTTPStatus.OK
    assert_safe(answer, Visitor.ANONYMOUS if is_static_file else visitor)
    if answer.streaming:
        # Read to its end, or its file stays open.
        assert b"".join(answer)


def _one_of(row: Row) -> Visitor:
    return min(row.opens - {Visitor.ANONYMOUS})
