"""Celery is a doorbell: JSON only, acknowledged late, no result, no message left over."""

from __future__ import annotations

import pytest
from celery import current_app
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from filing_portal.celery import PERIODIC_JOBS, app


def test_only_json_is_accepted() -> None:
    assert set(app.conf.accept_content) == {"json"}
    content_type, encoding, body = dumps({"a": 1}, serializer="pickle")
    with pytest.raises(ContentDisallowed):
        loads(body, content_type, encoding, accept=app.conf.accept_content)


def test_a_task_is_acknowledged_when_it_is_done() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.task_ignore_result
    assert app.conf.result_backend is None
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]


def test_every_periodic_job_is_a_task_that_exists() -> None:
    current_app.loader.import_default_modules()
    assert [job.task for job in PERIODIC_JOBS if job.task not in app.tasks] == []
    assert len({job.name for job in PERIODIC_JOBS}) == len(PERIODIC_JOBS)
    assert set(app.conf.beat_schedule) == {job.name for job in PERIODIC_JOBS}


def test_numbers_are_looked_for_every_half_minute() -> None:
    every = {job.task: job.every_seconds for job in PERIODIC_JOBS}
    assert every["registry.tasks.sweep_filing_numbers"] == 30
