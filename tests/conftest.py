"""Fixtures every test may use: the real database and broker, workers, the web, a browser, a stopped clock."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.template import Context, Template
from django.test import client as test_client
from django.test.utils import ContextList
from django.utils import translation

from registry import clock
from tests.services.session import services

pytest_plugins = ["tests.services.fixtures", "tests.builders.fixtures"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The servers come up with the first test that needs a database."""
    services.start()


@pytest.fixture(autouse=True)
def _leave_no_trace(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits, counters, a stopped clock and the language of one test do not reach the next."""
    yield
    clock.set_for_tests(None)
    translation.deactivate()
    uses_database = request.node.get_closest_marker("django_db") is not None
    if uses_database or {"db", "transactional_db"} & set(request.fixturenames):
        cache.clear()


def _keep_page_context(store: dict[str, Any], *, template: Template, context: Context, **_: Any) -> None:
    """What a view gave to its page, and not a copy for each of the hundreds of pieces it is made of."""
    if context.template is template:
        store.setdefault("templates", []).append(template)
        store.setdefault("context", ContextList()).append(copy(context))


@pytest.fixture(scope="session", autouse=True)
def _page_contexts_only() -> Iterator[None]:
    """Django's test browser would keep the context of everything that a page includes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(test_client, "store_rendered_templates", _keep_page_context)
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return Path(__file__).resolve().parents[1]
