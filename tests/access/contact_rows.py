"""The rows of the access matrix about contact notes and notes of site visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Row, form, page
from tests.access.scene import Scene
from tests.access.visitors import OFFICERS_OF_THE_CASE


def _case(scene: Scene) -> dict[str, Any]:
    return {"application_id": scene.under_review.application_id}


def _file(scene: Scene) -> dict[str, Any]:
    return {"note_id": scene.contact.pk, "file_id": scene.contact.files.get().pk}


def _call(_scene: Scene) -> dict[str, Any]:
    return {"kind": "phone", "on": "2026-03-02", "with_whom": "样例联系人", "content": "样例：已说明。"}


def _visit(_scene: Scene) -> dict[str, Any]:
    return {
        "on": "2026-03-02",
        "place": "样例地点",
        "officers": "样例甲",
        "content": "样例：所见情况。",
        "result": "样例：一致。",
    }


ROWS_OF_CONTACTS: Mapping[str, tuple[Row, ...]] = {
    "review:note_contact": (form(OFFICERS_OF_THE_CASE, _case, sends=_call, writes=OFFICERS_OF_THE_CASE),),
    "review:note_site_visit": (form(OFFICERS_OF_THE_CASE, _case, sends=_visit, writes=OFFICERS_OF_THE_CASE),),
    "review:contact_file": (page(OFFICERS_OF_THE_CASE, _file),),
}
