"""Runs the processes of the portal for `make run`; no usual manager ends its children when it is itself killed.

Here each child has asked the kernel to end with its parent, and so have the children's own children. The
supervisor also starts again what has died, and stops all of them together.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

from filing_portal.parent_death import end_with_parent
from filing_portal.prepare import prepare
from filing_portal.settings.soundness import problems_of_web_server

# Celery's worker takes longer than this over files even when idle; what it leaves undone is in the database.
STOP_WITHIN_SECONDS = 3.0
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0
_STEADY_AFTER_SECONDS = 60.0


def say(text: str) -> None:
    """One line for whoever started the portal."""
    print(text, flush=True)


@dataclass
class Child:
    """One of the portal's processes, in a process group of its own."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    wait_seconds: float = field(default=_FIRST_WAIT_SECONDS)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            list(self.command),
            stdin=subprocess.DEVNULL,
            # The settings name its log after it.
            env={**os.environ, "FILING_PORTAL_PROCESS": self.name},
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def signal(self, signal_number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal_number)

    def sweep_group(self) -> None:
        """Ends whatever is left of the child's process group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def plan_restart(self, now: float) -> float:
        """Sets the time of the next start, waiting longer after each quick death; gives the wait in seconds."""
        if now - self.started_at > _STEADY_AFTER_SECONDS:
            self.wait_seconds = _FIRST_WAIT_SECONDS
        wait = self.wait_seconds
        self.restart_at = now + wait
        self.wait_seconds = min(self.wait_seconds * 2, _LONGEST_WAIT_SECONDS)
        self.process = None
        return wait


class Supervisor:
    """Keeps the children running until it is told to stop."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self.stop_signal: int | None = None

    def ask_to_stop(self, signal_number: int, _frame: FrameType | None) -> None:
        self.stop_signal = signal_number

    def start(self, *names: str) -> None:
        for child in self.children:
            if child.name in names:
                child.start()

    def watch_once(self) -> None:
        """Restarts what has died, each after its wait."""
        now = time.monotonic()
        for child in self.children:
            if not child.started_at:
                continue
            if child.has_ended() and child.process is not None:
                code = child.process.returncode
                child.sweep_group()
                wait = child.plan_restart(now)
                say(f"{child.name} ended ({_reason(code)}); it is started again in {wait:g} s.")
            elif child.process is None and now >= child.restart_at:
                child.start()

    def stop(self) -> None:
        """Ends all within STOP_WITHIN_SECONDS: first what brings new work, then the worker."""
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        bringers = [child for child in self.children if child.name != "worker"]
        workers = [child for child in self.children if child.name == "worker"]
        for child in bringers:
            child.signal(signal.SIGTERM)
        _wait_for(bringers, until=min(deadline, time.monotonic() + 1.5))
        for child in workers:
            child.signal(signal.SIGTERM)
        _wait_for(self.children, until=deadline)
        for child in self.children:
            child.sweep_group()
            if child.process is not None:
                child.process.wait(timeout=5)


def _wait_for(children: Sequence[Child], *, until: float) -> None:
    while time.monotonic() < until:
        if all(child.process is None or child.has_ended() for child in children):
            return
        time.sleep(0.02)


def _reason(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit status {code}"


def portal_children(*, host: str, port: int, beat_directory: Path) -> list[Child]:
    """Web, worker, beat, decoder, visits and visitor of one installation."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A", "filing_portal"]
    configuration = ["--config", "python:filing_portal.gunicorn_settings"]
    level = ["--loglevel", "INFO"]
    return [
        Child(
            "web",
            [*python, "gunicorn", *configuration, "--bind", f"{host}:{port}", "filing_portal.wsgi"],
        ),
        Child(
            "worker",
            [*celery, "worker", *level, "--concurrency", "2", "--without-gossip", "--without-mingle"],
        ),
        Child(
            "beat",
            [*celery, "beat", *level, "--schedule", str(beat_directory / "schedule"), "--pidfile", ""],
        ),
        Child("decoder", [*python, "filing_portal.decoder"]),
        Child("visits", [*python, "filing_portal.site_visits"]),
        Child("visitor", [*python, "filing_portal.visitor"]),
    ]


def _hold_lock(path: Path) -> IO[str] | None:
    """An open file that holds the installation's lock, or None when another supervisor has it."""
    file = path.open("w", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _is_port_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def _is_ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/readyz", timeout=2) as answer:  # noqa: S310  # nosec B310
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _announce(address: str) -> None:
    from django.conf import settings

    from registry.gateways.terminal import readable_path

    say("")
    say(f"The portal is ready: {address}/")
    say(f"  applicants   {address}/applicant/")
    say(f"  reviewers    {address}/review/")
    say(f"  API schema   {address}/api/schema/")
    if settings.SAMPLE_DATA:
        from registry.sample.logins import sample_logins

        say("Sample accounts (invented people, this machine only):")
        for line in sample_logins():
            say(f"  {line}")
    outbox, logs = (readable_path(Path(settings.VAR_DIR) / name) for name in ("outbox", "logs"))
    say("Codes and other messages are not sent but written down, the newest at the end:")
    say(f"  text messages  {outbox}/sms.jsonl")
    say(f"  e-mails        {outbox}/mail.jsonl")
    say(f"Logs: {logs}/ (web.log, worker.log, beat.log, decoder.log, visits.log)")
    say("Here follow, by the time in China: numbers issued, messages written, warnings and errors.")
    say("Stop with Ctrl-C.")
    say("")


def run(*, host: str, port: int, prepare_first: bool = False) -> int:
    """Runs the portal until SIGINT or SIGTERM. Gives the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")
    os.environ["PORT"] = str(port)
    if problems := problems_of_web_server(os.environ):
        for problem in problems:
            say(str(problem))
        return 1
    if not _is_port_free(host, port):
        say(f"Port {port} is taken: choose another with `make run PORT=8001`.")
        return 1
    if prepare_first:
        prepare()
    import django
    from django.conf import settings

    django.setup()
    lock = _hold_lock(Path(settings.VAR_DIR) / "supervisor.lock")
    if lock is None:
        say("This installation is already running: stop it first.")
        return 1
    beat_directory = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).parent
    supervisor = Supervisor(portal_children(host=host, port=port, beat_directory=beat_directory))
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_number, supervisor.ask_to_stop)
    address = f"http://{host}:{port}"
    announced = False
    with lock:
        # The web first and alone: whoever started the portal waits for it, nobody for the others.
        supervisor.start("web")
        while supervisor.stop_signal is None:
            supervisor.watch_once()
            if not announced and _is_ready(address):
                announced = True
                supervisor.start("worker", "beat", "decoder", "visits", "visitor")
                _announce(address)
            time.sleep(0.1)
        say("Stopping…")
        supervisor.stop()
    say("Stopped.")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Run the portal: web, worker, beat, decoder, visits and visitor."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started this one is gone"
    )
    parser.add_argument(
        "--prepare",
        action="store_true",
        help="bring translations, database and static files up to date first",
    )
    arguments = parser.parse_args()
    if arguments.with_parent:
        end_with_parent(signal.SIGTERM)
    return run(host=arguments.host, port=arguments.port, prepare_first=arguments.prepare)


if __name__ == "__main__":
    sys.exit(main())
