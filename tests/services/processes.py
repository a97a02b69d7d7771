"""Starting and ending the processes that tests own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from filing_portal.parent_death import end_with_parent


class ServiceMissing(RuntimeError):
    """A program that the tests need is not installed; the text says what to install."""


class ServiceFailed(RuntimeError):
    """A process ended or stayed silent where it should have come up; the text holds the end of its output."""


def find_program(name: str, *, package: str, places: Sequence[Path] = ()) -> str:
    """The path of a program. Raises ServiceMissing naming the Debian package that holds it."""
    for place in places:
        if (place / name).is_file():
            return str(place / name)
    found = shutil.which(name)
    if found is None:
        raise ServiceMissing(
            f"{name} is not installed: the tests run on the real thing. Install it with `make setup-dev`, "
            f"or the Debian package {package}."
        )
    return found


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class OwnedProcess:
    """A child in a process group of its own that dies with this process, at the latest."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: int | None = None,
        group: int | None = None,
    ) -> None:
        self.command = list(command)
        self.log = log

        def prepare_child() -> None:
            # The kernel forgets the wish when the user changes, so the user changes first.
            if user is not None and group is not None:
                os.setgroups([])
                os.setgid(group)
                os.setuid(user)
            end_with_parent()

        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env) if env is not None else None,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=prepare_child,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_running(self) -> bool:
        return self.process.poll() is None

    def wait_until(self, condition: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Waits until `condition` holds. Raises ServiceFailed when the process ends or the time is over."""
        deadline = time.monotonic() + seconds
        while not condition():
            if not self.is_running():
                raise ServiceFailed(f"{what} ended with {self.process.returncode}:\n{self.last_output()}")
            if time.monotonic() > deadline:
                raise ServiceFailed(f"{what} was not up after {seconds:g} s:\n{self.last_output()}")
            time.sleep(0.05)

    def last_output(self, characters: int = 4_000) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-characters:]

    def kill(self) -> None:
        """SIGKILL to the whole group, as a crash would."""
        self._signal_group(signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self, *, signal_number: int = signal.SIGTERM, seconds: float = 10) -> None:
        """Asks the process to end, and kills the whole group when it does not."""
        if self.is_running():
            self.process.send_signal(signal_number)
            try:
                self.process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, signal_number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal_number)
