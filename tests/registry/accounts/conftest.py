"""What the account tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _alone(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """No requests counted before, and an outbox of its own: tests that run beside it use the same mobiles."""
    settings.VAR_DIR = tmp_path
    cache.clear()
    yield
    cache.clear()
