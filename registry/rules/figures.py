"""The arithmetic of the statistics: shares and growth in percent, with two decimals, half up.

The press printed 28.15 for 87 of 309; the quotient is 28.1553…, so the share is 28.16.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, with both numbers, so that everybody can divide again."""

    count: int
    of: int

    @property
    def percent(self) -> Decimal | None:
        """The share in percent; None of nothing."""
        return None if self.of == 0 else _rounded(Decimal(100 * self.count) / self.of)


@dataclass(frozen=True, slots=True)
class Growth:
    """A quantity beside the one before it."""

    now: int
    before: int

    @property
    def percent(self) -> Decimal | None:
        """By how many percent it grew, negative where it fell; None after nothing."""
        return None if self.before == 0 else _rounded(Decimal(100 * (self.now - self.before)) / self.before)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)
