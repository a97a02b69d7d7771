"""The rows of the access matrix about consultations: the jurisdiction of the case, and the office that was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Row, form, page
from tests.access.scene import Scene
from tests.access.visitors import OFFICERS, OFFICERS_OF_THE_CASE, PROVINCE, Visitor

# The office of another province that was asked.
ASKED = frozenset({Visitor.ELSEWHERE})


def _case(scene: Scene) -> dict[str, Any]:
    return {"application_id": scene.under_review.application_id}


def _outside(scene: Scene) -> dict[str, Any]:
    return {"consultation_id": scene.consultation.pk}


def _inside(scene: Scene) -> dict[str, Any]:
    return {"consultation_id": scene.asked_consultation.pk}


def _file(scene: Scene) -> dict[str, Any]:
    return {**_outside(scene), "file_id": scene.consultation.files.get().pk}


def _question(_scene: Scene) -> dict[str, Any]:
    return {
        "body": "police",
        "asked_code": "",
        "body_name": "样例公安机关",
        "question": "样例：请核实该网站的备案主体。",
        "due_on": "2026-03-06",
    }


def _answer(number: int) -> Any:
    return lambda _scene: {
        "event": number,
        "answered_on": "2026-03-03",
        "who": "样例答复人",
        "text": "样例：经核实，情况一致。",
    }


ROWS_OF_CONSULTATIONS: Mapping[str, tuple[Row, ...]] = {
    "review:consultations": (page(OFFICERS),),
    # The case lies at the province.
    "review:consult": (
        form(
            OFFICERS_OF_THE_CASE,
            _case,
            sends=_question,
            writes=PROVINCE,
            gets=(200, 409),
            posts=(302, 409),
        ),
    ),
    "review:consultation": (page(OFFICERS_OF_THE_CASE, _outside), page(OFFICERS, _inside)),
    "review:consultation_letter": (page(OFFICERS_OF_THE_CASE, _outside), page(OFFICERS, _inside)),
    "review:consultation_file": (page(OFFICERS_OF_THE_CASE, _file),),
    "review:answer_consultation": (
        form(
            OFFICERS_OF_THE_CASE,
            _outside,
            sends=_answer(2),
            writes=PROVINCE,
            gets=(200, 409),
            posts=(302, 409),
        ),
        form(
            OFFICERS,
            _inside,
            sends=_answer(1),
            writes=PROVINCE | ASKED,
            gets=(200, 409),
            posts=(302, 409),
        ),
    ),
    "review:withdraw_consultation": (
        form(
            OFFICERS,
            _inside,
            sends=lambda _scene: {"event": 1, "explanation": "样例：写明理由"},
            writes=PROVINCE,
            gets=(200, 409),
            posts=(302, 409),
        ),
    ),
}
