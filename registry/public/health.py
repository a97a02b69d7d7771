"""Health checks for supervisors and load balancers: whether the process is alive, and whether it is ready."""

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
    """200 whenever the process can answer at all."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and broker are ready; 503 with the list of problems when one is not."""
    problems = [*database_problems(), *broker_problems()]
    if problems:
        _log.warning("not_ready", problems=",".join(problems))
    return JsonResponse(
        {"status": "not_ready" if problems else "ready", "problems": problems},
        status=HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK,
    )


def database_problems() -> list[str]:
    """`database_unreachable` or `migrations_missing`; empty when all is well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        return [] if _migrations_are_applied() else ["migrations_missing"]
    except DatabaseError:
        return ["database_unreachable"]


def broker_problems() -> list[str]:
    """`broker_unreachable`; empty when all is well."""
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
    # Reading all migrations is slow; a schema found complete stays complete while the process lives.
    global _schema_is_current
    if not _schema_is_current:
        executor = MigrationExecutor(connection)
        _schema_is_current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _schema_is_current
