"""The portal's own processes on the test database, as production starts them."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from celery import current_app
from django.db import connection
from redis import Redis

from filing_portal.visitor import answers
from tests.services.processes import OwnedProcess, free_port

_REPOSITORY = Path(__file__).resolve().parents[2]


def portal_environment(**changes: str) -> dict[str, str]:
    """The environment of a process that works on this test's database and broker."""
    given = connection.settings_dict
    user = quote(str(given["USER"]), safe="")
    password = f":{quote(str(given['PASSWORD']), safe='')}" if given["PASSWORD"] else ""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "filing_portal.settings.testing",
        "DATABASE_URL": f"postgresql://{user}{password}@{given['HOST']}:{given['PORT']}/{given['NAME']}",
        "PYTHONUNBUFFERED": "1",
        **changes,
    }


def _log_file(name: str) -> Path:
    directory = Path(os.environ["FILING_PORTAL_TEST_VAR_DIR"]) / "logs"
    directory.mkdir(parents=True, exist_ok=True)
    descriptor, path = tempfile.mkstemp(prefix=f"{name}-", suffix=".log", dir=directory)
    os.close(descriptor)
    return Path(path)


class PortalProcess(OwnedProcess):
    """One of the portal's processes, with its log."""

    def __init__(self, name: str, arguments: list[str], *, environment: Mapping[str, str]) -> None:
        super().__init__(
            [sys.executable, "-m", *arguments], log=_log_file(name), env=environment, cwd=_REPOSITORY
        )


class WebProcess(PortalProcess):
    """gunicorn on a free port; `url` has no slash at its end."""

    def __init__(self, *, workers: int = 1, **changes: str) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        environment = portal_environment(
            FILING_PORTAL_BASE_URL=self.url,
            FILING_PORTAL_TEST_EMAIL_BACKEND="registry.gateways.mail.FileBackend",
            **changes,
        )
        arguments = ["gunicorn", "--config", "python:filing_portal.gunicorn_settings"]
        arguments += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "filing_portal.wsgi"]
        super().__init__("web", arguments, environment=environment)
        self.wait_until(self._answers, seconds=60, what="The web process")

    def wait_until_idle(self) -> None:
        """Waits until no request is at work on this test's database any more."""
        with connection.cursor() as cursor:

            def is_idle() -> bool:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend' AND state <> 'idle'"
                )
                return bool(cursor.fetchone() == (0,))

            self.wait_until(is_idle, seconds=20, what="The end of the last request")

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


class WorkerProcess(PortalProcess):
    """A Celery worker with pool processes; an idle one answers within a tenth of a second."""

    def __init__(self, *, concurrency: int = 1, **changes: str) -> None:
        self.hostname = f"test-{os.getpid()}-{time.monotonic_ns()}@localhost"
        arguments = ["celery", "-A", "filing_portal", "worker", "--loglevel", "INFO"]
        arguments += ["--concurrency", str(concurrency), "--hostname", self.hostname]
        arguments += ["--without-gossip", "--without-mingle"]
        super().__init__("worker", arguments, environment=portal_environment(**changes))
        self.wait_until(lambda: "ready." in self.last_output(20_000), seconds=60, what="The Celery worker")


class BeatProcess(PortalProcess):
    """Celery beat with a schedule file of its own."""

    def __init__(self, **changes: str) -> None:
        schedule = _log_file("beat-schedule").with_suffix("")
        arguments = ["celery", "-A", "filing_portal", "beat", "--schedule", str(schedule), "--pidfile", ""]
        super().__init__("beat", arguments, environment=portal_environment(**changes))


class DecoderProcess(PortalProcess):
    """The decoder, at work on this test's files."""

    def __init__(self, *, at_once: int = 2, **changes: str) -> None:
        arguments = ["filing_portal.decoder", "--at-once", str(at_once)]
        super().__init__("decoder", arguments, environment=portal_environment(**changes))
        self.wait_until(lambda: "decoder_started" in self.last_output(20_000), seconds=60, what="The decoder")


class VisitorProcess(PortalProcess):
    """A visitor that may ask the sites of this machine on these ports, with no variable but its own."""

    def __init__(self, path: Path, *, ports: Sequence[int]) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "FILING_PORTAL_BASE_URL": "https://portal.example.cn",
            "FILING_PORTAL_VISITOR_SOCKET": str(path),
            "FILING_PORTAL_VISITOR_PORTS": ",".join(map(str, (80, 443, *ports))),
        }
        arguments = ["filing_portal.visitor", "--let-through", "127.0.0.0/8"]
        super().__init__("visitor", arguments, environment=environment)
        self.wait_until(lambda: answers(path), seconds=60, what="The visitor")


class VisitsProcess(PortalProcess):
    """The visits, at work on this test's list."""

    def __init__(self, path: Path, *, at_once: int = 3) -> None:
        environment = portal_environment(
            FILING_PORTAL_SITE_VISITS="true", FILING_PORTAL_VISITOR_SOCKET=str(path)
        )
        arguments = ["filing_portal.site_visits", "--at-once", str(at_once)]
        super().__init__("visits", arguments, environment=environment)
        self.wait_until(lambda: "visits_started" in self.last_output(20_000), seconds=60, what="The visits")


def empty_broker() -> None:
    """Forgets every message that earlier tests left in this test process's Redis database."""
    with Redis.from_url(current_app.conf.broker_url) as client:
        client.flushdb()
