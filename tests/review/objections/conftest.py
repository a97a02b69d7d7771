"""The moment at which the desk looks at objections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from registry import clock
from tests.builders.objection import OBJECTING


@pytest.fixture(autouse=True)
def _objecting(settings: Settings) -> Iterator[None]:
    settings.SESSION_COOKIE_AGE = 10 * 366 * 24 * 3600
    with clock.stopped_at(OBJECTING + timedelta(days=1)):
        yield
