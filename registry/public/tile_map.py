"""The tile map: one square for each of the 34 provincial divisions, each about where it lies.

`templates/registry/tile_map.html` draws it; nothing of it is measured by a script.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from registry.labels.province_words import short_name, sign_of
from registry.rules.codes.jurisdictions import PROVINCES
from registry.statistics.public import Counted

# From north to south, and in each row from west to east; a point is an empty place.
_ROWS = (
    ". . . . . . . 黑",
    ". . . . 蒙 . . 吉",
    "新 . 宁 晋 冀 京 津 辽",
    "青 甘 陕 豫 鲁 . . .",
    "藏 川 渝 鄂 皖 苏 . .",
    ". 滇 黔 湘 赣 浙 沪 .",
    ". . 桂 粤 闽 . 台 .",
    ". . 琼 澳 港 . . .",
)
_CODES = {province.abbreviation: province.code for province in PROVINCES}
PLACES: dict[str, tuple[int, int]] = {
    _CODES[sign]: (column, row)
    for row, line in enumerate(_ROWS)
    for column, sign in enumerate(line.split())
    if sign != "."
}
# The least share in percent of each step of colour; below the first there is none at all.
STEPS = (Decimal(0), Decimal(1), Decimal(5), Decimal(10), Decimal(20))
_TILE, _GAP = 44, 4


@dataclass(frozen=True, slots=True)
class Tile:
    """One square; `step` is 0 for a province without services, else from 1."""

    sign: str
    name: str
    count: int
    percent: Decimal | None
    step: int
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + _TILE // 2


def tile_map(rows: Iterable[Counted]) -> dict[str, Any]:
    """The context of the map: its tiles in the order of the divisions' codes, its size and its legend."""
    found = {row.code: row.share for row in rows}
    pitch = _TILE + _GAP
    tiles = []
    for code, (column, row) in sorted(PLACES.items()):
        share = found.get(code)
        count, percent = (share.count, share.percent) if share is not None else (0, None)
        tiles.append(
            Tile(
                sign_of(code), short_name(code), count, percent, step_of(percent), column * pitch, row * pitch
            )
        )
    return {
        "tiles": tiles,
        "tile": _TILE,
        "width": pitch * max(len(line.split()) for line in _ROWS) - _GAP,
        "height": pitch * len(_ROWS) - _GAP,
        "legend": [{"step": 0, "label": _("none")}, *_legend()],
    }


def step_of(percent: Decimal | None) -> int:
    """The step of colour of a share; the lower end of each step belongs to it."""
    return 0 if percent is None else sum(percent >= least for least in STEPS)


def _legend() -> list[dict[str, Any]]:
    bounds = [*STEPS[1:], None]
    labels = [
        _("under %(most)s%%") % {"most": bounds[0]},
        *(
            f"{least}–{most}%" if most is not None else _("%(least)s%% and more") % {"least": least}
            for least, most in zip(STEPS[1:], bounds[1:], strict=True)
        ),
    ]
    return [{"step": step, "label": label} for step, label in enumerate(labels, start=1)]
