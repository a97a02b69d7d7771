"""The rows of the access matrix about deadlines, their calendar, the jobs and the work of the desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Row, button, form, page
from tests.access.scene import Scene
from tests.access.visitors import ADMINISTRATOR, APPLICANTS, EVERYBODY, HEADS, MEMBER


def _feed(scene: Scene) -> dict[str, Any]:
    return {"token": scene.feed_token}


def _filing(scene: Scene) -> dict[str, Any]:
    return {"filing_id": scene.in_force.application.filing_id}


def _job(_scene: Scene) -> dict[str, Any]:
    return {"job_name": "sweep-clocks"}


ROWS_OF_CLOCKS: Mapping[str, tuple[Row, ...]] = {
    "applicants:deadlines": (page(APPLICANTS),),
    "applicants:plan_end": (
        button(MEMBER, _filing, sends=lambda _scene: {"ends_on": "2026-09-01"}, writes=MEMBER),
    ),
    "applicants:calendar_address": (
        button(APPLICANTS, sends=lambda _scene: {"act": "make"}, posts=(200,), writes=APPLICANTS),
    ),
    "applicants:calendar_feed": (page(EVERYBODY, _feed),),
    "office:jobs": (page(ADMINISTRATOR),),
    "office:run_job": (form(ADMINISTRATOR, _job, writes=ADMINISTRATOR),),
    "review:workload": (page(HEADS),),
    "review:workload_csv": (page(HEADS),),
}
