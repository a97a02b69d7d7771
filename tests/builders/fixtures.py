"""Fixtures made from the builders."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps as django_apps
from pytest_django.fixtures import Settings

from registry.files import decoding
from registry.models import Attachment, ListEntry, WaitingFile
from registry.storage import attachments
from tests.builders.register import Cast

fill_lists = import_module("registry.migrations.0002_initial_lists").fill_lists
fill_reasons = import_module("registry.migrations.0009_reasons_in_lists").fill_reasons


@pytest.fixture(autouse=True)
def _initial_lists(request: pytest.FixtureRequest) -> None:
    """A test that commits has its database emptied afterwards, the migrations' own rows included."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    if commits or "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        if not ListEntry.objects.exists():
            fill_lists(django_apps, None)
            fill_reasons(django_apps, None)


@pytest.fixture(scope="session", autouse=True)
def _files_are_read_at_once() -> Iterator[None]:
    """No decoder runs beside most tests: in this process a file is read as soon as it is taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attachments, "quarantine", _taken_and_read)
        yield


@pytest.fixture
def files_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files wait until somebody works as the decoder does."""
    monkeypatch.setattr(attachments, "quarantine", _TAKEN)


_TAKEN = attachments.quarantine


def _taken_and_read(**given: Any) -> Attachment:
    attachment = _TAKEN(**given)
    while WaitingFile.objects.filter(pk=attachment.pk).exists():
        assert decoding.work_once("the test")
    attachment.refresh_from_db()
    return attachment


@pytest.fixture
def own_files(settings: Settings, tmp_path: Path) -> Path:
    """Files of the test's own: a rolled-back test leaves them there."""
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"
    settings.ATTACHMENT_ROOT.mkdir()
    settings.ORIGINAL_ROOT = tmp_path / "originals"
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    settings.LIST_ROOT = tmp_path / "lists"
    settings.OBJECTION_ROOT = tmp_path / "objections"
    settings.STRIKING_OFF_ROOT = tmp_path / "striking_off"
    settings.TELLING_ROOT = tmp_path / "tellings"
    settings.CONSULTATION_ROOT = tmp_path / "consultations"
    settings.CONTACT_ROOT = tmp_path / "contacts"
    settings.PICTURE_ROOT = tmp_path / "pictures"
    settings.QUARANTINE_ROOT = tmp_path / "quarantine"
    return settings.ATTACHMENT_ROOT


@pytest.fixture
def cast(own_files: Path) -> Cast:
    """One account for every role, made as needed in the test's database."""
    return Cast()
