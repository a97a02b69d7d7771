"""The cache that all processes of a production share, in Redis: Django's, with counters of requests in one step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import ConnectionPool, Redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import NoScriptError, RedisError

# The moments of the latest requests, newest first. Refused is who would have more than ARGV[1] within ARGV[2] seconds
# of the moment ARGV[3]; given is the moment that has to pass first. What is refused is not counted.
_COUNT = """
local oldest = redis.call('LINDEX', KEYS[1], ARGV[1] - 1)
if oldest and tonumber(oldest) > ARGV[3] - ARGV[2] then return oldest end
redis.call('LPUSH', KEYS[1], ARGV[3])
redis.call('LTRIM', KEYS[1], 0, ARGV[1] - 1)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return false
"""


_COUNT_NAME = hashlib.sha1(_COUNT.encode(), usedforsecurity=False).hexdigest()


class _KeptClients(RedisCacheClient):
    """Keeps the client of each server: to make one anew for every call takes longer than the call."""

    _get_connection_pool: Callable[[bool], ConnectionPool]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: dict[ConnectionPool, Redis] = {}

    def get_client(self, _key: Any = None, *, write: bool = False) -> Redis:
        pool = self._get_connection_pool(write)
        if pool not in self._kept:
            self._kept[pool] = Redis(connection_pool=pool)
        return self._kept[pool]

    @cached_property
    def counters(self) -> _CountingConnection:
        return _CountingConnection(self._get_connection_pool(True))


class _CountingConnection:
    """The one connection over which a thread counts requests.

    Every request waits for this step: to take a connection from the pool for it, which first listens whether the
    connection is still good, takes longer than the step. A lost one shows at the answer, and is asked again.
    """

    def __init__(self, pool: ConnectionPool) -> None:
        self._connection = pool.make_connection()
        self._owed: tuple[Any, ...] | None = None

    def ask(self, *asked: Any) -> Callable[[], float | None]:
        """Asks without waiting; gives what waits for the answer, and tells then what went wrong."""
        if self._owed is not None:
            # Whoever asked before has gone without the answer, which would be taken for this one. It is read all the
            # same: a connection cut before the server has read the question would leave a request uncounted.
            with suppress(OSError, RedisError):
                self._answer(self._owed)
        try:
            self._connection.send_command("EVALSHA", _COUNT_NAME, *asked)
        except (OSError, RedisError):
            return lambda: self._ask_anew(asked)
        self._owed = asked
        return lambda: self._answer(asked)

    def _answer(self, asked: tuple[Any, ...]) -> float | None:
        self._owed = None
        try:
            return _moment(self._connection.read_response())
        except (NoScriptError, ConnectionLost):
            return self._ask_anew(asked)

    def _ask_anew(self, asked: tuple[Any, ...]) -> float | None:
        self._connection.send_command("EVAL", _COUNT, *asked)
        return _moment(self._connection.read_response())


def _moment(oldest: Any) -> float | None:
    return None if oldest is None else float(oldest)


class SharedCache(RedisCache):
    """Django's cache in Redis, which counts requests as well."""

    _cache: _KeptClients

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClients

    def ask_to_count(self, key: str, *, most: int, seconds: int, now: float) -> Callable[[], float | None]:
        """Counts one request more under the key, unless there were `most` within the last `seconds` already.

        Nothing waits here: what is given waits for the answer, so that other work can be done meanwhile. The answer is
        the moment of the oldest of these, None where the request was counted. It is one step: two at the same time
        are both counted.
        """
        return self._cache.counters.ask(1, self.make_and_validate_key(key), most, seconds, repr(now))
