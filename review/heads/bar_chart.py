"""A chart of columns, measured here and drawn by `templates/documents/includes/bar_chart.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT = 480, 170
_TOP, _FOOT = 18, 20
_GROUND = _HEIGHT - _FOOT
# Columns are never broader, however few there are.
_BROADEST = 34.0


@dataclass(frozen=True, slots=True)
class Column:
    """What one column shows: its name, its value, and the part of it that is drawn dark."""

    label: str
    value: int
    dark: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One column in units of the picture; the dark part stands at its foot."""

    column: Column
    x: float
    middle: float
    width: float
    y: float
    height: float
    dark_y: float
    dark_height: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Columns side by side, with the words that say the same to whoever does not see them."""

    title: str
    bars: tuple[Bar, ...]
    has_dark: bool
    width: int = _WIDTH
    height: int = _HEIGHT
    ground: int = _GROUND

    @property
    def described(self) -> str:
        """Every value, for a reader who does not see the picture."""
        return "；".join(_said(bar.column, with_dark=self.has_dark) for bar in self.bars)


def bar_chart(title: str, columns: Sequence[Column]) -> BarChart | None:
    """The chart of these columns; None where there is nothing to be seen."""
    highest = max((column.value for column in columns), default=0)
    if not highest:
        return None
    slot = _WIDTH / len(columns)
    bars = []
    for place, column in enumerate(columns):
        height, dark_height = ((_GROUND - _TOP) * part / highest for part in (column.value, column.dark))
        width, middle = min(slot * 0.6, _BROADEST), slot * (place + 0.5)
        bars.append(
            Bar(
                column,
                x=round(middle - width / 2, 1),
                middle=round(middle, 1),
                width=round(width, 1),
                y=round(_GROUND - height, 1),
                height=round(height, 1),
                dark_y=round(_GROUND - dark_height, 1),
                dark_height=round(dark_height, 1),
            )
        )
    return BarChart(title, tuple(bars), has_dark=any(column.dark for column in columns))


def _said(column: Column, *, with_dark: bool) -> str:
    dark = f"（其中深色 {column.dark} 件）" if with_dark else ""
    return f"{column.label} {column.value} 件{dark}"
