"""The cache that all processes of a production share, in Redis: Django's, with counters of requests in one call."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

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


class _KeptClients(RedisCacheClient):  # type: ignore[misc]
    """Keeps the client of each server: to make one anew for every call takes longer than the call."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: dict[Any, Any] = {}
        self._count: Any = None

    def get_client(self, _key: str | None = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)
        if pool not in self._kept:
            self._kept[pool] = self._client(connection_pool=pool)
        return self._kept[pool]

    def count(self, key: str, *, most: int, seconds: int, now: float) -> float | None:
        if self._count is None:
            self._count = self.get_client(key, write=True).register_script(_COUNT)
        held_back_by = self._count(keys=[key], args=[most, seconds, repr(now)])
        return None if held_back_by is None else float(held_back_by)


class SharedCache(RedisCache):  # type: ignore[misc]
    """Django's cache in Redis, which counts requests as well."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClients

    def count(self, key: str, *, most: int, seconds: int, now: float) -> float | None:
        """Counts one request more under the key, unless there were `most` within the last `seconds` already.

        Then it gives the moment of the oldest of these. It is one step: two at the same time are both counted.
        """
        made: str = self.make_and_validate_key(key)
        moment: float | None = self._cache.count(made, most=most, seconds=seconds, now=now)
        return moment
