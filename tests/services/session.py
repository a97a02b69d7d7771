"""The servers of one test session: started once, shared with the xdist workers through the environment."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import celery
import django
import psycopg2
from redis import Redis

from tests.services.postgres import PostgresServer
from tests.services.processes import free_port
from tests.services.redis import RedisServer

# Chromium without windows: Debian's package and its program.
CHROMIUM = "chromium-headless-shell"
# As DATABASE_URL: SQLite in memory, and cache and broker there too.
NO_SERVER = "sqlite://"


class SessionServices:
    """PostgreSQL and Redis for this session, unless DATABASE_URL and REDIS_URL name others.

    Addresses are fixed before Django reads its settings; the servers start when the first test needs them, or,
    with several workers, at the start.
    """

    def __init__(self) -> None:
        self._postgres: PostgresServer | None = None
        self._redis: RedisServer | None = None
        self._postgres_port = 0
        self._redis_port = 0
        self._directory: Path | None = None
        self._has_servers = True
        self._started = False

    def announce(self) -> None:
        """Writes the addresses into the environment, for this process and those it starts."""
        if "FILING_PORTAL_TEST_VAR_DIR" not in os.environ:
            self._directory = Path(tempfile.mkdtemp(prefix="filing-portal-test-"))
            os.environ["FILING_PORTAL_TEST_VAR_DIR"] = str(self._directory)
        if "DATABASE_URL" not in os.environ:
            self._postgres_port = free_port()
            os.environ["DATABASE_URL"] = (
                f"postgresql://filing_portal@127.0.0.1:{self._postgres_port}/filing_portal"
            )
        self._has_servers = os.environ["DATABASE_URL"] != NO_SERVER
        if self._has_servers and "REDIS_URL" not in os.environ:
            self._redis_port = free_port()
            os.environ["REDIS_URL"] = f"redis://127.0.0.1:{self._redis_port}/0"

    def start(self) -> None:
        """Starts what was announced; the second call does nothing. Raises ServiceMissing."""
        if self._started or not self._has_servers:
            return
        self._started = True
        if self._postgres_port:
            self._postgres = PostgresServer(port=self._postgres_port)
        if self._redis_port:
            self._redis = RedisServer(port=self._redis_port)
        # In the main thread one after the other: a server dies with the thread that started it.
        if self._redis is not None:
            self._redis.start()
        if self._postgres is not None:
            self._postgres.start()

    def process_ids(self) -> list[int]:
        """The servers' processes, while they run."""
        processes = [server.process for server in (self._postgres, self._redis) if server is not None]
        return [process.pid for process in processes if process is not None]

    def describe(self) -> str:
        """The versions of what the tests ran on, as the running servers and programs give them."""
        versions = {
            "PostgreSQL": self._postgres_version(),
            "Redis": self._redis_version(),
            "Celery": celery.__version__,
            "Chromium": _chromium_version(),
            "SQLite": sqlite3.sqlite_version,
            "Django": django.get_version(),
            "Python": platform.python_version(),
        }
        return ", ".join(f"{name} {version}" for name, version in versions.items())

    def _postgres_version(self) -> str:
        if not self._started:
            return "(not needed)"
        with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection:
            number = connection.server_version
        return f"{number // 10_000}.{number % 10_000}"

    def _redis_version(self) -> str:
        if not self._started:
            return "(not needed)"
        with Redis.from_url(os.environ["REDIS_URL"]) as client:
            return str(client.info("server")["redis_version"])

    def stop(self) -> None:
        """Stops what this session started and removes its files."""
        for server in (self._redis, self._postgres):
            if server is not None:
                server.stop()
        self._redis = self._postgres = None
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None


def _chromium_version() -> str:
    program = shutil.which(CHROMIUM)
    if program is None:
        return "(missing)"
    output = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    return output.stdout.split()[1]


services = SessionServices()
