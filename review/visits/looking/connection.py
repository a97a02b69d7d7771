"""A connection to a web server: the name is looked up once, its address checked, and that address connected to."""

from __future__ import annotations

import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from review.visits.looking.guard import Address, Rules, Target, is_reserved
from review.visits.looking.limits import CONNECT_SECONDS, MOST_ADDRESSES, MOST_WIRE_BYTES, NAME_SECONDS
from review.visits.looking.problems import NoAnswer

# The addresses of a host name, as the system knows them. Raises OSError.
Resolver = Callable[[str, int], Sequence[str]]

# What OpenSSL says of a certificate that it does not accept.
_CERTIFICATE_FAULTS = {
    9: "tls_not_yet_valid",
    10: "tls_expired",
    18: "tls_self_signed",
    19: "tls_self_signed",
    20: "tls_issuer_unknown",
    21: "tls_issuer_unknown",
    62: "tls_other_name",
    64: "tls_other_name",
}


class Deadline:
    """The moment by which a look has to end."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        return self._ends_at - time.monotonic()

    def within(self, seconds: float) -> float:
        """So many seconds, or what is left if that is less. Raises NoAnswer("too_slow") when nothing is left."""
        left = min(seconds, self.seconds_left)
        if left <= 0:
            raise NoAnswer("too_slow")
        return left


def addresses_of(host: str, port: int) -> Sequence[str]:
    """The addresses that the system's look-up gives for a name, each once and in its order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(
    target: Target, *, rules: Rules, resolve: Resolver, deadline: Deadline
) -> list[Address]:
    """The addresses of the target that may be connected to. Raises NoAnswer."""
    try:
        found: list[Address] = [ipaddress.ip_address(target.host)]
    except ValueError:
        if is_reserved(target.host) and not rules.let_through:
            raise NoAnswer("name_unknown") from None
        found = [_read_address(each) for each in _resolved(target, resolve, deadline)]
    allowed = [each for each in found if rules.may_connect(each)]
    if not allowed:
        raise NoAnswer("address_refused" if found else "name_unknown")
    return allowed[:MOST_ADDRESSES]


def connect(address: Address, target: Target, *, deadline: Deadline) -> socket.socket:
    """A connection to this very address, with TLS where the target asks for it. Raises NoAnswer."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    plain = socket.socket(family, socket.SOCK_STREAM)
    try:
        plain.settimeout(deadline.within(CONNECT_SECONDS))
        plain.connect((str(address), target.port))
        if target.scheme == "http":
            return plain
        context = ssl.create_default_context()
        plain.settimeout(deadline.within(CONNECT_SECONDS))
        return context.wrap_socket(plain, server_hostname=target.host)
    except BaseException as error:
        plain.close()
        if isinstance(error, OSError):
            raise NoAnswer(_code_of(error)) from None
        raise


def read_through(connection: socket.socket, deadline: Deadline) -> Wire:
    """The answer on a connection, of which every read ends by the deadline and all of which has a limit."""
    return Wire(connection, deadline)


class _HasMakefile(Protocol):
    def makefile(self, mode: str) -> io.BufferedReader: ...


class Wire(_HasMakefile):
    """What `http.client` reads an answer from, in the place of a socket."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self.reader = _Reader(connection, deadline)

    @property
    def is_cut(self) -> bool:
        """Whether more came than is read."""
        return self.reader.is_cut

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002
        """A buffered reader of the bytes."""
        return io.BufferedReader(self.reader)


class _Reader(io.RawIOBase):
    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline
        self._left = MOST_WIRE_BYTES
        self.is_cut = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._left <= 0:
            self.is_cut = True
            return 0
        self._connection.settimeout(self._deadline.within(self._deadline.seconds_left))
        try:
            received = self._connection.recv_into(buffer, min(len(buffer), self._left))
        except OSError as error:
            raise NoAnswer(_code_of(error)) from None
        self._left -= received
        return received


def _resolved(target: Target, resolve: Resolver, deadline: Deadline) -> Sequence[str]:
    """The look-up in a thread of its own: the system's waits as long as it likes."""
    found: list[Sequence[str]] = []

    def look_up() -> None:
        try:
            found.append(resolve(target.host, target.port))
        except (OSError, UnicodeError):
            found.append(())

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(deadline.within(NAME_SECONDS))
    if not found:
        raise NoAnswer("name_too_slow")
    return found[0]


def _read_address(text: str) -> Address:
    """An address without its zone, which only means something within a machine."""
    return ipaddress.ip_address(text.partition("%")[0])


def _code_of(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE_FAULTS.get(error.verify_code, "tls_certificate")
    if isinstance(error, TimeoutError):
        return "too_slow"
    if isinstance(error, ssl.SSLError):
        return "tls_failed"
    if isinstance(error, ConnectionRefusedError):
        return "connection_refused"
    if isinstance(error, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return "broke_off"
    return "unreachable"
