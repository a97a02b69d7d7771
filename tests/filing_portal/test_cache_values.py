"""What lies in Redis is JSON: reading it back never runs code."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.test import Client

_sprung: list[str] = []


def _spring(word: str) -> None:
    _sprung.append(word)


class _Trap:
    """An object whose unpickling calls a function, as an attacker would write it into Redis."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (_spring, ("sprung",))


def _stored() -> redis.Redis:
    return redis.Redis.from_url(str(settings.CACHES["default"]["LOCATION"]))


@pytest.mark.parametrize("value", [7, -1, True, None, 1.5, "样例", [1.25, 2.5], {"in_force": 3}])
def test_values_come_back_as_they_were(value: object) -> None:
    cache.set("value", value)
    assert cache.get("value", "missing") == value


def test_whole_numbers_are_counted_up_in_redis() -> None:
    cache.set("count", 1)
    assert cache.incr("count") == 2


def test_what_is_no_json_is_not_kept() -> None:
    with pytest.raises(TypeError):
        cache.set("value", Decimal("1.5"))


def test_a_pickle_in_redis_is_not_opened() -> None:
    pickle.loads(pickle.dumps(_Trap()))
    assert _sprung.pop() == "sprung"
    _stored().set(cache.make_key("value"), pickle.dumps(_Trap()))
    with pytest.raises(ValueError):
        cache.get("value")
    assert _sprung == []


@pytest.mark.django_db
def test_everything_that_the_public_pages_keep_is_json() -> None:
    client = Client()
    for address in ("/", "/filings/", "/api/v1/filings/?q=sample"):
        client.get(address)
    stored = _stored()
    keys = list(stored.scan_iter("test-cache:*"))
    assert len(keys) == 3
    # Counters of requests are lists of moments.
    kept = [
        value
        for key in keys
        for value in (stored.lrange(key, 0, -1) if stored.type(key) == b"list" else [stored.get(key)])
    ]
    assert len(kept) == 4
    for value in kept:
        assert isinstance(value, bytes)
        assert json.loads(value) is not None
