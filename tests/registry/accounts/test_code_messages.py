"""A code says what it is for; a change of the sign-in is told both ways; every text message is signed once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.accounts.codes import CODE_USES, Purpose, code_message
from registry.models import Account
from tests.registry.accounts.journey import (
    EMAIL,
    MOBILE,
    PASSWORD,
    an_account,
    begin_sign_up,
    enter_code,
    mail_code,
    mails_to,
    sign_in,
    sms_code,
    sms_to,
)

NEW_PASSWORD = "Another-lantern-43"
NEW_MOBILE, NEW_EMAIL = "19900000777", "sample.new.mailbox@example.com"
SMS_TEMPLATES = Path(__file__).resolve().parents[3] / "templates/account/sms"


@pytest.fixture
def account(db: None) -> Account:
    made = an_account()
    made.mobile_verified_at = made.email_verified_at = clock.now()
    made.save(update_fields=["mobile_verified_at", "email_verified_at"])
    return made


@pytest.fixture
def visitor() -> Client:
    """Somebody who reads English and has not signed in."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def owner(visitor: Client, account: Account) -> Client:
    """The owner, signed in, the password just confirmed."""
    sign_in(visitor, MOBILE)
    visitor.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return visitor


def choose_password(client: Client) -> None:
    client.post(reverse("account_choose_password"), {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def newest_sms(mobile: str) -> tuple[object, str]:
    line = sms_to(mobile)[-1]
    return line["template"], str(line["text"])


def newest_mail(address: str) -> tuple[str, str]:
    message = mails_to(address)[-1]
    return str(message.subject), str(message.body)


@pytest.mark.parametrize(
    ("page", "form", "template", "use"),
    [
        ("account_sign_in_by_code", {"mobile": MOBILE}, "code_sign_in", "signing in"),
        ("account_reset_password", {"login": MOBILE}, "code_reset_password", "choosing a new password"),
    ],
)
def test_a_code_by_sms_says_what_it_is_for(
    visitor: Client, account: Account, page: str, form: dict[str, str], template: str, use: str
) -> None:
    visitor.post(reverse(page), form)
    said, text = newest_sms(MOBILE)
    assert said == template
    assert f"is the code for {use}," in text


def test_the_codes_of_signing_up_say_what_they_are_for(visitor: Client, db: None) -> None:
    begin_sign_up(visitor)
    assert newest_sms(MOBILE)[0] == "code_sign_up_mobile"
    assert "is the code for opening an account," in newest_sms(MOBILE)[1]
    subject, body = newest_mail(EMAIL)
    assert "for opening an account" in subject
    assert "is the code for opening an account." in body


def test_the_codes_for_a_new_mobile_and_a_new_mailbox_say_so(owner: Client) -> None:
    owner.post(reverse("account_change_phone"), {"mobile": NEW_MOBILE})
    assert newest_sms(NEW_MOBILE)[0] == "code_change_mobile"
    assert "is the code for a new mobile of an account," in newest_sms(NEW_MOBILE)[1]
    owner.post(reverse("account_email"), {"email": NEW_EMAIL})
    subject, body = newest_mail(NEW_EMAIL)
    assert "for a new e-mail address of an account" in subject
    assert "is the code for a new e-mail address of an account." in body


def test_a_code_by_mail_for_a_password_says_so(visitor: Client, account: Account) -> None:
    visitor.post(reverse("account_reset_password"), {"login": EMAIL})
    subject, body = newest_mail(EMAIL)
    assert "for choosing a new password" in subject
    assert "is the code for choosing a new password." in body


def test_every_purpose_is_named_and_two_purposes_never_share_a_template() -> None:
    assert set(CODE_USES) == set(Purpose)
    codes = [code_message(purpose, "+8619900000901", "246810") for purpose in Purpose]
    assert len({message.template_code for message in codes}) == len(Purpose)
    assert all(
        str(CODE_USES[purpose]) in message.text for purpose, message in zip(Purpose, codes, strict=True)
    )


@pytest.mark.parametrize("login", [MOBILE, EMAIL])
def test_a_new_password_is_told_to_mailbox_and_mobile_whichever_brought_the_code(
    visitor: Client, account: Account, login: str
) -> None:
    visitor.post(reverse("account_reset_password"), {"login": login})
    enter_code(visitor, mail_code(EMAIL) if login == EMAIL else sms_code(MOBILE))
    choose_password(visitor)
    assert newest_mail(EMAIL)[0] == "Your password was changed"
    template, text = newest_sms(MOBILE)
    assert template == "password_changed"
    assert "The password of your account was changed on" in text


def test_a_password_changed_by_its_owner_is_told_both_ways_too(owner: Client) -> None:
    owner.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert newest_mail(EMAIL)[0] == "Your password was changed"
    assert newest_sms(MOBILE)[0] == "password_changed"


def test_a_new_mobile_is_told_to_the_former_one_and_a_new_mailbox_to_the_mobile(owner: Client) -> None:
    owner.post(reverse("account_email"), {"email": NEW_EMAIL})
    enter_code(owner, mail_code(NEW_EMAIL))
    assert newest_sms(MOBILE)[0] == "email_changed"
    assert newest_mail(EMAIL)[0] == "Your e-mail address was changed"
    owner.post(reverse("account_change_phone"), {"mobile": NEW_MOBILE})
    enter_code(owner, sms_code(NEW_MOBILE))
    assert newest_sms(MOBILE)[0] == "mobile_changed"
    assert newest_mail(NEW_EMAIL)[0] == "Your mobile was changed"
    assert newest_sms(NEW_MOBILE)[0] == "code_change_mobile"


def test_a_mobile_that_was_never_proved_is_told_nothing(visitor: Client, db: None) -> None:
    account = an_account()
    Account.objects.filter(pk=account.pk).update(mobile_verified_at=None)
    visitor.post(reverse("account_reset_password"), {"login": EMAIL})
    enter_code(visitor, mail_code(EMAIL))
    choose_password(visitor)
    assert newest_mail(EMAIL)[0] == "Your password was changed"
    assert sms_to(MOBILE) == []


@pytest.mark.django_db
def test_every_text_message_about_accounts_is_listed_for_carriers(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("notice_templates")
    listed = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    files = {path.stem for path in SMS_TEMPLATES.glob("*.txt")} - {"code"}
    sent = {f"code_{purpose}" for purpose in Purpose if not purpose.endswith("_email")}
    assert {name for name in listed if not name.startswith("notice_")} == files | sent
    assert "${code}" in listed["code_sign_in"]
    assert "${link}" in listed["invitation"]
