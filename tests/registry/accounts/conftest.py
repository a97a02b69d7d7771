"""What the account tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _alone(settings: Any, tmp_path: Path) -> Iterator[None]:
    """No requests counted before, and an outbox of its own: tests that run beside it use the same mobiles."""
    settings.VAR_DIR = tmp_path
    cache.clear()
    yield
    cache.clear()
