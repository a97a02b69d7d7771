"""The second factor: django-allauth's TOTP and recovery codes, their secrets encrypted at rest."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from typing import Any

import segno
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registry.accounts.backends import second_factor_limit
from registry.accounts.forms import CodeField
from registry.accounts.limits import Limit, LimitReached, consume, reset_limits
from registry.encryption import decrypt, encrypt
from registry.models import Account
from registry.rules.visible_text import clean
from registry.rules.workflow.states import Role

_BOUND_TO = "mfa_authenticator.data"


def must_set_up_second_factor(account: Account) -> bool:
    """Whether this account must set up a second factor before anything else; False for one that needs none."""
    if not settings.OFFICERS_NEED_SECOND_FACTOR or account.acts_as is Role.APPLICANT:
        return False
    return not Authenticator.objects.filter(
        user=account, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts secrets, names accounts without their addresses, and draws the QR code as a picture."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the code."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text.encode(), bound_to=_BOUND_TO)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text), bound_to=_BOUND_TO).decode()

    def _get_user_identifier(self, user: Account) -> str:
        return user.name

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, micro=False).save(picture, kind="svg", scale=5, border=3)
        return picture.getvalue().decode()


def _label_code_field(form: Any) -> None:
    form.fields["code"] = field = CodeField(
        label=_("Code from your authenticator app, or a recovery code"), widget=form.fields["code"].widget
    )
    field.widget.attrs = {"autocomplete": "one-time-code", "spellcheck": "false"}


def _count_try(account: Account) -> None:
    """Counts a try before it is checked: parallel requests share one count. Raises ValidationError."""
    try:
        consume([second_factor_limit(account.pk)])
    except LimitReached as error:
        raise get_account_adapter().validation_error("too_many_login_attempts") from error


def _is_valid_code(authenticator: Authenticator, code: str) -> bool:
    """Whether this is a code of the authenticator that was not used before.

    Used codes of an app are kept in the database for as long as they would be accepted; the library keeps
    them in the cache, and for one period only.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return bool(authenticator.wrap().validate_code(code))
    if not validate_totp_code(get_adapter().decrypt(authenticator.data["secret"]), code):
        return False
    accepted_for = timedelta(seconds=mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1))
    use = Limit("second_factor.code", f"{authenticator.pk}\x1f{normalize_user_code(code)}", 1, accepted_for)
    try:
        consume([use])
    except LimitReached:
        return False
    return True


class _CountedCode:
    """Checks a typed app or recovery code: tries are limited for each account, and a code works only once."""

    user: Account
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        _count_try(self.user)
        code: str = self.cleaned_data["code"]
        with transaction.atomic():
            # Locked, so that a recovery code in two parallel requests is used up before it is read again.
            locked = Authenticator.objects.select_for_update().filter(user=self.user)
            typed = list(locked.exclude(type=Authenticator.Type.WEBAUTHN).order_by("-type"))
            right = next((each for each in typed if _is_valid_code(each, code)), None)
        if right is None:
            if typed:
                self._emit_authentication_failed(typed[0])  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        reset_limits([second_factor_limit(self.user.pk)])
        right.user = self.user
        self.authenticator = right
        return code


class _CountedKey:
    """Checks a security key's answer; its tries count together with those of the codes."""

    user: Account

    def clean_credential(self) -> Authenticator:
        _count_try(self.user)
        authenticator: Authenticator = super().clean_credential()  # type: ignore[misc]
        reset_limits([second_factor_limit(self.user.pk)])
        return authenticator


class SecondFactorForm(_CountedCode, AuthenticateForm):
    """The code at sign-in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _label_code_field(self)


class ConfirmSecondFactorForm(_CountedCode, ReauthenticateForm):
    """The code again, before a sensitive step."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _label_code_field(self)


class SecondFactorKeyForm(_CountedKey, AuthenticateWebAuthnForm):
    """The security key at sign-in."""


class ConfirmSecondFactorKeyForm(_CountedKey, ReauthenticateWebAuthnForm):
    """The security key again, before a sensitive step."""


class ActivateForm(ActivateTOTPForm):
    """The first code of a new authenticator app, which proves that it was set up."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _label_code_field(self)
        self.fields["code"].label = _("Code from your authenticator app")


class AddKeyForm(AddWebAuthnForm):
    """A new security key and what its owner calls it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("What you call this key")

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"], line_breaks=False)


class RenameKeyForm(EditWebAuthnForm):
    """Another name for a security key."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("What you call this key")

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"], line_breaks=False)
