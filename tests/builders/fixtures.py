"""Fixtures made from the builders."""

from __future__ import annotations

import pytest

from tests.builders.register import Cast


@pytest.fixture
def cast() -> Cast:
    """One account for every role, made as needed in the test's database."""
    return Cast()
