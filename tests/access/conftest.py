"""One seeded register for all tests of this directory; what a test does to it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.apps import apps as django_apps
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from filing_portal import error_pages
from registry import clock
from registry.models import ListEntry
from registry.public import feeds
from tests.access.scene import NOW, Scene, build_scene

fill_lists = import_module("registry.migrations.0002_initial_lists").fill_lists
fill_reasons = import_module("registry.migrations.0009_reasons_in_lists").fill_reasons


@pytest.fixture(scope="package")
def register_of_two_provinces(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """The scene, inside a transaction that is never committed."""
    files: Path = tmp_path_factory.mktemp("attachments")
    with (
        django_db_blocker.unblock(),
        override_settings(
            ATTACHMENT_ROOT=files,
            ORIGINAL_ROOT=tmp_path_factory.mktemp("originals"),
            PICTURE_ROOT=tmp_path_factory.mktemp("pictures"),
            QUARANTINE_ROOT=tmp_path_factory.mktemp("quarantine"),
            LIST_ROOT=tmp_path_factory.mktemp("lists"),
        ),
        # One list fills an archive page of the feed.
        mock.patch.object(feeds, "LISTS_A_PAGE", 1),
        transaction.atomic(),
    ):
        if not ListEntry.objects.exists():
            fill_lists(django_apps, None)
            fill_reasons(django_apps, None)
        yield build_scene()
        transaction.set_rollback(True)


@pytest.fixture
def short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals without their page, which takes longer than refusing.

    For tests that count thousands of them; what the pages say is compared in `test_every_answer`.
    """

    def answer(request: HttpRequest, *_page: Any, status: int) -> HttpResponse:
        return HttpResponse(status=status)

    monkeypatch.setattr(error_pages, "render", answer)


@pytest.fixture
def scene(register_of_two_provinces: Scene, db: None) -> Iterator[Scene]:
    """The scene on its day; whatever the test does to the rows is undone, as in every test of the database."""
    cache.clear()
    with clock.stopped_at(NOW):
        yield register_of_two_provinces
    cache.clear()
