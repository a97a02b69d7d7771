"""The rows of the access matrix about news and policies, and about the pages around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.access.rows import Row, button, form, nothing, page
from tests.access.scene import Scene
from tests.access.visitors import EVERYBODY, NATION, NOBODY, Visitor

_HEAD = frozenset({Visitor.NATIONAL_HEAD})
_EDITORS = frozenset({Visitor.ADMINISTRATOR, Visitor.NATIONAL_HEAD})


def _article(scene: Scene) -> dict[str, Any]:
    return {"number": scene.article}


def _edition(scene: Scene) -> dict[str, Any]:
    return {**_article(scene), "edition": 1}


def _said(_scene: Scene) -> dict[str, Any]:
    return {
        "kind": "news",
        "title": "样例",
        "source": "样例办公室",
        "text": "样例",
        "version": "3",
        "act": "save",
    }


ROWS_OF_ARTICLES: Mapping[str, tuple[Row, ...]] = {
    "public:news": (page(EVERYBODY),),
    "public:policies": (page(EVERYBODY),),
    "public:article": (page(EVERYBODY, _article),),
    "public:article_edition": (page(EVERYBODY, _edition),),
    "public:news_feed": (page(EVERYBODY),),
    "public:search": (page(EVERYBODY),),
    # Without a signed address there is nothing to lead to.
    "public:leaving": (page(EVERYBODY, nothing, 400),),
    "office:articles": (page(_EDITORS),),
    "office:chain_names": (page(NATION),),
    # The scene has no typed name; tests/registry/office/test_chain_names.py decides on some.
    "office:chain_name": (form(NATION, gets=(302,), posts=(302,), writes=NOBODY),),
    "office:article_add": (form(_EDITORS, sends=_said, writes=_EDITORS),),
    "office:article": (page(_EDITORS, _article),),
    "office:article_edit": (form(_EDITORS, _article, sends=_said, writes=_EDITORS),),
    # The administrator wrote the draft, so the head alone publishes it.
    "office:article_publish": (
        button(
            _EDITORS,
            _article,
            posts=(302, 409),
            sends=lambda _: {"version": "3", "public_from": ""},
            writes=_HEAD,
        ),
    ),
    "office:article_withdraw": (
        form(
            _EDITORS,
            _article,
            gets=(302,),
            sends=lambda _: {"version": "3", "reason": "样例：写明理由"},
            writes=_EDITORS,
        ),
    ),
}
