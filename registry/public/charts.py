"""Charts of the lists, measured here and drawn by `templates/registry/lists_chart.html`: columns and a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.statistics.public import ListFigures

_WIDTH, _HEIGHT = 360, 190
_TOP, _FOOT = 22, 24
_GROUND = _HEIGHT - _FOOT
# Where many lists stand close together, only every so many of them has its number written.
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """One list in a chart: its column, or its point on the line; `label` is empty where there is no room."""

    number: int
    value: int
    label: str
    x: float
    middle: float
    y: float
    width: float
    height: float


def columns_of(lists: Sequence[ListFigures]) -> dict[str, Any]:
    """The services of each list as columns."""
    return _chart([(each.number, each.services) for each in lists])


def line_of(lists: Sequence[ListFigures]) -> dict[str, Any]:
    """The services of all lists so far as a line, with its points as `path`."""
    chart = _chart([(each.number, each.cumulative_services) for each in lists])
    chart["path"] = " ".join(f"{mark.middle},{mark.y}" for mark in chart["marks"])
    return chart


def _chart(values: Sequence[tuple[int, int]]) -> dict[str, Any]:
    most = max((value for _number, value in values), default=1)
    slot = _WIDTH / max(1, len(values))
    every = -(-len(values) // _MOST_LABELS)
    marks = []
    for place, (number, value) in enumerate(values):
        height = round((_GROUND - _TOP) * value / most, 1)
        width = round(min(slot * 0.62, 56), 1)
        middle = round(slot * (place + 0.5), 1)
        is_labelled = (len(values) - 1 - place) % every == 0
        marks.append(
            Mark(
                number,
                value,
                f"{value:,}" if is_labelled else "",
                round(middle - width / 2, 1),
                middle,
                round(_GROUND - height, 1),
                width,
                height,
            )
        )
    return {"marks": marks, "width": _WIDTH, "height": _HEIGHT, "ground": _GROUND}
