"""The rows of the access matrix about deadlines, their calendar, the jobs and the work of the desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Row, button, form, page
from tests.access.scene import Scene
from tests.access.visitors import (
    ADMINISTRATOR,
    APPLICANTS,
    EVERYBODY,
    HEADS,
    MEMBER,
    OFFICERS,
    PROVINCE,
    Visitor,
)


def _feed(scene: Scene) -> dict[str, Any]:
    return {"token": scene.feed_token}


def _filing(scene: Scene) -> dict[str, Any]:
    return {"filing_id": scene.in_force.application.filing_id}


PAPERS = {
    "act": "propose",
    "office_name": "样例办公室",
    "mark_receipt": "样例收",
    "mark_request": "样例补",
    "mark_decision": "样例审",
    "mark_striking_off": "样例撤",
    "mark_consultation": "样例函",
    "reconsideration_body": "样例复议机关",
    "court": "样例人民法院",
    "needs_signed_form": "on",
    "reason": "样例：写明理由",
}


def _papers(scene: Scene) -> dict[str, Any]:
    return {"proposal": str(scene.papers_proposal.pk), "act": "change_confirmed"}


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
    "review:overview": (page(HEADS),),
    "review:workload": (page(HEADS),),
    "review:workload_csv": (page(HEADS),),
    "review:monthly_report": (page(HEADS),),
    # Only a head proposes, and of one office's papers one change at a time; another officer of the office confirms.
    "review:papers": (
        form(
            OFFICERS,
            sends=lambda _scene: PAPERS,
            posts=(302, 409),
            writes=frozenset({Visitor.NATIONAL_HEAD}),
        ),
    ),
    "review:papers_decide": (
        form(
            PROVINCE,
            gets=(302,),
            sends=_papers,
            writes=frozenset({Visitor.PROVINCIAL}),
        ),
    ),
    "review:papers_sample": (page(OFFICERS),),
}
