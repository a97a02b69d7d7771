"""The visitor: a process without keys and without the database, which looks at one web address for each who asks.

It listens on a socket of the file system. An order is one line of JSON, `url` and `words` to look for; the answer is
that of a confined child (`review/visits/looking/worker.py`), line by line. Where it may go is its own affair and in no
order: the ports and refused networks stand in its environment.
"""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from filing_portal.settings.soundness import Problem, problems_of_visitor
from review.visits.looking.limits import MOST_ANSWER_BYTES, MOST_REQUEST_BYTES, WALL_SECONDS

AT_ONCE = 6
SOCKET = "FILING_PORTAL_VISITOR_SOCKET"
PORTS = "FILING_PORTAL_VISITOR_PORTS"
REFUSED = "FILING_PORTAL_VISITOR_REFUSED"
_DEFAULT_PORTS = "80,443"
_ORDER_SECONDS = 5.0
# What the system's address of a socket holds.
_LONGEST_PATH = 100
_ROOT = Path(__file__).resolve().parents[1]
# Of its environment a child gets where certificates are kept, and nothing else.
_HANDED_ON = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True)
class Manners:
    """Where the visitor goes and what it calls itself."""

    agent: str
    ports: tuple[int, ...]
    refused: tuple[str, ...] = ()
    let_through: tuple[str, ...] = ()


class Visitor:
    """Answers orders, some at once, until it is told to stop."""

    def __init__(self, path: Path, manners: Manners, *, at_once: int = AT_ONCE) -> None:
        self.path = path
        self.manners = manners
        self.stopping = threading.Event()
        self._places = threading.BoundedSemaphore(at_once)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def ask_to_stop(self, _signal_number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Answers until `stopping` is set."""
        self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)
        self._listener.bind(str(self.path))
        # Who may enter the folder may ask; the visits run as another user.
        self.path.chmod(0o666)
        self._listener.listen(64)
        self._listener.settimeout(0.5)
        while not self.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _address = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()
        self.path.unlink(missing_ok=True)

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(_ORDER_SECONDS)
            order = _read_order(connection)
            if order is None:
                return
            with self._places:
                answer = self._look(order)
            connection.settimeout(_ORDER_SECONDS)
            connection.sendall(answer)

    def _look(self, order: dict[str, Any]) -> bytes:
        """What a child wrote, as far as it came; nothing where it could not be started."""
        manners = self.manners
        whole = {
            "url": order["url"],
            "words": order["words"],
            "agent": manners.agent,
            "ports": manners.ports,
            "refused": manners.refused,
            "let_through": manners.let_through,
        }
        # Twice at most is a server of names asked, and not for long.
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "RES_OPTIONS": "timeout:2 attempts:2"}
        environment |= {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        try:
            child = subprocess.run(
                [sys.executable, "-E", "-s", "-B", "-m", "review.visits.looking.worker"],
                input=json.dumps(whole).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env=environment,
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            return (error.stdout or b"")[:MOST_ANSWER_BYTES]
        return child.stdout[:MOST_ANSWER_BYTES]


def _read_order(connection: socket.socket) -> dict[str, Any] | None:
    """The order on a connection; None for one that is no order, such as that of somebody who asks whether it lives."""
    received = b""
    while b"\n" not in received and len(received) <= MOST_REQUEST_BYTES:
        more = connection.recv(65_536)
        if not more:
            break
        received += more
    line, newline, _rest = received.partition(b"\n")
    try:
        order = json.loads(line) if newline else None
    except ValueError:
        return None
    if not isinstance(order, dict) or not isinstance(order.get("url"), str):
        return None
    words = order.get("words")
    if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
        return None
    return order


def socket_path() -> Path:
    """Where the visitor listens, by the environment; below the folder of the installation where it says nothing."""
    given = os.environ.get(SOCKET, "").strip()
    folder = Path(os.environ.get("FILING_PORTAL_VAR_DIR", _ROOT / "var"))
    return Path(given) if given else folder / "visitor" / "socket"


def manners_of(environment: dict[str, str], *, let_through: Sequence[str] = ()) -> Manners:
    """Where to go and the name to go by, as the environment says."""
    address = environment.get("FILING_PORTAL_BASE_URL", "").strip()
    said = f"; +{address}" if address else ""
    ports = environment.get(PORTS, "").strip() or _DEFAULT_PORTS
    refused = environment.get(REFUSED, "").strip()
    return Manners(
        f"Mozilla/5.0 (compatible; FilingPortalVisitor/1.0{said})",
        tuple(int(port) for port in ports.split(",")),
        tuple(each.strip() for each in refused.split(",") if each.strip()),
        tuple(str(ipaddress.ip_network(each)) for each in let_through),
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def answers(path: Path) -> bool:
    """Whether a visitor listens there."""
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as asking:
        asking.settimeout(2)
        try:
            asking.connect(str(path))
        except OSError:
            return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Look at web addresses for who asks.")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="how many addresses at once")
    parser.add_argument(
        "--is-alive", action="store_true", help="exit with 1 unless a visitor listens; start none"
    )
    parser.add_argument(
        "--let-through",
        action="append",
        default=[],
        metavar="NETWORK",
        help="for tests alone: a network of this machine that may be asked as well",
    )
    given = parser.parse_args(arguments)
    path = socket_path()
    if given.is_alive:
        return 0 if answers(path) else 1
    problems = list(problems_of_visitor(os.environ))
    if len(os.fsencode(path)) > _LONGEST_PATH:
        problems.append(Problem(SOCKET, f"is longer than {_LONGEST_PATH} bytes: give a shorter path."))
    if problems:
        _say("\n".join(["The visitor does not start:", *map(str, problems)]))
        return 1
    visitor = Visitor(
        path, manners_of(dict(os.environ), let_through=given.let_through), at_once=given.at_once
    )
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, visitor.ask_to_stop)
    visitor.run()
    return 0


if __name__ == "__main__":
    status = main()
    # At once: a thread that waits for its child would be waited for.
    sys.stdout.flush()
    os._exit(status)
