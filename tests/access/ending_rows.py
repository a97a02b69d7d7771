"""The rows of the access matrix about striking off: the national office, the applicant, and what is announced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.member_scene import scan
from tests.access.rows import Row, button, form, page
from tests.access.scene import Scene
from tests.access.visitors import EVERYBODY, MEMBER, NATION, NOBODY


def _filing(scene: Scene) -> dict[str, Any]:
    return {"filing_id": scene.in_force.application.filing_id}


def _told(scene: Scene) -> dict[str, Any]:
    return {"proceeding_id": scene.told_striking_off.pk}


def _stated(scene: Scene) -> dict[str, Any]:
    return {"proceeding_id": scene.stated_striking_off.pk}


def _answer(scene: Scene) -> dict[str, Any]:
    return {**_stated(scene), "act_name": "strike_off_answered"}


def _file(scene: Scene) -> dict[str, Any]:
    return {**_stated(scene), "file_id": scene.stated_striking_off.files.get().pk}


def _of_office(scene: Scene) -> dict[str, Any]:
    return {"proceeding_id": scene.unread_proposal.pk, "file_id": scene.unread_proposal.files.get().pk}


def _of_applicant(scene: Scene) -> dict[str, Any]:
    return {
        "proceeding_id": scene.unread_striking_off.pk,
        "file_id": scene.unread_striking_off.files.get().pk,
    }


def _proposal(_scene: Scene) -> dict[str, Any]:
    return {"ground": "false_materials", "reason": "样例：写明理由", "basis": "样例"}


ROWS_OF_ENDINGS: Mapping[str, tuple[Row, ...]] = {
    "public:announced_notices": (page(EVERYBODY),),
    # The form looks a number up; an empty one is shown again.
    "review:strikings_off": (form(NATION, posts=(400,), writes=NOBODY),),
    "review:strike_off": (form(NATION, _filing, sends=_proposal, writes=NATION),),
    "review:striking_off": (page(NATION, _told),),
    "review:striking_off_act": (
        form(
            NATION,
            _answer,
            gets=(302,),
            sends=lambda _scene: {"event": "3", "strike_off_answered-text": "样例：写明理由"},
            writes=NATION,
        ),
    ),
    "review:striking_off_file": (page(NATION, _file),),
    "review:replace_striking_off_file": (
        button(
            NATION,
            _of_office,
            sends=lambda scene: {f"{_of_office(scene)['file_id']}-file": scan()},
            writes=NATION,
        ),
    ),
    "review:read_striking_off_file_again": (button(NATION, _of_office, writes=NATION),),
    "applicants:replace_statement_file": (
        button(
            MEMBER,
            _of_applicant,
            sends=lambda scene: {f"{_of_applicant(scene)['file_id']}-file": scan()},
            writes=MEMBER,
        ),
    ),
    "applicants:read_statement_file_again": (button(MEMBER, _of_applicant, writes=MEMBER),),
    "applicants:striking_off": (form(MEMBER, _told, sends=lambda _scene: {"text": "样例"}, writes=MEMBER),),
    "applicants:waive_statement": (button(MEMBER, _told, writes=MEMBER),),
    "applicants:statement_file": (page(MEMBER, _file),),
}
