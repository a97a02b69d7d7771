"""Filings that the public can see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from registry.models import Filing
from tests.builders import register as build
from tests.builders.register import MORNING, Cast


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    """No address has asked before, and no figures are kept."""
    cache.clear()


@pytest.fixture
def one_filing(cast: Cast) -> Filing:
    """A filing in force."""
    filing = build.in_force(cast).application.filing
    assert filing is not None
    return filing


def make_filings(cast: Cast, count: int, *, first_seed: int = 100) -> list[Filing]:
    """Filings in force of as many applicants, a minute apart; the latest number comes first."""
    made = []
    for position in range(count):
        case = build.in_force(cast, seed=first_seed + position, at=MORNING + timedelta(minutes=position))
        filing = case.application.filing
        assert filing is not None
        made.append(filing)
    return made[::-1]
