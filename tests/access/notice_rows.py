"""Rows of the access matrix about notices: whose they are, and who may act on those that reached nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.access.member_scene import scan
from tests.access.rows import Row, button, form, page
from tests.access.scene import NOW, Scene
from tests.access.visitors import (
    ADMINISTRATOR,
    APPLICANTS,
    MEMBER,
    OFFICERS,
    OFFICERS_OF_THE_CASE,
    SIGNED_IN,
    Visitor,
)
from tests.builders.telling import telling

_READER = frozenset({Visitor.PROVINCIAL})
EDITORS = ADMINISTRATOR | {Visitor.NATIONAL_HEAD}


def _text(_scene: Scene) -> dict[str, Any]:
    return {"kind_code": "lapsed", "language": "en"}


def _in_message(scene: Scene) -> dict[str, Any]:
    found = re.search(r"/n/([a-z2-7]{12})/", scene.notice.sms)
    assert found is not None, scene.notice.sms
    return {"code": found[1]}


def _telling(scene: Scene) -> dict[str, Any]:
    # Who tells it is who notes it: each visitor is an officer of their own office.
    return telling(scene.cast.provincial, at=NOW, told_by="")


def _receipt_of_post(scene: Scene) -> dict[str, Any]:
    return {"notice_id": scene.telling.notice_id, "file_id": scene.telling.files.get(position=1).pk}


def _read(scene: Scene) -> dict[str, Any]:
    return {"notices": str(scene.desk_notice.pk)}


def _not_read(scene: Scene) -> dict[str, Any]:
    return {"notice_id": scene.telling.notice_id, "file_id": scene.telling.files.get(position=2).pk}


ROWS_OF_NOTICES: Mapping[str, tuple[Row, ...]] = {
    "applicants:inbox": (page(APPLICANTS),),
    "applicants:notice": (page(MEMBER, lambda scene: {"notice_id": scene.notice.pk}),),
    "short_address": (page(MEMBER, _in_message, 302),),
    "review:inbox": (page(OFFICERS),),
    "review:notice": (page(_READER, lambda scene: {"notice_id": scene.desk_notice.pk}),),
    # A notice of somebody else that is named stays what it was.
    "review:mark_read": (button(OFFICERS, sends=_read, writes=_READER),),
    "review:not_told": (page(OFFICERS),),
    "review:told": (
        form(
            OFFICERS_OF_THE_CASE,
            lambda scene: {"notice_id": scene.notice.pk},
            sends=_telling,
            writes=OFFICERS_OF_THE_CASE,
        ),
    ),
    "review:telling_file": (page(OFFICERS_OF_THE_CASE, _receipt_of_post),),
    "review:replace_telling_file": (
        button(
            OFFICERS_OF_THE_CASE,
            _not_read,
            sends=lambda scene: {f"{_not_read(scene)['file_id']}-file": scan()},
            writes=OFFICERS_OF_THE_CASE,
        ),
    ),
    "review:read_telling_file_again": (button(OFFICERS_OF_THE_CASE, _not_read, writes=OFFICERS_OF_THE_CASE),),
    "review:send_again": (
        form(
            OFFICERS_OF_THE_CASE,
            lambda scene: {"delivery_id": scene.lost.pk},
            writes=OFFICERS_OF_THE_CASE,
        ),
    ),
    "office:notice_texts": (page(EDITORS),),
    "office:notice_text": (
        form(
            EDITORS,
            _text,
            sends=lambda _: {
                "subject": "Sample",
                "body": "{receipt_number} {link}",
                "sms": "Sample",
                "act": "propose",
                "reason": "样例：写明理由",
            },
            writes=EDITORS,
        ),
    ),
    "office:notice_text_shipped": (
        form(EDITORS, _text, gets=(302,), sends=lambda _: {"reason": "样例：写明理由"}, writes=EDITORS),
    ),
    "office:notice_text_decide": (
        form(
            EDITORS,
            lambda _: {"kind_code": "rejected", "language": "en"},
            gets=(302,),
            posts=(302, 409),
            sends=lambda scene: {"proposal": str(scene.text_proposal.pk), "act": "change_confirmed"},
            writes=frozenset({Visitor.NATIONAL_HEAD}),
        ),
    ),
    "account_notifications": (
        form(
            SIGNED_IN, sends=lambda _: {"by_email": "on", "by_sms": "on", "language": "en"}, writes=SIGNED_IN
        ),
    ),
}
