"""A throw-away PostgreSQL server on a random port, made from the installed binaries."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2

from tests.services.processes import OwnedProcess, find_program, free_port

ROLE = "filing_portal"
DATABASE = "filing_portal"

_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_COMMON = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
    "deadlock_timeout": "200ms",
    "timezone": "UTC",
}


class PostgresServer:
    """One server. `durable` keeps fsync on, for tests that pull the plug."""

    def __init__(self, *, port: int | None = None, durable: bool = False) -> None:
        self.port = port or free_port()
        self.durable = durable
        self.directory = Path()
        self.process: OwnedProcess | None = None
        places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        self.initdb = find_program("initdb", package="postgresql", places=places)
        self.postgres = find_program("postgres", package="postgresql", places=places)

    def url(self, database: str = DATABASE) -> str:
        """The address for the role that the portal uses: it owns its databases and is no superuser."""
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Makes the cluster, starts it and creates role and database. About two seconds."""
        self.directory = Path(tempfile.mkdtemp(prefix="filing-portal-postgres-"))
        user, group = _server_user()
        if user is not None and group is not None:
            os.chown(self.directory, user, group)
        self._run_as_server(
            [
                self.initdb,
                f"--pgdata={self.directory / 'data'}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ]
        )
        self.launch()
        with closing(psycopg2.connect(self._superuser_dsn())) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")

    def launch(self) -> None:
        """Starts the server on its existing data, and waits until it answers."""
        settings = {**_COMMON, "unix_socket_directories": str(self.directory)}
        if not self.durable:
            settings |= _FAST
        user, group = _server_user()
        self.process = OwnedProcess(
            [
                self.postgres,
                "-D",
                str(self.directory / "data"),
                "-p",
                str(self.port),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            log=self.directory / "server.log",
            cwd=self.directory,
            user=user,
            group=group,
        )
        self.process.wait_until(self._answers, seconds=60, what="PostgreSQL")

    def crash(self) -> None:
        """Ends the server as a power cut would; `launch` starts it on what was kept."""
        if self.process is not None:
            self.process.stop(signal_number=signal.SIGQUIT, seconds=10)

    def stop(self) -> None:
        """Ends the server and removes its data."""
        if self.process is not None:
            self.process.stop(signal_number=signal.SIGINT, seconds=10)
            self.process = None
        shutil.rmtree(self.directory, ignore_errors=True)

    def _superuser_dsn(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=2"

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self._superuser_dsn()).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _run_as_server(self, command: list[str]) -> None:
        user, group = _server_user()
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            cwd=self.directory,
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
        )


def _server_user() -> tuple[int, int] | tuple[None, None]:
    """PostgreSQL refuses to run as root: then its own account, which its package made, runs it."""
    if os.geteuid() != 0:
        return None, None
    entry = pwd.getpwnam("postgres")
    return entry.pw_uid, entry.pw_gid
