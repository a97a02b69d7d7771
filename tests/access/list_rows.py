"""The rows of the access matrix about batch lists at the national office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.rules.batches.lifecycle import ListKind
from tests.access.rows import Row, button, form, page
from tests.access.scene import Scene
from tests.access.visitors import NATION, NOBODY, Visitor

_HEAD = frozenset({Visitor.NATIONAL_HEAD})


def _list(scene: Scene) -> dict[str, Any]:
    return {"list_id": scene.batch_list.pk}


def _confirm(scene: Scene) -> dict[str, Any]:
    return {**_list(scene), "act_name": "list_confirmed"}


def _send_back(scene: Scene) -> dict[str, Any]:
    return {**_list(scene), "act_name": "list_sent_back"}


def _draft(_scene: Scene) -> dict[str, Any]:
    return {
        "cut_off_on": "2026-02-28",
        "order": "province",
        "moment": "at_once",
        "announcement": "样例",
        "version": "0",
    }


def _corrigenda(_scene: Scene) -> dict[str, Any]:
    return {"kind": ListKind.CORRIGENDA}


ROWS_OF_LISTS: Mapping[str, tuple[Row, ...]] = {
    "review:batches": (page(NATION),),
    "review:compose": (
        form(_HEAD, sends=_draft, writes=_HEAD),
        form(_HEAD, _corrigenda, sends=_draft, writes=_HEAD),
    ),
    "review:preview_list": (page(_HEAD, lambda _scene: {}, 302), page(_HEAD, _corrigenda, 302)),
    "review:preview_list_pdf": (page(_HEAD), page(_HEAD, _corrigenda)),
    # No draft is saved in the scene: there is nothing to propose.
    "review:propose_list": (button(_HEAD, writes=NOBODY),),
    "review:announcement_text": (
        form(
            _HEAD,
            sends=lambda _scene: {"text": "样例{count}{until}", "version": "0", "act": "save"},
            writes=_HEAD,
        ),
    ),
    "review:batch": (page(NATION, _list),),
    "review:batch_progress": (page(NATION, _list),),
    "review:batch_pdf": (page(NATION, _list),),
    # The head proposed the list, so the other officer alone confirms it.
    "review:batch_act": (
        form(
            NATION,
            _confirm,
            gets=(302,),
            posts=(302, 409),
            sends=lambda _scene: {"event": "1"},
            writes=frozenset({Visitor.NATIONAL}),
        ),
        form(
            NATION,
            _send_back,
            gets=(302,),
            sends=lambda _scene: {"event": "1", "explanation": "样例：写明理由"},
            writes=NATION,
        ),
    ),
}
