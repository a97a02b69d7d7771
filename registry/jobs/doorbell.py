"""Rings a worker when there is new work.

The work list is the database: a ring that is lost only delays the work until the next sweep.
"""

from __future__ import annotations

from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError

_log = structlog.get_logger(__name__)


def ring_on_commit(task_name: str) -> None:
    """Asks for a sweep once the surrounding transaction has committed; a lost ring raises nothing."""
    transaction.on_commit(partial(_ring, task_name), robust=True)


def _ring(task_name: str) -> None:
    try:
        current_app.send_task(task_name, retry=False, ignore_result=True)
    except (KombuError, OSError) as error:
        _log.warning("doorbell_unheard", task=task_name, reason=type(error).__name__)
