"""Fixtures every test may use: the real database and broker, workers, the web, a browser, a stopped clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from registry import clock
from tests.services.session import services

pytest_plugins = ["tests.services.fixtures", "tests.builders.fixtures"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The servers come up with the first test that needs a database."""
    services.start()


@pytest.fixture(autouse=True)
def _leave_no_trace(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits, counters and a stopped clock of one test do not reach the next."""
    yield
    clock.set_for_tests(None)
    uses_database = request.node.get_closest_marker("django_db") is not None
    if uses_database or {"db", "transactional_db"} & set(request.fixturenames):
        cache.clear()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return Path(__file__).resolve().parents[1]
