"""The rows of the access matrix about an officer's own texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Row, button, form
from tests.access.scene import Scene
from tests.access.visitors import OFFICERS, Visitor

_OWNER = frozenset({Visitor.PROVINCIAL})


def _one(scene: Scene) -> dict[str, Any]:
    return {"text_id": scene.own_text.pk}


def _text(_scene: Scene) -> dict[str, Any]:
    return {"place": "opinion", "name": "样例二", "text": "样例：另一段正文。"}


def _moved(scene: Scene) -> dict[str, Any]:
    # Name and text are sealed anew each time: the kind of form is what a change shows by.
    return _text(scene) | {"place": "reason"}


ROWS_OF_OWN_TEXTS: Mapping[str, tuple[Row, ...]] = {
    "review:own_texts": (form(OFFICERS, sends=_text, writes=OFFICERS),),
    "review:own_text": (form(_OWNER, _one, sends=_moved, writes=_OWNER),),
    # The scene has one above it.
    "review:move_own_text": (button(_OWNER, _one, sends=lambda _: {"to": "up"}, writes=_OWNER),),
    "review:remove_own_text": (button(_OWNER, _one, writes=_OWNER),),
}
