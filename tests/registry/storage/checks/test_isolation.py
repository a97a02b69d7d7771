"""A process that decodes a file can neither reach nor harm anything else; each attempt succeeds without the walls."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SECRET = "canary-of-a-key"
PROBE = """
import ctypes, json, os, socket, subprocess, sys
from pathlib import Path
from registry.storage.checks import isolation

keys, port, holder, target = sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
read = {"environment of the holder of keys": f"/proc/{holder}/environ", "memory map of it": f"/proc/{holder}/maps"}
read |= {"keys in a file": keys, "files of the portal": "manage.py", "password file": "/etc/passwd"}

def reach():
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        pass

def trace():
    if ctypes.CDLL(None, use_errno=True).ptrace(16, holder, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(holder, 0x40000000)

def fork():
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)

tries = {name: lambda path=path: Path(path).read_bytes()[:1] or 1 / 0 for name, path in read.items()}
tries |= {
    "the broker": reach,
    "a socket": lambda: socket.socket(socket.AF_UNIX).close(),
    "writing": lambda: Path(target).write_bytes(b"x"),
    "emptying": lambda: os.truncate(target, 0),
    "removing": lambda: Path(target).unlink(),
    "another process": fork,
    "a program": lambda: subprocess.run(["/bin/true"], check=True),
    "a signal": lambda: os.kill(holder, 0),
    "tracing": trace,
}
if sys.argv[1] == "confined":
    isolation.confine()
elif sys.argv[1] == "connecting":
    isolation.confine(may_connect=True)
done = {}
for name, attempt in tries.items():
    try:
        attempt()
    except Exception as error:
        done[name] = type(error).__name__
    else:
        done[name] = "done"
print(json.dumps(done))
"""


@pytest.fixture
def holder() -> Iterator[int]:
    """A process with a key in its environment, as the web is one."""
    with subprocess.Popen(["sleep", "600"], env={"FILING_PORTAL_DATA_KEYS": SECRET}) as process:
        yield process.pid
        process.kill()


@pytest.fixture
def broker() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def attempts(how: str, *, holder: int, broker: int, tmp_path: Path, repository: Path) -> dict[str, str]:
    keys, target = tmp_path / "keys.json", tmp_path / "target"
    keys.write_text(SECRET)
    target.write_text("something")
    answer = subprocess.run(
        [sys.executable, "-c", PROBE, how, str(keys), str(broker), str(holder), str(target)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(answer.stdout))


def test_a_decoder_reads_no_keys_reaches_no_broker_and_starts_or_changes_nothing(
    holder: int, broker: int, tmp_path: Path, repository: Path
) -> None:
    given = {"holder": holder, "broker": broker, "tmp_path": tmp_path, "repository": repository}
    free = attempts("free", **given)  # type: ignore[arg-type]
    assert set(free.values()) == {"done"}, free
    confined = attempts("confined", **given)  # type: ignore[arg-type]
    assert [name for name in free if confined[name] == "done"] == [], confined
    assert {confined[name] for name in free} <= {"PermissionError", "OSError", "FileNotFoundError"}


def test_a_process_that_looks_at_sites_reaches_the_network_and_nothing_else(
    holder: int, broker: int, tmp_path: Path, repository: Path
) -> None:
    """Which addresses it reaches is a matter of its own checks: test_guard.py."""
    given = {"holder": holder, "broker": broker, "tmp_path": tmp_path, "repository": repository}
    connecting = attempts("connecting", **given)  # type: ignore[arg-type]
    assert [name for name, outcome in connecting.items() if outcome == "done"] == ["the broker"]


def test_a_child_puts_its_walls_up_before_it_reads_the_file(repository: Path) -> None:
    """It waits for the file on its standard input with every wall around it."""
    command = [
        sys.executable,
        "-E",
        "-s",
        "-B",
        "-m",
        "registry.storage.checks.worker",
        "normalise",
        "image/png",
    ]
    with subprocess.Popen(command, cwd=repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        ends_at = time.monotonic() + 20
        status = Path(f"/proc/{child.pid}/status")
        while "Seccomp:\t2" not in status.read_text():
            assert time.monotonic() < ends_at
            time.sleep(0.02)
        assert "NoNewPrivs:\t1" in status.read_text()
        answer, _errors = child.communicate(b"no picture")
    assert b"file_damaged" in answer
