"""A throw-away Redis server on a random port."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.services.processes import OwnedProcess, find_program, free_port

DATABASES = 64


class RedisServer:
    """One server that keeps nothing on disk."""

    def __init__(self, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.directory = Path()
        self.process: OwnedProcess | None = None
        self.program = find_program("redis-server", package="redis-server")

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        if self.directory == Path():
            self.directory = Path(tempfile.mkdtemp(prefix="filing-portal-redis-"))
        self.process = OwnedProcess(
            [
                self.program,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--databases",
                str(DATABASES),
                "--dir",
                str(self.directory),
            ],
            log=self.directory / "server.log",
        )
        self.process.wait_until(self._answers, seconds=20, what="Redis")

    def kill(self) -> None:
        """Ends the server as a crash would, and everything in it; `start` brings an empty one back."""
        if self.process is not None:
            self.process.kill()

    def stop(self) -> None:
        """Ends the server and removes its directory."""
        if self.process is not None:
            self.process.stop(seconds=5)
            self.process = None
        shutil.rmtree(self.directory, ignore_errors=True)

    def _answers(self) -> bool:
        client = Redis(port=self.port, socket_connect_timeout=1)
        try:
            return bool(client.ping())
        except RedisError:
            return False
        finally:
            client.close()
