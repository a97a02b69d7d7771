"""What somebody signed in has typed comes back after the sign-in or the token has ended, wherever it was sent."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.conf import settings
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.urls import reverse

from tests.access.scene import Scene
from tests.access.table import TABLE, Row
from tests.access.visitors import STRANGERS
from tests.access.walking import undone

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

# What somebody typed, beside choices, marks and days.
_TYPED = re.compile("[\u4e00-\u9fff]")

# Where nothing is lost although the address gives nothing back.
_ELSEWHERE = {
    "applicants:autosave": "a script, whose page has the text still",
    "applicants:autosave_part": "a script, whose page has the text still",
    "applicants:autosave_amendment": "a script, whose page has the text still",
    "review:typed": "a script, whose page has the text still",
    "review:save_filters": "a name for filters that the queue shows still",
    "office:notice_text_shipped": "the scene's text is the shipped one, so that its page has no such form",
}

TAKING_TEXT = [
    pytest.param(name, row, id=f"{name}-{number}" if number else name)
    for name, rows in TABLE.items()
    for number, row in enumerate(rows)
    if row.writes and not row.writes & STRANGERS and not name.startswith("mfa_") and name not in _ELSEWHERE
]


@pytest.mark.parametrize(("name", "row"), TAKING_TEXT)
def test_what_was_typed_is_back_in_its_form(register_of_two_provinces: Scene, name: str, row: Row) -> None:
    scene = register_of_two_provinces
    sent = row.sends(scene)
    # Like nothing else on any page.
    typed = {
        key: f"{value}甲乙丙丁"
        for key, value in sent.items()
        if isinstance(value, str) and _TYPED.search(value)
    }
    visitor = sorted(row.writes or (), key=lambda each: each.value)[0]
    address = reverse(name, kwargs=row.arguments(scene))
    empty = scene.browser(visitor).get(address)
    if empty.status_code == HTTPStatus.OK:
        # What the row sends for other visitors too, and this page has no place for.
        typed = {key: value for key, value in typed.items() if f'name="{key}"' in empty.content.decode()}
    if not typed:
        return
    with undone():
        client = scene.browser(visitor, enforce_csrf_checks=True)
        client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
        old = get_token(RequestFactory().get("/"))
        refused = client.post(
            address, sent | typed | {"csrfmiddlewaretoken": old}, headers={"Origin": "http://testserver"}
        )
        assert refused.status_code == HTTPStatus.FORBIDDEN
        page = client.get(address, follow=True).content.decode()
        assert [key for key, value in typed.items() if value not in page] == []
