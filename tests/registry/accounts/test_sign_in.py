"""Signing in, being locked out, and coming back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry import clock
from registry.models import AccountSession
from registry.rules.workflow.states import Role
from tests.registry.accounts.journey import (
    EMAIL,
    MOBILE,
    PASSWORD,
    an_account,
    enter_code,
    is_signed_in,
    mail_code,
    mails_to,
    sign_in,
    sms_code,
    sms_to,
)

pytestmark = pytest.mark.django_db
WRONG = "Not-the-lantern-7"


def test_a_known_and_an_unknown_name_get_the_same_answer(client: Client) -> None:
    an_account()
    known = sign_in(client, MOBILE, WRONG)
    unknown = sign_in(client, "19900000999", WRONG)
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors


@pytest.mark.parametrize("login", [MOBILE, "19900000999"])
def test_the_fifth_wrong_password_locks_the_account_known_or_not(client: Client, login: str) -> None:
    an_account()
    statuses = [sign_in(client, login, WRONG).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert sign_in(Client(), login, PASSWORD).status_code == 429


def test_mobile_and_email_share_one_count() -> None:
    an_account()
    one, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    for login in (MOBILE, EMAIL, MOBILE, EMAIL, MOBILE):
        sign_in(one, login, WRONG)
    assert sign_in(other, EMAIL, PASSWORD).status_code == 429


def test_a_right_password_forgets_wrong_ones(client: Client) -> None:
    an_account()
    for _ in range(4):
        sign_in(client, MOBILE, WRONG)
    sign_in(client, MOBILE)
    assert is_signed_in(client)
    other = Client()
    assert [sign_in(other, MOBILE, WRONG).status_code for _ in range(4)] == [200] * 4


def test_one_address_may_fail_only_so_often(client: Client, settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    an_account()
    for number in range(3):
        sign_in(client, f"1990000080{number}", WRONG)
    sign_in(client, MOBILE)
    assert not is_signed_in(client)
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    sign_in(elsewhere, MOBILE)
    assert is_signed_in(elsewhere)


def test_a_locked_account_comes_back_with_a_code_by_sms(client: Client) -> None:
    an_account()
    for _ in range(5):
        sign_in(client, MOBILE, WRONG)
    assert sign_in(client, MOBILE).status_code == 429
    client.post(reverse("account_reset_password"), {"login": MOBILE})
    assert enter_code(client, sms_code(MOBILE))["Location"] == reverse("account_choose_password")
    chosen = {"password1": "Another-lantern-43", "password2": "Another-lantern-43"}
    assert client.post(reverse("account_choose_password"), chosen)["Location"] == reverse("account_login")
    sign_in(client, MOBILE, "Another-lantern-43")
    assert is_signed_in(client)


def test_a_code_by_mail_chooses_a_new_password_and_ends_every_session(client: Client) -> None:
    account = an_account()
    elsewhere = Client()
    sign_in(elsewhere, MOBILE)
    assert AccountSession.objects.filter(account=account).count() == 1
    client.post(reverse("account_reset_password"), {"login": EMAIL})
    enter_code(client, mail_code(EMAIL))
    chosen = {"password1": "Another-lantern-43", "password2": "Another-lantern-43"}
    client.post(reverse("account_choose_password"), chosen)
    assert not is_signed_in(elsewhere)
    assert [message.subject for message in mails_to(EMAIL)][-1] == "您的密码已修改"


def test_a_new_password_cannot_be_chosen_without_a_code(client: Client) -> None:
    an_account()
    assert client.get(reverse("account_choose_password"))["Location"] == reverse("account_reset_password")
    client.post(reverse("account_reset_password"), {"login": MOBILE})
    assert client.get(reverse("account_choose_password"))["Location"] == reverse("account_reset_password")


def test_asking_for_a_code_tells_nothing_about_accounts(client: Client) -> None:
    an_account()
    unknown = Client()
    answers = [
        client.post(reverse("account_reset_password"), {"login": MOBILE}),
        unknown.post(reverse("account_reset_password"), {"login": "19900000998"}),
    ]
    assert answers[0]["Location"] == answers[1]["Location"] == reverse("account_confirm_code")
    assert sms_to("19900000998")[-1]["template"] == "no_account"
    assert enter_code(unknown, "123456").status_code == 200


def test_a_code_by_sms_signs_in(client: Client) -> None:
    an_account()
    client.post(reverse("account_sign_in_by_code"), {"mobile": MOBILE})
    enter_code(client, sms_code(MOBILE))
    assert is_signed_in(client)


def test_a_code_is_good_for_ten_minutes(client: Client) -> None:
    an_account()
    now = clock.now()
    with clock.stopped_at(now):
        client.post(reverse("account_sign_in_by_code"), {"mobile": MOBILE})
    with clock.stopped_at(now + timedelta(minutes=10)):
        assert enter_code(client, sms_code(MOBILE))["Location"] == reverse("account_login")
    assert not is_signed_in(client)


def test_another_code_voids_the_one_before(client: Client) -> None:
    an_account()
    now = clock.now()
    with clock.stopped_at(now):
        client.post(reverse("account_sign_in_by_code"), {"mobile": MOBILE})
        first = sms_code(MOBILE)
    with clock.stopped_at(now + timedelta(seconds=61)):
        client.post(reverse("account_confirm_code"), {"action": "resend"})
        second = sms_code(MOBILE)
        if first != second:
            assert enter_code(client, first).status_code == 200
        enter_code(client, second)
        assert is_signed_in(client)


@pytest.mark.parametrize(
    ("role", "province", "room"),
    [
        (Role.APPLICANT, "", "applicants:dashboard"),
        (Role.PROVINCIAL_REVIEWER, "110000", "review:queue"),
        (Role.NATIONAL_HEAD, "", "review:overview"),
        (Role.PROVINCIAL_HEAD, "110000", "review:overview"),
        (Role.ADMINISTRATOR, "", "office:lists"),
        (Role.AUDITOR, "", "office:events"),
    ],
)
def test_signing_in_leads_to_the_room_of_the_role(
    client: Client, role: Role, province: str, room: str
) -> None:
    an_account(role=role, province_code=province)
    assert sign_in(client, EMAIL)["Location"] == reverse(room)


def test_signing_in_leads_back_to_the_page_that_asked_for_it(client: Client) -> None:
    an_account()
    asked = client.get(reverse("account_sessions"))
    response = client.post(asked["Location"], {"login": MOBILE, "password": PASSWORD})
    assert response["Location"] == reverse("account_sessions")


def test_signing_in_never_leads_to_another_site(client: Client) -> None:
    an_account()
    address = f"{reverse('account_login')}?next=https://evil.example/"
    response = client.post(address, {"login": MOBILE, "password": PASSWORD})
    assert "evil" not in response["Location"]


def test_a_closed_account_does_not_sign_in(client: Client) -> None:
    account = an_account()
    account.is_active = False
    account.save()
    sign_in(client, MOBILE)
    assert not is_signed_in(client)
