"""Every test of the desk happens on one morning, unless it moves the clock itself."""

from __future__ import annotations

import pytest

from registry import clock
from tests.builders.register import MORNING


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)
