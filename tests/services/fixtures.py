"""Fixtures that start real processes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.services.portal import DecoderProcess, WebProcess, WorkerProcess, empty_broker
from tests.services.processes import find_program
from tests.services.session import CHROMIUM, services

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def broker() -> None:
    """The Redis server of this session."""
    services.start()


@pytest.fixture
def start_worker(transactional_db: None, broker: None) -> Iterator[Callable[..., WorkerProcess]]:
    """Starts Celery workers on the test database and broker; they end with the test."""
    empty_broker()
    started: list[WorkerProcess] = []

    def start(**arguments: Any) -> WorkerProcess:
        started.append(WorkerProcess(**arguments))
        return started[-1]

    yield start
    for worker in started:
        worker.stop(seconds=5)


@pytest.fixture
def celery_worker_process(start_worker: Callable[..., WorkerProcess]) -> WorkerProcess:
    """One Celery worker, ready, on the test database and broker."""
    return start_worker()


@pytest.fixture(scope="session")
def _one_portal(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[WebProcess]:
    """Started once: it keeps nothing between requests that is not in the database, the cache or the files."""
    with django_db_blocker.unblock():
        web = WebProcess()
    yield web
    web.stop(seconds=5)


@pytest.fixture
def live_files(transactional_db: None) -> None:
    """The folders that the processes of this test share, with no files of earlier tests."""
    roots = (
        settings.ATTACHMENT_ROOT,
        settings.ORIGINAL_ROOT,
        settings.DOCUMENT_ROOT,
        settings.LIST_ROOT,
        settings.OBJECTION_ROOT,
        settings.STRIKING_OFF_ROOT,
        settings.TELLING_ROOT,
        settings.CONSULTATION_ROOT,
        settings.CONTACT_ROOT,
        settings.PICTURE_ROOT,
        settings.QUARANTINE_ROOT,
    )
    for files in roots:
        shutil.rmtree(files, ignore_errors=True)
        files.mkdir(mode=0o700, parents=True)


@pytest.fixture
def live_portal(live_files: None, broker: None, _one_portal: WebProcess) -> Iterator[WebProcess]:
    """The portal, served by gunicorn from the test database, with no files of earlier tests.

    `live_portal.url` has no slash at its end.
    """
    yield _one_portal
    # What a closed browser was still asking for would meet the emptying of the tables.
    _one_portal.wait_until_idle()


@pytest.fixture
def decoder(live_portal: WebProcess) -> Iterator[DecoderProcess]:
    """A decoder beside the portal: what its visitors upload is read."""
    process = DecoderProcess()
    yield process
    process.stop(seconds=5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for the session."""
    program = find_program(CHROMIUM, package=CHROMIUM)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def browser_context_arguments() -> dict[str, Any]:
    """What the browser of this test is like; override it in a test module for English, a phone, no JavaScript."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def browser_context(browser: Browser, browser_context_arguments: dict[str, Any]) -> Iterator[BrowserContext]:
    """A browser profile of its own. At the end no page may have offended the content security policy."""
    context = browser.new_context(**browser_context_arguments)
    context.set_default_timeout(15_000)
    offences: list[str] = []
    context.on(
        "console",
        lambda message: offences.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield context
    context.close()
    assert offences == []


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """An empty page."""
    return browser_context.new_page()
