"""Finding and authenticating accounts, and the keys by which failed attempts are counted.

The login that a person typed never travels further than `find_account`: authentication works on an account's
id, or on a keyed digest of an unknown login, so that no library can store or log it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from registry.accounts.limits import Limit
from registry.encryption import blind_index
from registry.models import Account
from registry.rules.codes import identifiers
from registry.rules.codes.typed import is_meant_as_email
from registry.rules.errors import InvalidIdentifier

ATTEMPTS = 5
ATTEMPTS_PERIOD = timedelta(minutes=15)


def read_mobile(text: str) -> str | None:
    """The mobile number in a text, in E.164; None when it is not one."""
    try:
        return identifiers.mobile(text)
    except InvalidIdentifier:
        return None


def read_email(text: str) -> str | None:
    """The e-mail address in a text, in lower case; None when it is not one."""
    try:
        return identifiers.email(text).lower()
    except InvalidIdentifier:
        return None


def find_account(login: str) -> Account | None:
    """The account that signs in with this mobile or e-mail address, if any."""
    if is_meant_as_email(login):
        email = read_email(login)
        return Account.objects.by_email(email) if email else None
    mobile = read_mobile(login)
    return Account.objects.by_mobile(mobile) if mobile else None


def attempt_key(login: str) -> str:
    """The key under which attempts with a login are counted: the account's id, else a digest of the login."""
    account = find_account(login)
    if account is not None:
        return str(account.pk)
    typed = read_mobile(login) or read_email(login) or login.strip().lower()
    return blind_index(typed, purpose="sign-in.unknown")


class AccountBackend(ModelBackend):
    """Checks a password against the account named by `attempt_key`; an unknown account takes as long."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        username: str | None = None,
        password: str | None = None,
        **_credentials: Any,
    ) -> Account | None:
        if username is None or password is None:
            return None
        account = self._account(username)
        if account is None:
            Account().set_password(password)
            return None
        matches = account.check_password(password)
        return account if matches and self.user_can_authenticate(account) else None

    @staticmethod
    def _account(key: str) -> Account | None:
        try:
            return Account.objects.filter(pk=uuid.UUID(key)).first() if "-" in key else None
        except ValueError:
            return None


def lockout_key(_request: HttpRequest, credentials: Mapping[str, Any] | None) -> str | None:
    """The key under which django-axes counts failed attempts."""
    key = credentials.get("username") if credentials else None
    return str(key) if key is not None else None


def password_limit(key: str) -> Limit:
    """The limit of password attempts for one `attempt_key`."""
    return Limit("sign_in.account", key, ATTEMPTS, ATTEMPTS_PERIOD)


def second_factor_limit(account_id: uuid.UUID) -> Limit:
    """The limit of attempts with codes, recovery codes and security keys, taken together, for one account."""
    return Limit("second_factor", str(account_id), ATTEMPTS, ATTEMPTS_PERIOD)
