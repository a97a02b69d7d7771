"""What the account tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_requests_counted_before() -> Iterator[None]:
    """Requests of one test do not use up the limits of the next."""
    cache.clear()
    yield
    cache.clear()
