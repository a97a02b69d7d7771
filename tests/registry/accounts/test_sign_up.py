"""Opening an account, and what it tells about accounts that exist already."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.accounts.forms import SignUpForm
from registry.models import Account
from tests.registry.accounts.journey import (
    EMAIL,
    MOBILE,
    PASSWORD,
    an_account,
    begin_sign_up,
    enter_codes,
    is_signed_in,
    mail_code,
    mails_to,
    sign_in,
    sms_code,
    sms_to,
)

pytestmark = pytest.mark.django_db


def test_an_account_opens_when_mobile_and_mailbox_are_proved(client: Client) -> None:
    assert begin_sign_up(client)["Location"] == reverse("account_sign_up_codes")
    assert not Account.objects.exists()
    answer = enter_codes(client, mobile_code=sms_code(MOBILE), email_code=mail_code(EMAIL))
    assert answer["Location"] == reverse("applicants:start")
    account = Account.objects.get()
    assert (account.mobile, account.email, account.role) == (f"+86{MOBILE}", EMAIL, "applicant")
    assert account.mobile_verified_at is not None
    assert account.email_verified_at is not None
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "login",
    [
        *(MOBILE, f"+86 {MOBILE}", f"0086{MOBILE}", EMAIL, EMAIL.upper()),
        *(
            EMAIL.replace("@", "＠"),
            EMAIL.replace("@", "﹫"),
            "".join(chr(ord(each) + 0xFEE0) for each in MOBILE),
        ),
    ],
)
def test_both_mobile_and_email_sign_in(client: Client, login: str) -> None:
    an_account()
    sign_in(client, login)
    assert is_signed_in(client)


def test_signing_up_with_a_known_mobile_looks_the_same_and_leads_nowhere(client: Client) -> None:
    an_account(email="other@example.com")
    unknown = Client()
    before = len(sms_to(MOBILE))
    answers = [
        begin_sign_up(client),
        begin_sign_up(unknown, mobile="19900000902", email="sample.visiting@example.com"),
    ]
    assert answers[0]["Location"] == answers[1]["Location"]
    pages = [each.get(reverse("account_sign_up_codes")).content.decode() for each in (client, unknown)]
    assert _without_variable_parts(pages[0]) == _without_variable_parts(pages[1])
    told = sms_to(MOBILE)[before:]
    assert [message["template"] for message in told] == ["already_registered"]
    answer = enter_codes(client, mobile_code="000000", email_code=mail_code(EMAIL))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["mobile_code"])
    assert Account.objects.count() == 1


def test_signing_up_with_a_known_email_is_revealed_to_the_mailbox_only(client: Client) -> None:
    an_account(mobile="19900000903")
    begin_sign_up(client)
    assert [message["template"] for message in sms_to(MOBILE)][-1] == "code_sign_up_mobile"
    page = client.get(reverse("account_sign_up_codes")).content.decode()
    assert "registered" not in page
    assert [message.subject for message in mails_to(EMAIL)] == ["这个电子邮箱已有账号"]
    answer = enter_codes(client, mobile_code=sms_code(MOBILE), email_code="000000")
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["email_code"])
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mobile", "01012345678"),
        ("mobile", "+85221234567"),
        ("mobile", "1990000090"),
        ("email", "nobody"),
        ("agreement", ""),
        ("name", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client: Client, field: str, value: str) -> None:
    data = {
        "name": "样例来访者",
        "mobile": MOBILE,
        "email": EMAIL,
        "password1": PASSWORD,
        "agreement": "on",
    }
    response = client.post(reverse("account_signup"), data | {field: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize("password", ["Short-42", "84710293657", "password1234", "visitor.sample"])
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    response = client.post(
        reverse("account_signup"),
        {
            "name": "样例来访者",
            "mobile": MOBILE,
            "email": "visitor.sample@example.com",
            "password1": password,
            "agreement": "on",
        },
    )
    assert list(response.context["form"].errors) == ["password1"]


def test_a_code_is_void_after_five_wrong_tries(client: Client) -> None:
    begin_sign_up(client)
    right = sms_code(MOBILE)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert enter_codes(client, mobile_code=wrong).status_code == 200
    answer = enter_codes(client, mobile_code=right, email_code=mail_code(EMAIL))
    assert list(answer.context["form"].errors) == ["mobile_code"]
    answer = enter_codes(client, mobile_code=right)
    assert list(answer.context["form"].errors) == ["mobile_code"]
    assert not Account.objects.exists()


def test_the_code_to_the_mailbox_is_void_after_five_wrong_tries_of_its_own(client: Client) -> None:
    begin_sign_up(client)
    right = mail_code(EMAIL)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        enter_codes(client, mobile_code=sms_code(MOBILE), email_code=wrong)
    assert list(enter_codes(client, email_code=right).context["form"].errors) == ["email_code"]
    assert not Account.objects.exists()


def test_what_one_code_has_proved_is_not_asked_again(client: Client) -> None:
    begin_sign_up(client)
    wrong = "000000" if mail_code(EMAIL) != "000000" else "111111"
    answer = enter_codes(client, mobile_code=sms_code(MOBILE), email_code=wrong)
    assert list(answer.context["form"].errors) == ["email_code"]
    page = client.get(reverse("account_sign_up_codes")).content.decode()
    assert 'name="mobile_code"' not in page
    assert 'name="email_code"' in page
    enter_codes(client, email_code=mail_code(EMAIL))
    assert Account.objects.get().mobile_verified_at is not None


def test_an_empty_code_is_said_at_its_field_and_is_no_try(client: Client) -> None:
    begin_sign_up(client)
    for _ in range(7):
        answer = enter_codes(client, mobile_code="")
        assert list(answer.context["form"].errors) == ["mobile_code", "email_code"]
    enter_codes(client, mobile_code=sms_code(MOBILE), email_code=mail_code(EMAIL))
    assert Account.objects.exists()


@pytest.mark.parametrize("which", ["mobile", "email"])
def test_another_code_makes_the_one_before_void_and_keeps_what_was_typed_of_the_other(
    client: Client, which: str
) -> None:
    now = clock.now()
    with clock.stopped_at(now):
        begin_sign_up(client)
    before = {"mobile_code": sms_code(MOBILE), "email_code": mail_code(EMAIL)}
    with clock.stopped_at(now + timedelta(seconds=30)):
        answer = enter_codes(client, action=f"resend_{which}", **before)
        assert "请一分钟后再获取" in answer.content.decode()
    with clock.stopped_at(now + timedelta(minutes=2)):
        answer = enter_codes(client, action=f"resend_{which}", **before)
        other = "email_code" if which == "mobile" else "mobile_code"
        assert f'value="{before[other]}"' in answer.content.decode()
        after = {"mobile_code": sms_code(MOBILE), "email_code": mail_code(EMAIL)}
        if after != before:
            enter_codes(client, **before)
            assert not Account.objects.exists()
        enter_codes(client, **after)
    assert Account.objects.exists()


def test_a_code_that_has_run_out_is_said_so_and_the_other_stands(client: Client) -> None:
    now = clock.now()
    with clock.stopped_at(now):
        begin_sign_up(client)
        enter_codes(client, email_code=mail_code(EMAIL))
    with clock.stopped_at(now + timedelta(minutes=11)):
        answer = enter_codes(client, mobile_code=sms_code(MOBILE))
        assert list(answer.context["form"].errors) == ["mobile_code"]
        enter_codes(client, action="resend_mobile")
        enter_codes(client, mobile_code=sms_code(MOBILE))
    assert Account.objects.exists()


def test_no_code_of_a_sign_up_goes_out_when_the_limit_of_one_of_the_two_is_used_up(client: Client) -> None:
    begin_sign_up(Client())
    before = len(sms_to("19900000907"))
    answer = begin_sign_up(client, mobile="19900000907")
    assert answer.context["form"].non_field_errors() == ["刚刚已发送过消息，请一分钟后再获取。"]
    assert len(sms_to("19900000907")) == before
    assert client.get(reverse("account_sign_up_codes"))["Location"] == reverse("account_signup")


def test_the_password_is_asked_once(client: Client) -> None:
    assert list(SignUpForm().fields) == ["name", "mobile", "email", "password1", "agreement"]


def _without_variable_parts(page: str) -> str:
    lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
    return "\n".join(lines).replace("199****0901", "MOBILE").replace("199****0902", "MOBILE")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("样例\u200b来访者\ufeff", "样例来访者"),
        ("\u202e样例来访者", "样例来访者"),
        ("样例\u2028来访者", "样例来访者"),
        (" 古丽·样例 ", "古丽·样例"),
        ("\u3164", None),
        ("\u2800\u200b", None),
        ("样例 http://sample.example/", None),
        ("样例\U0001f600", None),
        ("样例\U00030000", None),
    ],
)
def test_an_accounts_name_is_cleaned_and_what_is_no_name_is_said_at_its_field(
    typed: str, kept: str | None
) -> None:
    form = SignUpForm({"name": typed})
    form.full_clean()
    assert form.cleaned_data.get("name") == kept
    assert ("name" in form.errors) == (kept is None)


@pytest.mark.parametrize("write", [lambda code: "".join(chr(ord(each) + 0xFEE0) for each in code), " ".join])
def test_a_code_in_full_width_digits_or_with_blanks_is_the_code(
    client: Client, write: Callable[[str], str]
) -> None:
    begin_sign_up(client)
    enter_codes(client, mobile_code=write(sms_code(MOBILE)), email_code=write(mail_code(EMAIL)))
    assert Account.objects.get().email == EMAIL


def test_an_account_is_opened_with_a_mobile_of_hong_kong_and_signs_in_with_it(client: Client) -> None:
    begin_sign_up(client, mobile="+852 9123 4567")
    path = Path(settings.VAR_DIR) / "outbox" / "sms.jsonl"
    code = re.findall(r"\b\d{6}\b", json.loads(path.read_text(encoding="utf-8").splitlines()[-1])["text"])[0]
    enter_codes(client, mobile_code=code, email_code=mail_code(EMAIL))
    assert Account.objects.get().mobile == "+85291234567"
    visitor = Client()
    sign_in(visitor, "00852 9123-4567")
    assert is_signed_in(visitor)
