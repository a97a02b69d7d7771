"""What production finds around it: the role it signs in as, the database, the broker, folders, gateways, the clock.

Each answer is a sentence that says what is wrong and what to do; no sentence repeats a secret.
"""

from __future__ import annotations

import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections

from registry import clock
from registry.files import decoding
from registry.management.commands.protect_tables import forbidden_privileges
from registry.public.health import broker_problems, database_problems
from review.visits import visiting

MOST_SECONDS_APART = timedelta(seconds=30)
OLDEST_POSTGRESQL = 150_000
_CONNECT_SECONDS = 3
_SIGN_IN = (
    "web, worker, beat, decoder and visits sign in as filing_portal_web (deploy/postgres-web-role.sh),"
    " and migrate alone as the owner."
)
_HTTPS = 443


def refuse_unsafe_role() -> None:
    """Ends the process where the portal would run as a role that can rewrite the book.

    A database that cannot be reached now is no reason: `/readyz` says so until it can.
    """
    if not settings.SETTINGS_MODULE.endswith((".production", ".decoder")):
        return
    try:
        problems = list(role_problems())
    except DatabaseError:
        return
    finally:
        # What is forked from this process must not share its connection.
        connections.close_all()
    if problems:
        sys.exit("\n".join(["The portal does not start in production:", *problems]))


def role_problems() -> Iterator[str]:
    """What the portal's database role may do and must not: own tables, make some, change what is only added to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        role, is_powerful = cursor.fetchone()
        if is_powerful:
            yield f"The database role {role} may do everything: {_SIGN_IN}"
            return
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        )
        if cursor.fetchall():
            yield (
                f"The database role {role} owns tables, and could take every protection from them: {_SIGN_IN}"
            )
            return
        pairs = [(table, each) for table, privileges in forbidden_privileges().items() for each in privileges]
        cursor.execute(
            "SELECT privilege || ' ' || name FROM unnest(%s, %s) AS forbidden (name, privilege)"
            " WHERE has_table_privilege(to_regclass(name), privilege) ORDER BY 1",
            [[table for table, _privilege in pairs], [privilege for _table, privilege in pairs]],
        )
        allowed = [found for (found,) in cursor.fetchall()]
        if allowed:
            yield f"The database role {role} may {', '.join(allowed)}: run manage.py protect_tables as the owner."


def problems_around() -> Iterator[str]:
    """Everything around the portal that keeps it from working as it should; each is asked, whatever the others say."""
    for ask in (_database, _broker, _folders, _static_files, _mail, _gateway):
        yield from ask()


def _database() -> Iterator[str]:
    found = database_problems()
    if "database_unreachable" in found:
        yield "DATABASE_URL: the database cannot be reached, or does not know the role and its password."
        return
    if "migrations_missing" in found:
        yield "The database is not of this version: run manage.py migrate, carry_over and protect_tables as the owner."
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, now()")
        version, now = cursor.fetchone()
    if version < OLDEST_POSTGRESQL:
        yield f"PostgreSQL {version // 10_000} is too old: {OLDEST_POSTGRESQL // 10_000} or newer is needed."
    if abs(clock.of_the_machine() - now) > MOST_SECONDS_APART:
        apart = round(abs((clock.of_the_machine() - now).total_seconds()))
        yield f"The clocks of this machine and of the database are {apart} seconds apart: set both by NTP."
    yield from role_problems()
    if "migrations_missing" not in found and not decoding.is_alive(at=clock.now()):
        yield (
            "No decoder has said that it lives: uploaded files are not read and pages not drawn. Start the service"
            " decoder (python -m filing_portal.decoder)."
        )
    if settings.SITE_VISITS and "migrations_missing" not in found and not visiting.is_alive(at=clock.now()):
        yield (
            "No visits process that a visitor answers has said that it lives: the web addresses of cases are not looked"
            " at. Start the services visits and visitor (python -m filing_portal.site_visits, python -m"
            " filing_portal.visitor), or set FILING_PORTAL_SITE_VISITS to false."
        )


def _broker() -> Iterator[str]:
    if broker_problems():
        yield "REDIS_URL: Redis cannot be reached, or does not know the password."


def _folders() -> Iterator[str]:
    folders: Mapping[str, Path | None] = {
        "FILING_PORTAL_VAR_DIR": settings.VAR_DIR,
        "FILING_PORTAL_SNAPSHOT_ROOT": settings.SNAPSHOT_ROOT,
    }
    for variable, folder in folders.items():
        if folder is None:
            continue
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            yield f"{variable}: nothing can be written in {folder}: make the folder, and give it to the portal's user."


def _static_files() -> Iterator[str]:
    try:
        staticfiles_storage.url("css/base.css")
    except (ValueError, ImproperlyConfigured):
        yield "The styles are not there: run manage.py collectstatic."


def _mail() -> Iterator[str]:
    if not _can_be_reached(settings.EMAIL_HOST, settings.EMAIL_PORT):
        yield f"FILING_PORTAL_EMAIL_HOST: no mail server answers at {settings.EMAIL_HOST}:{settings.EMAIL_PORT}."


def _gateway() -> Iterator[str]:
    parts = urlsplit(str(settings.SMS_GATEWAY["url"]))
    host = parts.hostname or ""
    if "{" not in host and not _can_be_reached(host, parts.port or _HTTPS):
        yield f"FILING_PORTAL_SMS_GATEWAY: nothing answers at {host}."


def _can_be_reached(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=_CONNECT_SECONDS):
            return True
    except OSError:
        return False
