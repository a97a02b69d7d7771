"""A hundred visitors who do everything the account pages offer."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from registry.accounts.codes import Purpose, awaited_code
from tests.registry.accounts.journey import PASSWORD, begin_sign_up, enter_codes, sign_in


@dataclass(frozen=True, slots=True)
class Visitor:
    """An invented person; `address` is the network address their browser seems to have."""

    mobile: str
    email: str
    address: str

    @property
    def traces(self) -> tuple[str, ...]:
        return (self.mobile, self.email, self.email.partition("@")[0])


def visitors(count: int = 100) -> list[Visitor]:
    """Invented people with mobiles and addresses that occur nowhere else."""
    return [
        Visitor(
            mobile=f"1985{7310000 + number * 97:07d}",
            email=f"private.person.{7310000 + number * 97}@example.com",
            address=f"198.51.{number // 200}.{number % 200 + 1}",
        )
        for number in range(count)
    ]


def visit(visitor: Visitor, *, completely: bool) -> None:
    """Fails to sign in, signs up, and, if `completely`, proves both ways and begins to change them."""
    client = Client(REMOTE_ADDR=visitor.address)
    for login in (visitor.mobile, visitor.email):
        sign_in(client, login, "Not-the-lantern-7")
        client.get(reverse("account_login"), {"next": f"/?q={login}"})
    begin_sign_up(client, mobile=visitor.mobile, email=visitor.email)
    if not completely:
        return
    enter_codes(
        client,
        mobile_code=_code_of(client, Purpose.SIGN_UP_MOBILE),
        email_code=_code_of(client, Purpose.SIGN_UP_EMAIL),
    )
    sign_in(Client(REMOTE_ADDR=visitor.address), visitor.email, "Not-the-lantern-7")
    Client(REMOTE_ADDR=visitor.address).post(reverse("account_reset_password"), {"login": visitor.email})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": f"second.{visitor.email}"})


def _code_of(client: Client, purpose: Purpose) -> str:
    """The code of this purpose that the visitor's session awaits."""
    request = type("Request", (), {"session": client.session})()
    awaited = awaited_code(request, purpose)
    assert awaited is not None
    return awaited.code


def visit_embedded_setup() -> None:
    """Makes the embedded set-up's database and lets everybody visit it."""
    call_command("migrate", verbosity=0)
    static = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(
        ALLOWED_HOSTS=["testserver"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CODES_PER_RECIPIENT_PER_DAY=50,
        CODE_SECONDS_BETWEEN=0,
        STORAGES=settings.STORAGES | static,
    ):
        for position, each in enumerate(visitors()):
            visit(each, completely=position % 5 == 0)
