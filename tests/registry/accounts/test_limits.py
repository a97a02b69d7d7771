"""How many messages go out, and that nothing slips past the count."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry import clock
from registry.accounts import limits
from registry.accounts.limits import Limit, LimitReached, consume, forget_old, give_back
from registry.models import UseCounter
from tests.registry.accounts.journey import MOBILE, begin_sign_up, sms_to

MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_one_message_a_minute_and_five_a_day_reach_a_mobile() -> None:
    before = len(sms_to(MOBILE))
    now = clock.now()
    sent = []
    for minutes in (0, 0.5, 1, 2, 3, 4, 5, 60, 23 * 60):
        with clock.stopped_at(now + timedelta(minutes=minutes)):
            begin_sign_up(Client())
        sent.append(len(sms_to(MOBILE)) - before)
    assert sent == [1, 1, 2, 3, 4, 5, 5, 5, 5]
    with clock.stopped_at(now + timedelta(days=1, minutes=1)):
        begin_sign_up(Client())
    assert len(sms_to(MOBILE)) - before == 6


@pytest.mark.django_db
def test_the_page_says_when_a_message_was_refused(client: Client) -> None:
    begin_sign_up(client)
    response = begin_sign_up(Client())
    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == ["刚刚已发送过消息，请一分钟后再获取。"]


@pytest.mark.django_db
def test_messages_from_one_address_and_in_all_are_limited(settings: Settings) -> None:
    settings.CODES_PER_ADDRESS_PER_HOUR = 2
    settings.CODES_PER_DAY = 3
    statuses = [
        begin_sign_up(
            Client(REMOTE_ADDR=address),
            mobile=f"199000007{number:02d}",
            email=f"sample-{number}@example.com",
        ).status_code
        for number, address in enumerate(["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"])
    ]
    assert statuses == [302, 302, 200, 302, 200]


@pytest.mark.django_db
def test_a_counter_that_cannot_be_written_lets_nothing_through(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(limits, "_locked", fail)
    before = len(sms_to(MOBILE))
    with pytest.raises(DatabaseError):
        client.post(reverse("account_sign_in_by_code"), {"mobile": MOBILE})
    assert len(sms_to(MOBILE)) == before


@pytest.mark.django_db
def test_a_use_counts_against_every_limit_or_against_none() -> None:
    wide, narrow = Limit("wide", "a", 5, MINUTE), Limit("narrow", "a", 1, MINUTE)
    consume([wide, narrow])
    with pytest.raises(LimitReached) as refusal:
        consume([wide, narrow])
    assert refusal.value.facts["scope"] == "narrow"
    assert UseCounter.objects.get(scope="wide").uses == 1


@pytest.mark.django_db
def test_a_use_can_be_given_back() -> None:
    limit = Limit("test", "a", 1, MINUTE)
    consume([limit])
    give_back([limit])
    consume([limit])
    assert UseCounter.objects.get(scope="test").uses == 1


@pytest.mark.django_db
def test_counters_name_nobody_and_are_forgotten() -> None:
    consume([Limit("test", "+8619900000901", 1, MINUTE)])
    assert "19900000901" not in UseCounter.objects.get().subject
    assert forget_old(at=clock.now() + timedelta(days=1)) == 0
    assert forget_old(at=clock.now() + timedelta(days=3)) == 1


def _uses(attempts: int, attempt: Callable[[], bool]) -> int:
    def once(_number: int) -> bool:
        try:
            return attempt()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        return sum(pool.map(once, range(attempts)))


def _unlocked_use(limit: Limit) -> bool:
    """The same count without the lock, as one would write it who does not know better."""
    counter, _made = UseCounter.objects.get_or_create(
        scope=limit.scope, subject=limit.subject_index, defaults={"window_opened_at": clock.now()}
    )
    if counter.uses >= limit.uses:
        return False
    counter.uses += 1
    counter.save()
    return True


def _locked_use(limit: Limit) -> bool:
    try:
        consume([limit])
    except LimitReached:
        return False
    return True


@pytest.mark.django_db(transaction=True)
def test_fifty_requests_at_once_do_not_pass_a_limit_of_five() -> None:
    loose = Limit("loose", "a", 5, MINUTE)
    assert _uses(50, lambda: _unlocked_use(loose)) > 5
    strict = Limit("strict", "a", 5, MINUTE)
    assert _uses(50, lambda: _locked_use(strict)) == 5
