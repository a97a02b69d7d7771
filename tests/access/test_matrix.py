"""Who may open what: every address of the resolver before ten visitors."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.urls import reverse

from tests.access.addresses import url_names
from tests.access.answers import assert_safe, is_refusal
from tests.access.database import changed, fingerprint
from tests.access.scene import Scene
from tests.access.table import TABLE, Row
from tests.access.visitors import EVERYBODY, Visitor
from tests.access.walking import ask, undone
from tests.client import ClientResponse

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

ROWS = [
    pytest.param(name, row, id=f"{name}-{number}" if number else name)
    for name, rows in TABLE.items()
    for number, row in enumerate(rows)
]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(TABLE) == url_names()


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize(("name", "row"), ROWS)
def test_the_address_opens_to_those_in_the_table_and_to_nobody_else(
    scene: Scene, name: str, row: Row
) -> None:
    url = reverse(name, kwargs=row.arguments(scene))
    for visitor in Visitor:
        with undone():
            answer = ask(scene, visitor, "GET", url)
        _judge(answer, visitor, row, statuses=row.gets)


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize(("name", "row"), ROWS)
def test_a_post_acts_for_those_in_the_table_and_changes_nothing_for_anybody_else(
    scene: Scene, name: str, row: Row
) -> None:
    url = reverse(name, kwargs=row.arguments(scene))
    before = fingerprint()
    wrote: set[Visitor] = set()
    # Those who change nothing are asked one after the other, and looked at together.
    acting = row.opens if row.writes is None else row.writes
    for visitors in [EVERYBODY - acting, *({visitor} for visitor in acting)]:
        with undone():
            answers = {visitor: ask(scene, visitor, "POST", url, row.sends(scene)) for visitor in visitors}
            tables = changed(before, fingerprint())
        for visitor, answer in answers.items():
            _judge(answer, visitor, row, statuses=row.posts)
        if visitors <= acting:
            wrote |= visitors if tables else set()
        else:
            assert tables == [], visitors
    if row.writes is not None:
        assert wrote == row.writes


def _judge(answer: ClientResponse, visitor: Visitor, row: Row, *, statuses: frozenset[int]) -> None:
    assert_safe(answer, visitor)
    told = f"{visitor}: {answer.status_code} {answer.headers.get('Location', '')}"
    if visitor in row.opens:
        assert not is_refusal(answer, visitor), told
        assert answer.status_code in (statuses or {HTTPStatus.METHOD_NOT_ALLOWED}), told
    else:
        # That an address takes no such method is the same for everything that it could name.
        takes_no_such_method = not statuses and answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        assert is_refusal(answer, visitor) or takes_no_such_method, told
