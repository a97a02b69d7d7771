"""The cache that processes share counts requests in one step, as the framework does on any other cache."""

from __future__ import annotations

import threading

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from registry.gateways.shared_cache import SharedCache
from registry.public.limits import AddressThrottle

NOON = 1_800_000_000.25


pytestmark = pytest.mark.usefixtures("broker")


@pytest.fixture
def shared(broker: None) -> SharedCache:
    cache = caches["default"]
    if not isinstance(cache, SharedCache):
        pytest.skip("These tests need Redis.")
    cache.clear()
    return cache


def count(shared: SharedCache, now: float, *, key: str = "counted") -> float | None:
    return shared.ask_to_count(key, most=3, seconds=60, now=now)()


def test_as_many_as_are_allowed_within_the_time(shared: SharedCache) -> None:
    assert [count(shared, NOON + second) for second in (0, 10, 20)] == [None] * 3
    # What is refused names the moment that has to pass, and is not counted.
    assert [count(shared, NOON + second) for second in (30, 59.75)] == [NOON, NOON]
    assert count(shared, NOON + 60) is None
    assert count(shared, NOON + 60) == NOON + 10
    assert count(shared, NOON, key="another") is None


def test_nothing_is_kept_longer_than_it_counts(shared: SharedCache) -> None:
    count(shared, NOON)
    key = shared.make_key("counted")
    client = shared._cache.get_client(key)
    assert 0 < int(client.ttl(key)) <= 60
    assert client is shared._cache.get_client(key, write=True)


def test_the_step_is_known_again_to_a_server_that_forgot_it(shared: SharedCache) -> None:
    count(shared, NOON)
    shared._cache.get_client(write=True).script_flush()
    assert count(shared, NOON + 1) is None


def test_a_lost_connection_is_asked_again(shared: SharedCache) -> None:
    count(shared, NOON)
    client = shared._cache.get_client(write=True)
    # Only this cache's: other tests use other databases of the same server at the same time.
    own = str(client.connection_pool.connection_kwargs["db"])
    for connection in client.client_list():
        if connection["db"] == own:
            client.client_kill_filter(_id=connection["id"], skipme=True)
    assert [count(shared, NOON + second) for second in (1, 2, 3)] == [None, None, NOON]


def test_what_nobody_waited_for_is_counted_even_by_a_server_that_forgot_the_step(shared: SharedCache) -> None:
    shared._cache.get_client(write=True).script_flush()
    for second in (0, 1, 2):
        shared.ask_to_count("forgotten", most=3, seconds=60, now=NOON + second)
    assert count(shared, NOON + 3, key="forgotten") == NOON


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next(shared: SharedCache) -> None:
    for second in (0, 1, 2):
        shared.ask_to_count("forgotten", most=3, seconds=60, now=NOON + second)
    assert count(shared, NOON + 3, key="forgotten") == NOON
    assert count(shared, NOON + 3, key="another") is None


def test_nobody_is_refused_while_the_counters_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
    away = SharedCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr("registry.public.limits.caches", {"default": away})
    assert AddressThrottle().allow_request(RequestFactory().get("/"), None)


def test_two_at_the_same_time_are_both_counted(shared: SharedCache) -> None:
    admitted: list[bool] = []

    def ask() -> None:
        own = caches["default"]
        assert isinstance(own, SharedCache)
        admitted.extend(
            own.ask_to_count("hurry", most=10, seconds=60, now=NOON + each)() is None for each in range(10)
        )

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (len(admitted), sum(admitted)) == (40, 10)


def test_it_refuses_when_the_framework_would_and_says_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "2/min"})
    for second, is_admitted in ((0, True), (20, True), (59, False), (60, True), (70, False)):
        monkeypatch.setattr(AddressThrottle, "timer", lambda _self, at=NOON + second: at)
        throttle = AddressThrottle()
        assert throttle.allow_request(RequestFactory().get("/"), None) is is_admitted
        if not is_admitted:
            assert throttle.wait() == {59: 1, 70: 10}[second]


def test_a_request_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "1/min"})
    request = RequestFactory(REMOTE_ADDR="203.0.113.7").get("/")
    assert [AddressThrottle().allow_request(request, None) for _time in range(3)] == [True] * 3
    assert not AddressThrottle().allow_request(RequestFactory(REMOTE_ADDR="203.0.113.7").get("/"), None)
