"""A text message gateway and a mail server on this machine, each of which can answer, refuse, hang or lose."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mode(StrEnum):
    ANSWERS = "answers"
    REFUSES = "refuses"
    HANGS = "hangs"
    LOSES = "accepts and loses"


@dataclass
class Gateway:
    """`taken` are the texts it took over, whatever it said about them afterwards; `tries` how often it was met."""

    mode: Mode = Mode.ANSWERS
    taken: list[str] = field(default_factory=list)
    tries: int = 0
    port: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def hang(self) -> None:
        self.closing.wait(5)


@contextmanager
def sms_gateway() -> Iterator[Gateway]:
    """An HTTP gateway of the shape that settings.SMS_GATEWAY describes."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            gateway.tries += 1
            if gateway.mode is Mode.HANGS:
                gateway.hang()
                return
            if gateway.mode is Mode.REFUSES:
                self._answer({"code": "LIMIT"})
                return
            gateway.taken.append(body["text"])
            if gateway.mode is Mode.ANSWERS:
                self._answer({"code": "OK", "id": "sample-1"})

        def _answer(self, content: dict[str, str]) -> None:
            sent = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_args: Any) -> None:
            pass

    with _served(ThreadingHTTPServer(("127.0.0.1", 0), Handler), gateway):
        yield gateway


@contextmanager
def mail_server() -> Iterator[Gateway]:
    """A mail server that speaks just enough SMTP."""
    gateway = Gateway()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            gateway.tries += 1
            if gateway.mode is Mode.HANGS:
                gateway.hang()
                return
            self._say("220 sample ESMTP")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    self._say("354 go on")
                    gateway.taken.append(self._read_message())
                    if gateway.mode is Mode.LOSES:
                        return
                    self._say("250 taken over")
                elif verb == "RCPT" and gateway.mode is Mode.REFUSES:
                    self._say("550 no such mailbox")
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _read_message(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                lines.append(line)
            return "".join(lines)

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with _served(Server(("127.0.0.1", 0), Handler), gateway):
        yield gateway


@contextmanager
def _served(server: socketserver.TCPServer, gateway: Gateway) -> Iterator[None]:
    gateway.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        gateway.closing.set()
        server.shutdown()
        server.server_close()
