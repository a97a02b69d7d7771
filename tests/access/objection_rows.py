"""The rows of the access matrix about objections to batch lists: the national office and the applicant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry import clock
from registry.models import Delivery, Notice, ObjectionFile
from tests.access.member_scene import scan
from tests.access.rows import Row, button, form, page
from tests.access.scene import NOW, OBJECTION_SECRET, Scene
from tests.access.visitors import EVERYBODY, MEMBER, NATION, NOBODY
from tests.builders.telling import telling


def _received(scene: Scene) -> dict[str, Any]:
    return {"objection_id": scene.objection.pk}


def _admit(scene: Scene) -> dict[str, Any]:
    return {**_received(scene), "act_name": "objection_admitted"}


def _file(scene: Scene) -> dict[str, Any]:
    return {**_received(scene), "file_id": ObjectionFile.objects.get(objection=scene.objection).pk}


def _notice(scene: Scene) -> dict[str, Any]:
    notice = Notice.objects.get(objection=scene.objection, kind="objector_received")
    return {**_received(scene), "notice_id": notice.pk}


def _given_up(scene: Scene) -> dict[str, Any]:
    return {**_received(scene), "delivery_id": Delivery.objects.get(notice__objection=scene.objection).pk}


def _sent(scene: Scene) -> dict[str, Any]:
    return {"objection_id": scene.sent_objection.pk}


def _released(scene: Scene) -> dict[str, Any]:
    return {**_sent(scene), "file_id": scene.sent_objection.files.get().pk}


def _letter(_scene: Scene) -> dict[str, Any]:
    return {
        "list_number": "1",
        "position": "1",
        "posted_on": "2019-04-02",
        "received_on": clock.china_date(NOW).isoformat(),
        "name": "样例",
        "facts": "样例",
    }


def _first_list(scene: Scene) -> dict[str, Any]:
    return {"number": scene.first_list.number}


def _unread(scene: Scene) -> dict[str, Any]:
    unread = scene.unread_objection
    return {"secret": unread.secret, "file_id": unread.objection.files.get().pk}


def _unread_letter(scene: Scene) -> dict[str, Any]:
    return {"objection_id": scene.unread_letter.pk, "file_id": scene.unread_letter.files.get().pk}


def _another(scene: Scene) -> dict[str, Any]:
    return {f"{scene.unread_objection.objection.files.get().pk}-file": scan()}


def _another_scan(scene: Scene) -> dict[str, Any]:
    return {f"{scene.unread_letter.files.get().pk}-file": scan()}


def _secret(_scene: Scene) -> dict[str, Any]:
    return {"secret": OBJECTION_SECRET}


ROWS_OF_OBJECTIONS: Mapping[str, tuple[Row, ...]] = {
    # A code is counted by its address, and by where it goes.
    "objections:contact": (
        form(
            EVERYBODY,
            _first_list,
            sends=lambda _scene: {"mobile": "", "email": "sample@example.com"},
            writes=EVERYBODY,
        ),
    ),
    # Nobody here has proved a contact: the form is kept, and nothing is received.
    "objections:form": (form(EVERYBODY, _first_list, gets=(302,), posts=(409,), writes=NOBODY),),
    # Whoever has the secret address follows and withdraws the objection.
    "objections:follow": (form(EVERYBODY, _secret, writes=EVERYBODY),),
    "objections:replace_file": (button(EVERYBODY, _unread, sends=_another, writes=EVERYBODY),),
    "objections:read_file_again": (button(EVERYBODY, _unread, writes=EVERYBODY),),
    "review:objections": (page(NATION),),
    "review:replace_objection_file": (button(NATION, _unread_letter, sends=_another_scan, writes=NATION),),
    "review:read_objection_file_again": (button(NATION, _unread_letter, writes=NATION),),
    "review:objection_letter": (form(NATION, sends=_letter, writes=NATION),),
    "review:objection": (page(NATION, _received),),
    "review:objection_act": (
        form(NATION, _admit, gets=(302,), sends=lambda _scene: {"event": "1"}, writes=NATION),
    ),
    "review:objection_file": (page(NATION, _file),),
    "review:objector_letter": (page(NATION, _notice),),
    "review:objector_told": (
        form(NATION, _notice, sends=lambda scene: telling(scene.cast.national, at=NOW), writes=NATION),
    ),
    "review:objector_send_again": (form(NATION, _given_up, writes=NATION),),
    "applicants:objection_file": (page(MEMBER, _released),),
    "applicants:objection": (form(MEMBER, _sent, sends=lambda _scene: {"text": "样例"}, writes=MEMBER),),
}

# The evidence of an objection, with its pages, is read by the national office alone.
EVIDENCE_ROW = page(NATION, lambda scene: {"attachment_id": scene.objection.files.get().attachment_id})
