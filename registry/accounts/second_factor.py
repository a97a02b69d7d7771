"""The second factor: django-allauth's TOTP and recovery codes, their secrets encrypted at rest."""

from __future__ import annotations

import base64
import io
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registry.encryption import decrypt, encrypt
from registry.models import Account
from registry.rules.states import Role

_BOUND_TO = "mfa_authenticator.data"


def lacks_second_factor(account: Account) -> bool:
    """Whether this account must set up a second factor before it may do anything else."""
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


def _ask_for_digits(form: Any) -> None:
    field = form.fields["code"]
    field.label = _("Code from your authenticator app, or a recovery code")
    field.widget.attrs = {"autocomplete": "one-time-code", "spellcheck": "false"}


class SecondFactorForm(AuthenticateForm):
    """The code at sign-in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _ask_for_digits(self)


class ConfirmSecondFactorForm(ReauthenticateForm):
    """The code again, before something that matters."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _ask_for_digits(self)


class ActivateForm(ActivateTOTPForm):
    """The first code of a new authenticator app, which proves that it was set up."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _ask_for_digits(self)
        self.fields["code"].label = _("Code from your authenticator app")


class AddKeyForm(AddWebAuthnForm):
    """A new security key and what its owner calls it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("What you call this key")


class RenameKeyForm(EditWebAuthnForm):
    """Another name for a security key."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("What you call this key")
