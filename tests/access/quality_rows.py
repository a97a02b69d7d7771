"""The rows of the access matrix about quality sampling: heads of the office, who looks again, and whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Row, form, page
from tests.access.scene import Scene
from tests.access.visitors import HEADS, OFFICERS, Visitor

HEAD = frozenset({Visitor.PROVINCIAL_HEAD})
# The second look at the case that waits is the head's; the reviewer decided what was looked at.
CONCERNED = HEAD | {Visitor.PROVINCIAL}


def _round(scene: Scene) -> dict[str, Any]:
    return {"round_id": scene.quality_round.pk}


def _waiting(scene: Scene) -> dict[str, Any]:
    return {"case_id": scene.quality_waiting.pk}


def _looked_at(scene: Scene) -> dict[str, Any]:
    return {"case_id": scene.quality_looked_at.pk}


def _draw(_scene: Scene) -> dict[str, Any]:
    return {"first_on": "2026-03-02", "last_on": "2026-03-02", "percent": "50"}


def _look(_scene: Scene) -> dict[str, Any]:
    return {"finding": "found", "text": "样例：营业执照上的住所与填报的不一致。"}


ROWS_OF_QUALITY: Mapping[str, tuple[Row, ...]] = {
    "review:quality": (page(OFFICERS),),
    # The province has drawn from these days, the nation has not. What is drawn is chance: tests/review/quality.
    "review:quality_draw": (form(HEADS, sends=_draw, writes=None, posts=(302, 409)),),
    "review:quality_round": (page(HEAD, _round),),
    "review:quality_round_csv": (page(HEAD, _round),),
    "review:quality_case": (
        form(HEAD, _waiting, sends=_look, writes=HEAD),
        form(CONCERNED, _looked_at, sends=_look, writes=frozenset(), posts=(409,)),
    ),
    "review:quality_assign": (
        form(
            HEAD,
            _waiting,
            sends=lambda scene: {"officer": str(scene.cast.provincial_second.pk)},
            writes=HEAD,
        ),
    ),
    "review:quality_set_aside": (
        form(HEAD, _waiting, sends=lambda _scene: {"reason": "样例：人员不足，无法复查。"}, writes=HEAD),
    ),
}
