"""Acting as a visitor of the account pages, and reading what was sent to them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.gateways.sms import KEY_CHARACTERS
from registry.models import Account
from registry.models.account import mobile_index
from registry.rules.workflow.states import Role
from registry.sample.agreements import agree_to_everything
from tests.client import ClientResponse

PASSWORD = "Harbour-lantern-42"
MOBILE = "19900000901"
EMAIL = "sample.visitor@example.com"

_CODE = re.compile(r"\b\d{6}\b")


def sms_to(mobile: str) -> list[dict[str, object]]:
    """Messages to a mobile (11 digits), oldest first."""
    path, index = Path(settings.VAR_DIR) / "outbox" / "sms.jsonl", mobile_index(f"+86{mobile}")
    if not path.exists():
        return []
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["key"] == index[:KEY_CHARACTERS]]


def mails_to(address: str) -> list[mail.EmailMessage]:
    """Messages to an address, oldest first."""
    return [message for message in mail.outbox if address in message.to]


def sms_code(mobile: str) -> str:
    """The code in the newest message to a mobile."""
    return _CODE.findall(str(sms_to(mobile)[-1]["text"]))[0]


def mail_code(address: str) -> str:
    """The code in the newest message to an address."""
    return _CODE.findall(str(mails_to(address)[-1].body))[0]


def begin_sign_up(client: Client, *, mobile: str = MOBILE, email: str = EMAIL) -> ClientResponse:
    """Sends the first page of signing up."""
    return client.post(
        reverse("account_signup"),
        {
            "name": "样例来访者",
            "mobile": mobile,
            "email": email,
            "password1": PASSWORD,
            "agreement": "on",
        },
    )


def enter_code(client: Client, code: str) -> ClientResponse:
    """Sends a code to the page that awaits one."""
    return client.post(reverse("account_confirm_code"), {"code": code})


def enter_codes(client: Client, **typed: str) -> ClientResponse:
    """Sends `mobile_code`, `email_code` or both to the page that awaits those of a sign-up."""
    return client.post(reverse("account_sign_up_codes"), typed)


def sign_in(client: Client, login: str, password: str = PASSWORD) -> ClientResponse:
    """Sends the sign-in page."""
    return client.post(reverse("account_login"), {"login": login, "password": password})


def is_signed_in(client: Client) -> bool:
    """Whether the client's cookie still opens the account's own page."""
    return bool(client.get(reverse("account_home")).status_code == 200)


def an_account(
    *,
    mobile: str = MOBILE,
    email: str = EMAIL,
    role: Role = Role.APPLICANT,
    province_code: str = "",
    name: str = "样例来访者",
) -> Account:
    """An account that signs in with PASSWORD, and has agreed to what accounts agree to."""
    account = Account.objects.create_account(
        name=name,
        password=PASSWORD,
        mobile=f"+86{mobile}",
        email=email,
        role=role,
        province_code=province_code,
    )
    agree_to_everything(account, at=clock.now())
    return account


def totp(secret: str) -> str:
    """What an authenticator app with this secret shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def set_up_second_factor(client: Client) -> str:
    """Sets up an authenticator app for whoever has just confirmed their password; gives its secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret: str = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    return secret
