"""The Celery application. Its messages are doorbells: the work list is the database, and a sweep finds it."""

from __future__ import annotations

import os
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init
from django.conf import settings

from filing_portal.parent_death import end_with_parent
from registry.jobs.periodic import PERIODIC_JOBS

# Its reason is pickled messages, and only JSON is accepted here.
warnings.filterwarnings("ignore", category=SecurityWarning)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")

# Every run of a periodic job is kept in the database.
app = Celery("filing_portal", task_cls="registry.jobs.runs:RecordedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_acks_on_failure_or_timeout=True,
    # The broker hands a message out again after an hour: no task may still be running by then.
    task_time_limit=600,
    task_soft_time_limit=540,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # A web request rings the bell once; the sweep makes up for a bell nobody heard.
    task_publish_retry=False,
    task_default_queue="filing_portal",
    enable_utc=True,
    timezone="Asia/Shanghai",
    beat_max_loop_interval=5,
    beat_schedule={
        # A bell that rang while nobody listened is stale: the next one says the same.
        job.name: {
            "task": job.task,
            "schedule": job.every_seconds,
            "options": {"expires": max(job.every_seconds, 60)},
        }
        for job in PERIODIC_JOBS
    },
)
app.autodiscover_tasks(["registry", "review", "applicants"])


@setup_logging.connect
def configure_logging(**_signal: Any) -> None:
    """Workers and beat log as the web does."""
    from logging.config import dictConfig

    dictConfig(settings.LOGGING)


@beat_init.connect
@worker_init.connect
def refuse_unsafe_role_of_jobs(**_signal: Any) -> None:
    """No job runs as a role that could rewrite the book."""
    from filing_portal.surroundings import refuse_unsafe_role

    refuse_unsafe_role()


@worker_process_init.connect
def end_pool_process_with_worker(**_signal: Any) -> None:
    """A pool process never outlives its worker, even one that was killed."""
    end_with_parent()
