"""The cache that all processes of a production share, in Redis: Django's, with counters of requests in one call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import ConnectionPool, Redis
from redis.exceptions import NoScriptError

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

    def count(self, key: str, *, most: int, seconds: int, now: float) -> float | None:
        # Every request waits for this one: a client takes twice as long about it as the pool itself.
        pool, asked = self._get_connection_pool(True), (1, key, most, seconds, repr(now))
        connection = pool.get_connection()
        try:
            connection.send_command("EVALSHA", _COUNT_NAME, *asked)
            try:
                oldest = connection.read_response()
            except NoScriptError:
                connection.send_command("EVAL", _COUNT, *asked)
                oldest = connection.read_response()
        finally:
            pool.release(connection)
        return None if oldest is None else float(oldest)


class SharedCache(RedisCache):
    """Django's cache in Redis, which counts requests as well."""

    _cache: _KeptClients

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClients

    def count(self, key: str, *, most: int, seconds: int, now: float) -> float | None:
        """Counts one request more under the key, unless there were `most` within the last `seconds` already.

        Then it gives the moment of the oldest of these. It is one step: two at the same time are both counted.
        """
        return self._cache.count(self.make_and_validate_key(key), most=most, seconds=seconds, now=now)
