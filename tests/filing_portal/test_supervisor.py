"""`make run`: everything starts and ends together, nothing is left behind, and the terminal stays quiet."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.privacy import visits
from tests.privacy.browsers import HttpBrowser
from tests.privacy.needles import found_in, person
from tests.services.embedded import copy_prepared, embedded_environment
from tests.services.processes import free_port

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("supervisor")]

# web master and two workers, Celery worker and two pool processes, beat, decoder
FULL_HOUSE = 8


class Installation:
    """An embedded set-up in a directory of its own, and its processes: each carries the directory's name."""

    def __init__(self, directory: Path, repository: Path) -> None:
        self.directory = directory
        self.repository = repository
        self.port = free_port()
        self.log = directory / "supervisor.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "filing_portal.supervisor", "--port", str(self.port), *arguments],
                cwd=self.repository,
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def environment(self) -> dict[str, str]:
        return embedded_environment(self.directory)

    def end(self) -> None:
        """Kills what is left."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def processes(self) -> set[int]:
        """Every living process of this installation, the supervisor left out."""
        mark = f"FILING_PORTAL_VAR_DIR={self.directory}".encode()
        return {pid for pid in _all_processes() if mark in _environment(pid)} - {self.pid}

    def wait_for(self, count: int, *, seconds: float) -> float:
        """Waits until so many processes live, and the same ones for a while; gives the seconds it took."""
        started = time.monotonic()
        seen = self.processes()
        since = started
        while len(seen) != count or time.monotonic() - since < 0.5:
            assert time.monotonic() - started < seconds, f"{seen}\n{self.log.read_text()}"
            time.sleep(0.05)
            now = self.processes()
            if now != seen:
                seen, since = now, time.monotonic()
        return since - started

    def wait_until_ready(self, *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._is_ready():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        self.wait_for(FULL_HOUSE, seconds=seconds)

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def _all_processes() -> set[int]:
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()}


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


@contextlib.contextmanager
def _running(directory: Path, repository: Path) -> Iterator[Installation]:
    portal = Installation(directory, repository)
    portal.start("--prepare", "--with-parent")
    try:
        portal.wait_until_ready(seconds=180)
        yield portal
    finally:
        portal.end()


@pytest.fixture
def installation(tmp_path: Path, repository: Path) -> Iterator[Installation]:
    """A running portal, which has been prepared before."""
    copy_prepared(tmp_path)
    with _running(tmp_path, repository) as portal:
        yield portal


@pytest.fixture
def first_start(tmp_path: Path, repository: Path) -> Iterator[Installation]:
    """A running portal that found an empty directory."""
    with _running(tmp_path, repository) as portal:
        yield portal


def _stops_in_order(portal: Installation, signal_number: int) -> None:
    started = time.monotonic()
    os.kill(portal.pid, signal_number)
    assert portal.process is not None
    assert portal.process.wait(timeout=10) == 0
    assert time.monotonic() - started <= 5
    assert portal.processes() == set()
    assert portal.log.read_text().rstrip().endswith("Stopped.")


def test_a_second_supervisor_refuses_and_term_stops_everything_within_five_seconds(
    installation: Installation,
) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "filing_portal.supervisor", "--port", str(free_port())],
        cwd=installation.repository,
        env=installation.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert "already running" in second.stdout
    _stops_in_order(installation, signal.SIGTERM)


def test_a_child_that_dies_is_started_again_and_ctrl_c_stops_everything_within_five_seconds(
    installation: Installation,
) -> None:
    worker = b"celery\0--quiet\0-A\0filing_portal\0worker"
    masters = [pid for pid in installation.processes() if worker in _command(pid)]
    os.kill(min(masters), signal.SIGKILL)
    word = "worker ended (SIGKILL); it is started again in 1 s."
    deadline = time.monotonic() + 60
    while word not in installation.log.read_text():
        assert time.monotonic() < deadline, installation.log.read_text()
        time.sleep(0.05)
    installation.wait_for(FULL_HOUSE, seconds=30)
    assert min(masters) not in installation.processes()
    _stops_in_order(installation, signal.SIGINT)


def test_an_empty_directory_is_prepared_and_a_killed_supervisor_leaves_no_orphan(
    first_start: Installation,
) -> None:
    assert len(first_start.processes()) == FULL_HOUSE
    os.kill(first_start.pid, signal.SIGKILL)
    first_start.wait_for(0, seconds=2)


def test_the_terminal_says_where_messages_and_logs_are_and_then_only_what_concerns_it(
    installation: Installation,
) -> None:
    directory, visitor = installation.directory, person(77)
    browser = HttpBrowser(f"http://127.0.0.1:{installation.port}", address="198.51.100.1")
    visits.sign_up(browser, visitor, outbox=directory / "outbox")
    assert browser.get("/no-such-page/").status == 404
    with contextlib.closing(sqlite3.connect(directory / "portal.sqlite3", timeout=20)) as database:
        database.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON applicants_draft BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    assert browser.post("/applicant/start/", {"applicant": ""}).status == 500
    browser.close()
    logs = {
        name: directory / "logs" / f"{name}.log" for name in ("web", "worker", "beat", "decoder", "visits")
    }
    deadline = time.monotonic() + 60
    while not (all(path.exists() for path in logs.values()) and "ready." in logs["worker"].read_text()):
        assert time.monotonic() < deadline, list((directory / "logs").iterdir())
        time.sleep(0.1)

    banner, _stop, rest = installation.log.read_text().partition("Stop with Ctrl-C.\n")
    assert f"  text messages  {directory}/outbox/sms.jsonl\n" in banner
    assert f"  e-mails        {directory}/outbox/mail.jsonl\n" in banner
    assert f"Logs: {directory}/logs/ (web.log, worker.log, beat.log, decoder.log, visits.log)\n" in banner
    # Both codes go out together; which is written down first is nobody's matter.
    assert sorted(line[len("00:00 ") :] for line in rest.split("\n") if line) == [
        f"A text message for {visitor.mobile[:3]}****{visitor.mobile[-4:]} is in {directory}/outbox/sms.jsonl"
        " (newest line at the end).",
        f"An e-mail for p***@home.example.com is in {directory}/outbox/mail.jsonl (newest line at the end).",
        "ERROR Internal Server Error: /applicant/start/ (django.db.utils.IntegrityError: broken; "
        f"more in {logs['web']})",
    ]
    assert "url_name=account_signup" in logs["web"].read_text()
    assert "Traceback" in logs["web"].read_text()
    assert "ready." in logs["worker"].read_text()
    assert {stat.S_IMODE(path.stat().st_mode) for path in logs.values()} == {0o600}
    assert found_in([directory], [visitor]) == set()


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
