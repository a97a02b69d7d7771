"""Is the process alive, and can it do its work? For supervisors and load balancers."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import structlog
from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

_log = structlog.get_logger("portal.health")
_BROKER_TIMEOUT_SECONDS = 2

_schema_is_current = False


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Database, its migrations, and the broker; 503 with the list of problems when one is missing."""
    problems = [*database_problems(), *broker_problems()]
    if problems:
        _log.warning("not_ready", problems=",".join(problems))
    return JsonResponse(
        {"status": "not_ready" if problems else "ready", "problems": problems},
        status=HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK,
    )


def database_problems() -> list[str]:
    """`database_unreachable`, `migrations_missing`, or nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        return [] if _migrations_are_applied() else ["migrations_missing"]
    except DatabaseError:
        return ["database_unreachable"]


def broker_problems() -> list[str]:
    """`broker_unreachable`, or nothing."""
    options = current_app.conf.broker_transport_options or {}
    folder = options.get("data_folder_in")
    if folder is not None:
        return [] if Path(folder).is_dir() else ["broker_unreachable"]
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=_BROKER_TIMEOUT_SECONDS)
    except (OperationalError, OSError):
        return ["broker_unreachable"]
    return []


def _migrations_are_applied() -> bool:
    # Reading every migration takes longer than the rest; a schema that was complete stays so.
    global _schema_is_current
    if not _schema_is_current:
        executor = MigrationExecutor(connection)
        _schema_is_current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _schema_is_current
