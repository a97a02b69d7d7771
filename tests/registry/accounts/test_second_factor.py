"""The second factor cannot be guessed: few tries for an account, counted in the database."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from fido2.utils import websafe_encode
from fido2.webauthn import AuthenticatorData, CollectedClientData

from registry import clock
from registry.accounts import second_factor
from registry.models import Account
from tests.access.passkeys import add_passkey
from tests.registry.accounts.journey import (
    MOBILE,
    PASSWORD,
    an_account,
    is_signed_in,
    set_up_second_factor,
    sign_in,
    totp,
)

WRONG = "000000"
REFUSED = ["尝试次数过多，请十五分钟后再试。"]


def _account_with_app() -> tuple[Account, str]:
    """An account and the secret of its authenticator app."""
    account, owner = an_account(), Client()
    sign_in(owner, MOBILE)
    owner.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return account, set_up_second_factor(owner)


def _at_second_factor() -> Client:
    """Somebody who knows the password."""
    client = Client()
    sign_in(client, MOBILE)
    return client


def _send(client: Client, code: str, *, to: str = "mfa_authenticate") -> list[str]:
    """Sends a code; gives what the page says about it."""
    page = client.post(reverse(to), {"code": code})
    return list(page.context["form"].errors.get("code", [])) if page.status_code == 200 else []


@pytest.mark.django_db
def test_five_wrong_codes_close_the_second_factor_for_a_quarter_of_an_hour() -> None:
    _account, secret = _account_with_app()
    now = clock.now()
    with clock.stopped_at(now):
        answers = [_send(_at_second_factor(), WRONG) for _ in range(6)]
        assert [answer == REFUSED for answer in answers] == [False] * 5 + [True]
        other = _at_second_factor()
        assert _send(other, totp(secret)) == REFUSED
        assert not is_signed_in(other)
    with clock.stopped_at(now + timedelta(minutes=15)):
        other = _at_second_factor()
        _send(other, totp(secret))
        assert is_signed_in(other)


@pytest.mark.django_db
def test_recovery_codes_and_the_confirmation_share_the_count() -> None:
    _account_with_app()
    owner, recovery = Client(), "12345678"
    sign_in(owner, MOBILE)
    for _ in range(3):
        _send(owner, recovery)
    confirming = Client()
    confirming.force_login(Account.objects.get(), backend="registry.accounts.backends.AccountBackend")
    answers = [_send(confirming, WRONG, to="mfa_reauthenticate") for _ in range(3)]
    assert [answer == REFUSED for answer in answers] == [False, False, True]


@pytest.mark.django_db
def test_security_keys_share_the_count() -> None:
    account, _secret = _account_with_app()
    add_passkey(account)
    client = _at_second_factor()
    client.get(reverse("mfa_authenticate"))
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"credential": json.dumps(_forged(account))})
    assert _send(client, WRONG) == REFUSED


def _forged(account: Account) -> dict[str, object]:
    """A well-formed answer of the account's key that nobody signed."""
    seen = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.UP, 0)
    collected = CollectedClientData.create("webauthn.get", bytes(32), "http://testserver")
    identifier = websafe_encode(account.pk.bytes)
    return {
        "id": identifier,
        "rawId": identifier,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(bytes(collected)),
            "authenticatorData": websafe_encode(bytes(seen)),
            "signature": websafe_encode(b"nobody"),
        },
        "clientExtensionResults": {},
    }


@pytest.mark.django_db
def test_a_right_code_forgets_wrong_ones() -> None:
    _account, secret = _account_with_app()
    first = _at_second_factor()
    for code in (*[WRONG] * 4, totp(secret)):
        _send(first, code)
    assert is_signed_in(first)
    assert REFUSED not in [_send(_at_second_factor(), WRONG) for _ in range(5)]


@pytest.mark.django_db
def test_a_code_that_was_seen_over_the_shoulder_is_used_up() -> None:
    _account, secret = _account_with_app()
    code = totp(secret)
    now = clock.now()
    with clock.stopped_at(now):
        _send(_at_second_factor(), code)
    cache.clear()
    with clock.stopped_at(now + timedelta(seconds=40)):
        other = _at_second_factor()
        _send(other, code)
        assert not is_signed_in(other)


@pytest.mark.django_db(transaction=True)
def test_twenty_codes_at_once_are_not_more_than_five_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    _account_with_app()
    looked_at: list[str] = []

    def look(_authenticator: object, code: str) -> bool:
        looked_at.append(code)
        return False

    monkeypatch.setattr(second_factor, "_is_valid_code", look)
    clients = [_at_second_factor() for _ in range(20)]
    codes = [f"{number:06d}" for number in range(20)]

    def send(position: int) -> None:
        try:
            _send(clients[position], codes[position])
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=20) as pool:
        list(pool.map(send, range(20)))
    # Each is held against the app and against the recovery codes.
    assert len(set(looked_at)) == 5
    assert len(looked_at) == 10
