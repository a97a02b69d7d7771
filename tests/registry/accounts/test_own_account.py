"""Looking after one's own account: new mobile, new address, second factor."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry.models import Account
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
    set_up_second_factor,
    sign_in,
    sms_code,
    sms_to,
    totp,
)

pytestmark = pytest.mark.django_db
NEW_MOBILE = "19900000931"
NEW_EMAIL = "new.address@example.com"


@pytest.fixture
def account(client: Client) -> Account:
    """A signed-in account that has just confirmed its password."""
    made = an_account()
    sign_in(client, MOBILE)
    _confirm_password(client)
    return made


def _confirm_password(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_phone", "mfa_activate_totp", "mfa_generate_recovery_codes"]
)
def test_what_matters_asks_for_the_password_again(client: Client, name: str) -> None:
    an_account()
    sign_in(client, MOBILE)
    assert client.get(reverse(name))["Location"].startswith(reverse("account_reauthenticate"))


def test_a_new_mobile_is_verified_first_and_the_mailbox_is_notified(client: Client, account: Account) -> None:
    client.post(reverse("account_change_phone"), {"mobile": NEW_MOBILE})
    account.refresh_from_db()
    assert account.mobile == f"+86{MOBILE}"
    assert enter_code(client, sms_code(NEW_MOBILE))["Location"] == reverse("account_home")
    account = Account.objects.get(pk=account.pk)
    assert account.mobile == f"+86{NEW_MOBILE}"
    assert Account.objects.by_mobile(f"+86{NEW_MOBILE}") == account
    assert mails_to(EMAIL)[-1].subject == "您的手机号码已更换"


def test_a_new_mail_address_is_verified_first_and_the_old_one_is_notified(
    client: Client, account: Account
) -> None:
    client.post(reverse("account_email"), {"email": NEW_EMAIL})
    enter_code(client, mail_code(NEW_EMAIL))
    assert Account.objects.get(pk=account.pk).email == NEW_EMAIL
    assert mails_to(EMAIL)[-1].subject == "您的电子邮箱已更换"


def test_a_mobile_of_somebody_else_cannot_be_taken_nor_found_out(client: Client, account: Account) -> None:
    an_account(mobile=NEW_MOBILE, email=NEW_EMAIL)
    assert client.post(reverse("account_change_phone"), {"mobile": NEW_MOBILE})["Location"] == reverse(
        "account_confirm_code"
    )
    assert sms_to(NEW_MOBILE)[-1]["template"] == "already_registered"
    assert enter_code(client, "123456").status_code == 200
    assert Account.objects.get(pk=account.pk).mobile == f"+86{MOBILE}"


def test_the_own_page_masks_what_it_shows(client: Client, account: Account) -> None:
    page = client.get(reverse("account_home")).content.decode()
    assert account.name in page
    assert "199****0901" in page
    assert MOBILE not in page
    assert EMAIL not in page


def test_the_second_factor_is_asked_for_at_the_next_sign_in(client: Client, account: Account) -> None:
    secret = set_up_second_factor(client)
    assert Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).count() == 1
    other = Client()
    assert sign_in(other, MOBILE)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(other)
    assert other.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    other.post(reverse("mfa_authenticate"), {"code": totp(secret)})
    assert is_signed_in(other)


def test_a_code_by_sms_does_not_replace_the_second_factor(client: Client, account: Account) -> None:
    set_up_second_factor(client)
    other = Client()
    other.post(reverse("account_sign_in_by_code"), {"mobile": MOBILE})
    assert enter_code(other, sms_code(MOBILE))["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(other)


def test_secrets_of_the_second_factor_are_encrypted(client: Client, account: Account) -> None:
    secret = set_up_second_factor(client)
    stored = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored
    assert len(stored) > 3 * len(secret)


def test_recovery_codes_sign_in_once_each(client: Client, account: Account) -> None:
    set_up_second_factor(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(set(codes)) == 10
    first, second = Client(), Client()
    sign_in(first, MOBILE)
    first.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_signed_in(first)
    sign_in(second, MOBILE)
    second.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert not is_signed_in(second)


@pytest.mark.parametrize("role", [Role.NATIONAL_REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_an_officer_must_set_up_a_second_factor_where_it_is_demanded(
    client: Client, settings: Settings, role: Role
) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    an_account(role=role)
    sign_in(client, EMAIL)
    room = {Role.ADMINISTRATOR: "office:lists", Role.AUDITOR: "office:events"}.get(role, "review:queue")
    assert client.get(reverse(room))["Location"] == reverse("mfa_activate_totp")
    _confirm_password(client)
    set_up_second_factor(client)
    assert client.get(reverse(room)).status_code == 200


def test_an_applicant_need_not_have_a_second_factor(client: Client, settings: Settings) -> None:
    settings.OFFICERS_NEED_SECOND_FACTOR = True
    an_account()
    sign_in(client, MOBILE)
    assert is_signed_in(client)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "account_home",
        "account_email",
        "account_change_phone",
        "account_change_password",
        "account_sessions",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_reauthenticate",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
    ],
)
def test_pages_have_no_inline_style_or_script_and_one_heading(
    client: Client, account: Account, name: str, language: str
) -> None:
    if name not in {"mfa_activate_totp"}:
        set_up_second_factor(client)
    client.cookies["django_language"] = language
    response = client.get(reverse(name))
    assert response.status_code == 200
    page = response.content.decode()
    assert account.name in page
    assert page.count("<h1") == 1
    for inline in (" style=", "<style", "onclick=", "<script>"):
        assert inline not in page
