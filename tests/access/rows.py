"""What a row of the access matrix is: one address, whom it opens to, and what its form writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.access.scene import Scene
from tests.access.visitors import NOBODY, Visitor

Made = Callable[[Scene], dict[str, Any]]


def nothing(_scene: Scene) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Row:
    """One address with its objects.

    `gets` and `posts` are the statuses for those whom it opens to; empty where the address does not take the
    method (then they get 405). `writes` are the visitors whose POST of `sends` changes the database; None
    where that depends on more than who asks (the tests of that room know).
    """

    opens: frozenset[Visitor]
    arguments: Made = nothing
    gets: frozenset[int] = frozenset({200})
    posts: frozenset[int] = frozenset()
    sends: Made = nothing
    writes: frozenset[Visitor] | None = NOBODY


def page(opens: frozenset[Visitor], arguments: Made = nothing, *statuses: int) -> Row:
    """An address that is only read."""
    return Row(opens, arguments, frozenset(statuses or (200,)))


def form(
    opens: frozenset[Visitor],
    arguments: Made = nothing,
    *,
    writes: frozenset[Visitor] | None,
    sends: Made = nothing,
    gets: tuple[int, ...] = (200,),
    posts: tuple[int, ...] = (302,),
) -> Row:
    """An address that shows a form and takes it."""
    return Row(opens, arguments, frozenset(gets), frozenset(posts), sends, writes)


def button(
    opens: frozenset[Visitor],
    arguments: Made = nothing,
    *,
    writes: frozenset[Visitor] | None,
    sends: Made = nothing,
    posts: tuple[int, ...] = (302,),
) -> Row:
    """An address that only takes a form."""
    return Row(opens, arguments, frozenset(), frozenset(posts), sends, writes)
