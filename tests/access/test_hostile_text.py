"""U+0000, which no database keeps, is answered by every address like any other text: never with a server error."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from django.urls import reverse

from registry.models import Account
from review.models import ChecklistMark
from tests.access.scene import Scene
from tests.access.table import TABLE, Row
from tests.access.visitors import Visitor
from tests.access.walking import ask, undone

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

NUL = "\0"
_CONTROL = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"', re.S)


def _addresses(*, forms_only: bool) -> list[ParameterSet]:
    return [
        pytest.param(name, row, id=f"{name}-{number}" if number else name)
        for name, rows in TABLE.items()
        for number, row in enumerate(rows)
        if row.posts or row.writes or not forms_only
    ]


def _hostile(value: Any) -> Any:
    return f"{NUL}{value[:1]}{NUL}{value[1:]}{NUL}" if isinstance(value, str) else value


def _fields(scene: Scene, name: str, row: Row, visitor: Visitor) -> dict[str, Any]:
    """What the address is sent in good faith, and every control of its own page, filled with a text."""
    controls: list[str] = []
    if row.gets:
        with undone():
            shown = ask(scene, visitor, "GET", reverse(name, kwargs=row.arguments(scene)))
            controls = _CONTROL.findall(shown.content.decode(errors="replace"))
    return {**dict.fromkeys(controls, "样例"), **row.sends(scene)}


def _visitor(row: Row) -> Visitor:
    return min(row.writes or row.opens)


@pytest.mark.parametrize(("name", "row"), _addresses(forms_only=True))
def test_no_form_is_made_to_fail_by_nul(scene: Scene, name: str, row: Row) -> None:
    visitor, url = _visitor(row), reverse(name, kwargs=row.arguments(scene))
    fields = _fields(scene, name, row, visitor)
    # All at once, and one after another, so that no field hides behind the refusal of an earlier one.
    tries = [{field: _hostile(value) for field, value in fields.items()}]
    tries += [
        {**row.sends(scene), field: _hostile(value)}
        for field, value in fields.items()
        if isinstance(value, str)
    ]
    for sent in tries:
        with undone():
            assert ask(scene, visitor, "POST", url, sent).status_code < HTTPStatus.INTERNAL_SERVER_ERROR, sent


@pytest.mark.parametrize(("name", "row"), _addresses(forms_only=False))
def test_no_page_is_made_to_fail_by_nul_in_its_address(scene: Scene, name: str, row: Row) -> None:
    if not row.gets:
        return
    url = reverse(name, kwargs=row.arguments(scene))
    names = ("q", "page", "next", "kind", "file", "compare", "standing", "event", "revision", "add", "code")
    with undone():
        answer = ask(scene, _visitor(row), "GET", url, dict.fromkeys(names, f"{NUL}1"))
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.parametrize("path", ["/filings/{}/", "/problems/{}/", "/{}", "/api/v1/filings/{}/"])
def test_an_address_with_nul_names_nothing(scene: Scene, path: str) -> None:
    answer = ask(scene, Visitor.ANONYMOUS, "GET", path.format("%00"))
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_the_rest_of_the_text_is_kept(scene: Scene) -> None:
    row = TABLE["review:mark"][0]
    sent = {**row.sends(scene), "remark": f"样例{NUL}说明"}
    url = reverse("review:mark", kwargs=row.arguments(scene))
    answer = ask(scene, Visitor.PROVINCIAL, "POST", url, sent)
    assert answer.status_code == HTTPStatus.FOUND
    mark = ChecklistMark.objects.get(
        application=scene.under_review.application_id, key=sent["key"], remark__gt=""
    )
    assert mark.remark == "样例说明"


def test_names_of_fields_are_plain_as_well(scene: Scene) -> None:
    row = TABLE["office:account_add"][0]
    sent = {f"{NUL}{name}": value for name, value in row.sends(scene).items()}
    ask(scene, Visitor.ADMINISTRATOR, "POST", reverse("office:account_add"), sent)
    assert Account.objects.filter(name="样例新任").exists()
