"""Shares and growth in percent, half up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from registry.rules.figures import Growth, Share


@pytest.mark.parametrize(
    ("count", "of", "percent"),
    [
        (87, 309, "28.16"),
        (72, 309, "23.30"),
        (346, 1238, "27.95"),
        (1, 800, "0.13"),
        (1, 3, "33.33"),
        (0, 5, "0.00"),
        (5, 5, "100.00"),
    ],
)
def test_a_share_has_two_decimals_half_up(count: int, of: int, percent: str) -> None:
    assert Share(count, of).percent == Decimal(percent)


def test_of_nothing_there_is_no_share_and_after_nothing_no_growth() -> None:
    assert (Share(0, 0).percent, Growth(5, 0).percent) == (None, None)


@pytest.mark.parametrize(
    ("now", "before", "percent"),
    [(309, 197, "56.85"), (224, 309, "-27.51"), (5, 5, "0.00"), (799, 800, "-0.13")],
)
def test_growth_is_on_what_was_before_and_negative_where_it_fell(now: int, before: int, percent: str) -> None:
    assert Growth(now, before).percent == Decimal(percent)
