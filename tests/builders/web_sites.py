"""Web sites on this machine that behave as a test wants: each answers a connection as it likes, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Answers one connection after its request was read; the path is that of the request.
Manner = Callable[[socket.socket, str], None]


class Site:
    """A listening site; `paths` are the requests that came, in order, `heads` all that was sent with them."""

    def __init__(
        self, manner: Manner, *, host: str = "127.0.0.1", context: ssl.SSLContext | None = None
    ) -> None:
        self.manner = manner
        self.context = context
        self.paths: list[str] = []
        self.heads: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        self._listener.bind((host, 0))
        self._listener.listen(64)
        self.host = host
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", *, scheme: str = "http", host: str | None = None) -> str:
        """The address of a page of this site."""
        named = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{scheme}://{named}:{self.port}{path}"

    def close(self) -> None:
        # Closing alone would let the thread go on that waits for the next connection.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            with contextlib.suppress(OSError):
                if self.context is not None:
                    connection = self.context.wrap_socket(connection, server_side=True)
                head = b""
                # A plain server answers a greeting of TLS as it would any nonsense.
                while (
                    b"\r\n\r\n" not in head
                    and not head.startswith(b"\x16")
                    and (more := connection.recv(65_536))
                ):
                    head += more
                text = head.decode("latin-1")
                path = [*text.split(" "), ""][1]
                self.paths.append(path)
                self.heads.append(text)
                self.manner(connection, path)
        finally:
            with contextlib.suppress(OSError):
                connection.close()
            with self._lock:
                self.at_once -= 1


@contextmanager
def site(manner: Manner, *, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that is there while the block runs."""
    made = Site(manner, host=host, context=context)
    try:
        yield made
    finally:
        made.close()


def answer(body: bytes, *, status: str = "200 OK", headers: str = "Content-Type: text/html\r\n") -> bytes:
    """An answer with its length."""
    return (
        f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )


def says(body: bytes, *, status: str = "200 OK", headers: str = "Content-Type: text/html\r\n") -> Manner:
    """Answers every request with this page."""
    return lambda connection, _path: connection.sendall(answer(body, status=status, headers=headers))


def sends_on(to: str, *, status: str = "302 Found") -> Manner:
    """Sends every request on."""
    return says(b"", status=status, headers=f"Location: {to}\r\n")


def hangs(seconds: float) -> Manner:
    """Takes the request and says nothing for so long."""
    return lambda _connection, _path: time.sleep(seconds)


def certificate(directory: Path, *, name: str, days: int = 30) -> ssl.SSLContext:
    """A context with a certificate that nobody but itself has issued."""
    key, made = directory / f"{name}.key", directory / f"{name}.pem"
    made_with = (
        f"req -x509 -newkey rsa:2048 -nodes -days {days} -subj /CN={name} -addext subjectAltName=DNS:{name}"
    )
    subprocess.run(
        ["openssl", *made_with.split(), "-keyout", str(key), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context
