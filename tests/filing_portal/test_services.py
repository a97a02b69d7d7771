"""The tests run on real servers and real processes."""

from __future__ import annotations

from urllib.request import urlopen

import pytest
from django.db import connection
from playwright.sync_api import Page

from tests.services.portal import WebProcess, WorkerProcess


@pytest.mark.django_db
def test_tests_run_on_postgresql_as_a_role_that_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert connection.vendor == "postgresql"
        assert cursor.fetchone() == (False,)


def test_a_real_worker_takes_tasks_from_the_broker(celery_worker_process: WorkerProcess) -> None:
    from registry.tasks import sweep_filing_numbers

    sweep_filing_numbers.delay()
    celery_worker_process.wait_until(
        lambda: (
            "registry.tasks.sweep_filing_numbers" in celery_worker_process.last_output()
            and "succeeded" in celery_worker_process.last_output()
        ),
        seconds=20,
        what="The task",
    )


def test_the_live_portal_is_ready(live_portal: WebProcess) -> None:
    with urlopen(f"{live_portal.url}/readyz") as answer:
        assert answer.read() == b'{"status": "ready", "problems": []}'


@pytest.mark.browser
def test_chromium_opens_the_live_portal(live_portal: WebProcess, page: Page) -> None:
    answer = page.goto(f"{live_portal.url}/healthz")
    assert answer is not None
    assert answer.status == 200
