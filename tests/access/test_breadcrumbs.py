"""Every public page says where it lies: one trail from the home page, whose last step is the page itself."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.urls import reverse

from tests.access.scene import Scene
from tests.access.table import TABLE, Row
from tests.access.visitors import Visitor
from tests.access.walking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

_TRAIL = re.compile(r'<nav class="breadcrumbs".*?</nav>', re.DOTALL)
PAGES = [
    pytest.param(name, row, id=f"{name}-{place}")
    for name, rows in TABLE.items()
    for place, row in enumerate(rows)
    if name.startswith(("public:", "objections:")) and name != "public:home" and row.gets
]


@pytest.mark.parametrize(("name", "row"), PAGES)
def test_a_public_page_has_a_trail_from_home(scene: Scene, name: str, row: Row) -> None:
    url = reverse(name, kwargs=row.arguments(scene))
    answer = ask(scene, Visitor.ANONYMOUS, "GET", url)
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    if answer.status_code != HTTPStatus.OK or not is_page:
        return
    (trail,) = _TRAIL.findall(answer.content.decode())
    assert 'href="/"' in trail
    assert trail.count('aria-current="page"') == 1
    steps = re.findall(r'<meta itemprop="position" content="(\d+)">', trail)
    assert steps == [str(place) for place in range(1, len(steps) + 1)]
    assert len(steps) >= 2


def test_there_are_pages_to_walk() -> None:
    assert len(PAGES) > 20
