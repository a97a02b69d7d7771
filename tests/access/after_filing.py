"""The rows of the access matrix about filings in force: changing, cancelling, taking a cancellation back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Row, button, form, page
from tests.access.scene import Scene, key
from tests.access.visitors import MEMBER


def _filing(scene: Scene) -> dict[str, Any]:
    return {"filing_id": scene.in_force.application.filing_id}


def _change(scene: Scene) -> dict[str, Any]:
    return {"draft_id": scene.change.pk}


def _days(_scene: Scene) -> dict[str, Any]:
    return {"on-service.description": "2026-03-02", "next_step": "stay"}


def _cancellation(_scene: Scene) -> dict[str, Any]:
    return {
        "ends_on": "2026-09-01",
        "arrangement": "样例安排",
        "declaration": "on",
        "key": key(),
        "step": "submit",
    }


def _supplement(scene: Scene) -> dict[str, Any]:
    return {**_cancellation(scene), "explanation": "样例：写明理由"}


ROWS_AFTER_FILING: Mapping[str, tuple[Row, ...]] = {
    "applicants:filing": (page(MEMBER, _filing),),
    "applicants:change": (form(MEMBER, _filing, gets=(302,), writes=MEMBER),),
    "applicants:change_applicant": (
        form(
            MEMBER,
            lambda scene: {"applicant_id": scene.in_force.application.applicant_id},
            gets=(302,),
            writes=MEMBER,
        ),
    ),
    "applicants:changes": (form(MEMBER, _change, sends=_days, writes=MEMBER),),
    "applicants:autosave_changes": (button(MEMBER, _change, sends=_days, posts=(200,), writes=MEMBER),),
    "applicants:cancel": (form(MEMBER, _filing, sends=_cancellation, writes=MEMBER),),
    "applicants:cancellation": (
        form(
            MEMBER,
            lambda scene: {"application_id": scene.cancellation.application_id},
            sends=_supplement,
            writes=MEMBER,
        ),
    ),
    "applicants:withdraw_cancellation": (
        form(MEMBER, lambda scene: {"application_id": scene.ending.application_id}, writes=MEMBER),
    ),
}
