"""How long sessions last, what ends them, and what is kept of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.accounts.middleware import APPLICANT_IDLE, LONGEST_SESSION, OFFICER_IDLE
from registry.accounts.officers import change_office, set_active
from registry.accounts.sessions import SessionStore, stored_key
from registry.models import Account, AccountSession
from registry.rules.workflow.states import Role
from tests.registry.accounts.journey import EMAIL, MOBILE, PASSWORD, an_account, is_signed_in, sign_in

pytestmark = pytest.mark.django_db


def _officer() -> Account:
    return an_account(role=Role.PROVINCIAL_REVIEWER, province_code="110000")


def _administrator() -> Account:
    return an_account(mobile="19900000977", email="admin@example.com", role=Role.ADMINISTRATOR)


@pytest.mark.parametrize(("is_officer", "idle"), [(True, OFFICER_IDLE), (False, APPLICANT_IDLE)])
def test_a_session_ends_after_idle_time(client: Client, is_officer: bool, idle: timedelta) -> None:
    if is_officer:
        _officer()
    else:
        an_account()
    now = clock.now()
    with clock.stopped_at(now):
        sign_in(client, EMAIL)
    with clock.stopped_at(now + idle):
        assert is_signed_in(client)
    with clock.stopped_at(now + idle + idle):
        assert is_signed_in(client)
    with clock.stopped_at(now + idle * 3 + timedelta(minutes=1)):
        assert not is_signed_in(client)


def test_a_session_ends_after_eight_hours_however_busy(client: Client) -> None:
    an_account()
    now = clock.now()
    with clock.stopped_at(now):
        sign_in(client, MOBILE)
    for step in range(1, 24):
        with clock.stopped_at(now + timedelta(minutes=20 * step)):
            assert is_signed_in(client)
    with clock.stopped_at(now + LONGEST_SESSION):
        assert not is_signed_in(client)


def test_signing_out_ends_the_session_for_its_old_cookie(client: Client) -> None:
    an_account()
    sign_in(client, MOBILE)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("account_logout"))
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert not is_signed_in(client)


def test_changing_the_password_ends_every_other_session(client: Client) -> None:
    an_account()
    elsewhere = Client()
    sign_in(client, MOBILE)
    sign_in(elsewhere, EMAIL)
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "Another-lantern-43", "password2": "Another-lantern-43"},
    )
    assert response["Location"] == reverse("account_home")
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_closing_an_account_ends_its_sessions(client: Client) -> None:
    officer = _officer()
    sign_in(client, EMAIL)
    assert is_signed_in(client)
    set_active(officer.pk, is_active=False, reason="样例：写明理由", by=_administrator())
    assert not is_signed_in(client)


def test_a_change_of_role_ends_the_sessions(client: Client) -> None:
    officer = _officer()
    sign_in(client, EMAIL)
    change_office(
        officer.pk,
        role=Role.PROVINCIAL_HEAD,
        province_code="440000",
        reason="样例：写明理由",
        by=_administrator(),
    )
    assert not is_signed_in(client)


def test_a_session_gets_a_new_key_at_sign_in(client: Client) -> None:
    an_account()
    client.post(reverse("account_reset_password"), {"login": MOBILE})
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    sign_in(client, MOBILE)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_own_sessions_are_listed_and_one_can_be_ended(client: Client) -> None:
    an_account()
    elsewhere = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    sign_in(elsewhere, MOBILE)
    sign_in(client, MOBILE)
    page = client.get(reverse("account_sessions"))
    assert [(each["browser"], each["is_this"]) for each in page.context["sessions"]] == [
        ("", True),
        ("Firefox, Windows", False),
    ]
    client.post(reverse("account_end_session"), {"key": page.context["sessions"][1]["key"]})
    assert not is_signed_in(elsewhere)
    assert is_signed_in(client)


def test_nobody_ends_the_session_of_another(client: Client) -> None:
    an_account()
    an_account(mobile="19900000955", email="other@example.com")
    other = Client()
    sign_in(other, "19900000955")
    key = AccountSession.objects.get().session_key
    sign_in(client, MOBILE)
    client.post(reverse("account_end_session"), {"key": key})
    assert is_signed_in(other)


def test_the_table_holds_neither_the_key_nor_the_content_of_a_session() -> None:
    store = SessionStore()
    store["secret"] = "plain text"
    store.save()
    row = AccountSession.objects.get()
    assert row.session_key == stored_key(str(store.session_key))
    assert str(store.session_key) not in row.session_key
    assert "plain text" not in row.session_data
    assert SessionStore(store.session_key)["secret"] == "plain text"


def test_content_moved_to_another_session_is_not_read() -> None:
    first, second = SessionStore(), SessionStore()
    first["role"] = "head"
    first.save()
    second.save()
    content = AccountSession.objects.get(session_key=stored_key(str(first.session_key))).session_data
    AccountSession.objects.filter(session_key=stored_key(str(second.session_key))).update(
        session_data=content
    )
    assert "role" not in SessionStore(second.session_key)
