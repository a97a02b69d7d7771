"""Fixtures of the applicant's desk."""

from __future__ import annotations

import pytest

from registry import clock
from tests.applicants.pages import Desk
from tests.builders.register import MORNING, Cast


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


@pytest.fixture
def desk(db: None, cast: Cast) -> Desk:
    """The browser of a member."""
    return Desk.of(cast.member)


@pytest.fixture
def stranger(db: None, cast: Cast) -> Desk:
    """The browser of an account that is no member."""
    return Desk.of(cast.stranger)
