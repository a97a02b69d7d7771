"""Attempts to sign in are counted in the database, exactly, and whether or not there is a cache."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from axes.utils import reset
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django.fixtures import Settings
from redis.exceptions import RedisError

from registry import clock
from registry.accounts import adapter, backends
from registry.accounts.limits import Limit
from registry.models import Account
from tests.registry.accounts.journey import (
    EMAIL,
    MOBILE,
    PASSWORD,
    an_account,
    begin_sign_up,
    enter_codes,
    is_signed_in,
    set_up_second_factor,
    sign_in,
    sms_code,
    totp,
)

WRONG = "Not-the-lantern-7"
_NOBODY_LISTENS = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
}


@pytest.fixture
def _without_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    with override_settings(CACHES=_NOBODY_LISTENS):
        with pytest.raises(RedisError):
            cache.get("anything")
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("_without_cache")
def test_signing_in_with_both_factors_needs_no_cache(client: Client) -> None:
    an_account()
    sign_in(client, MOBILE, WRONG)
    sign_in(client, MOBILE)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = set_up_second_factor(client)
    other = Client()
    sign_in(other, EMAIL)
    other.post(reverse("mfa_authenticate"), {"code": totp(secret)})
    assert is_signed_in(other)


@pytest.mark.django_db
@pytest.mark.usefixtures("_without_cache")
def test_opening_an_account_and_changing_its_password_need_no_cache(client: Client) -> None:
    assert begin_sign_up(client).status_code == 302
    enter_codes(client, mobile_code=sms_code(MOBILE))
    an_account(mobile="19900000902", email="another@example.com")
    sign_in(client, "19900000902")
    changed = {"oldpassword": PASSWORD, "password1": "Another-lantern-43", "password2": "Another-lantern-43"}
    assert client.post(reverse("account_change_password"), changed)["Location"] == reverse("account_home")


@pytest.mark.django_db
def test_forms_from_one_address_are_limited_right_or_wrong(settings: Settings) -> None:
    settings.SIGN_INS_PER_ADDRESS_PER_MINUTE = 2
    settings.SIGN_UPS_PER_ADDRESS_PER_MINUTE = 1
    an_account()
    now = clock.now()
    with clock.stopped_at(now):
        signed_in = [sign_in(Client(), MOBILE).status_code for _ in range(3)]
        signed_up = [begin_sign_up(Client(), mobile="19900000903").status_code for _ in range(2)]
        assert (signed_in, signed_up) == ([302, 302, 429], [302, 429])
        assert sign_in(Client(REMOTE_ADDR="192.0.2.9"), MOBILE).status_code == 302
    with clock.stopped_at(now + timedelta(minutes=1)):
        assert sign_in(Client(), MOBILE).status_code == 302


@pytest.mark.django_db
def test_a_visitor_with_ipv6_is_counted_by_the_network(settings: Settings) -> None:
    settings.SIGN_INS_PER_ADDRESS_PER_MINUTE = 2
    an_account()
    neighbours = ("2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:1:ffff::3", "2001:db8:1:2::1")
    answers = [sign_in(Client(REMOTE_ADDR=address), MOBILE).status_code for address in neighbours]
    assert answers == [302, 302, 429, 302]


def _passwords_looked_at(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of twenty wrong passwords that are sent at once are held against the right one."""
    looked_at: list[str] = []

    def look(_account: Account, password: str) -> bool:
        looked_at.append(password)
        time.sleep(0.5)
        return False

    def send(number: int) -> None:
        try:
            sign_in(Client(REMOTE_ADDR=f"192.0.2.{number + 1}"), MOBILE, f"{WRONG}{number}")
        finally:
            connection.close()

    with monkeypatch.context() as patch:
        patch.setattr(Account, "check_password", look)
        with ThreadPoolExecutor(max_workers=20) as pool:
            list(pool.map(send, range(20)))
    return len(looked_at)


@pytest.mark.django_db(transaction=True)
def test_twenty_wrong_passwords_at_once_are_not_more_than_five_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    an_account()
    with monkeypatch.context() as patch:
        # Failures that are counted when they have happened come too late.
        patch.setattr(adapter, "password_limit", lambda key: Limit("loose", key, 100, timedelta(minutes=1)))
        assert _passwords_looked_at(monkeypatch) > backends.ATTEMPTS
    reset()
    assert _passwords_looked_at(monkeypatch) == backends.ATTEMPTS
    assert sign_in(Client(), MOBILE).status_code == 429


@pytest.mark.django_db
@pytest.mark.parametrize("login", [MOBILE, "19900000999"])
def test_a_locked_out_account_is_answered_alike_without_django_axes(login: str) -> None:
    an_account()
    with override_settings(AXES_FAILURE_LIMIT=100):
        statuses = [sign_in(Client(), login, WRONG).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
