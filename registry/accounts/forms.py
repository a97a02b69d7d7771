"""The forms for signing up, signing in and managing one's own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.account.internal import flows
from allauth.account.models import Login
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from registry.accounts.backends import attempt_key, read_email, read_mobile
from registry.models import Account
from registry.rules.codes.typed import is_meant_as_email, typed_code
from registry.rules.names import strange_in_person
from registry.rules.printable import code_point, unprintable
from registry.rules.site_texts import AgreedText, current_version
from registry.rules.visible_text import clean, is_visible


class MobileField(forms.CharField):
    """A mobile, of the mainland with or without +86, of elsewhere with its country code; its value is in E.164."""

    default_error_messages = {
        "required": _("Enter a mobile number."),
        "not_a_mobile": _(
            "Enter a mobile number: 11 digits, or outside the mainland + and the country code, such as +852."
        ),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Mobile"))
        options.setdefault("max_length", 40)
        options.setdefault(
            "widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        )
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        mobile = read_mobile(text)
        if text and mobile is None:
            raise forms.ValidationError(self.error_messages["not_a_mobile"], code="not_a_mobile")
        return mobile or ""


class NameField(forms.CharField):
    """A person's name as messages and papers say it: what nobody can see goes, what no name has is refused."""

    default_error_messages = {
        "nothing_visible": _("This name holds only characters that nobody can see. Type the name."),
        "not_a_name": _(
            "A name is written with letters, blanks, · - ’ and brackets. Take out what is none of these: %(strange)s"
        ),
        "unprintable": _(
            "No document can print %(strange)s. Write the name as another official proof of it does."
        ),
    }

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        name = clean(text, line_breaks=False)
        if not text:
            return name
        if not is_visible(name):
            raise forms.ValidationError(self.error_messages["nothing_visible"], code="nothing_visible")
        for code, strange in (("not_a_name", strange_in_person(name)), ("unprintable", unprintable(name))):
            if strange:
                named = {"strange": " ".join(f"{each} ({code_point(each)})" for each in strange)}
                raise forms.ValidationError(self.error_messages[code], code=code, params=named)
        return name


class EmailField(forms.CharField):
    """An e-mail address; its value is in lower case."""

    default_error_messages = {
        "required": _("Enter an e-mail address."),
        "not_an_email": _("Enter an e-mail address in the form name@example.com."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("E-mail address"))
        options.setdefault("max_length", 254)
        options.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "email", "autocomplete": "email", "inputmode": "email"}),
        )
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        email = read_email(text)
        if text and email is None:
            raise forms.ValidationError(self.error_messages["not_an_email"], code="not_an_email")
        return email or ""


def password_field(label: Any, *, autocomplete: str, help_text: Any = "") -> forms.CharField:
    """A password as typed: never shown again, never stripped."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        help_text=help_text,
        error_messages={"required": _("Enter a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


_PASSWORD_HELP = _("At least 10 characters, not only digits, and not a commonly used password.")


class ChosenPasswordForm(forms.Form):
    """A password that is chosen, checked against the account it is for."""

    password1 = password_field(_("New password"), autocomplete="new-password", help_text=_PASSWORD_HELP)

    account: Account | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if chosen := cleaned.get("password1"):
            try:
                get_adapter().clean_password(chosen, user=self.account_for_check(cleaned))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def account_for_check(self, _cleaned: Mapping[str, Any]) -> Account | None:
        return self.account


class NewPasswordForm(ChosenPasswordForm):
    """A new password in place of another, typed twice."""

    password2 = password_field(_("Confirm new password"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        # As typed, whatever else is wrong with it.
        first = self.cleaned_data.get("password1")
        cleaned = super().clean()
        second = cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        return cleaned


class SignUpForm(ChosenPasswordForm):
    """The person who opens an account. No error reveals whether a mobile or e-mail address is registered.

    The password is typed once: the page can show it, and a code to the mobile or mailbox leads to a new one.
    """

    name = NameField(
        label=_("Your name"),
        max_length=80,
        help_text=_("The name on your identity document. Acts in this system are recorded under it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    mobile = MobileField(help_text=_("We send a code to it by SMS. You can sign in with it."))
    email = EmailField(help_text=_("We send a code to it. You can sign in with it too."))
    agreement = forms.BooleanField(
        label=_("I agree to the privacy notice"),
        error_messages={"required": _("An account can only be opened if you agree.")},
    )

    field_order = ("name", "mobile", "email", "password1", "agreement")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password1"].label = _("Password")
        self.fields["agreement"].help_text = format_html(
            '<a href="{}" target="_blank" rel="noopener">{}</a>',
            reverse("public:privacy"),
            _("Privacy notice, version %(version)d (opens in a new tab)")
            % {"version": current_version(AgreedText.PRIVACY_NOTICE)},
        )

    def account_for_check(self, cleaned: Mapping[str, Any]) -> Account:
        account = Account(name=cleaned.get("name") or "")
        account.mobile, account.email = cleaned.get("mobile") or "", cleaned.get("email") or ""
        return account


class SignInForm(LoginForm):
    """Mobile or e-mail in one field, and the password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = forms.CharField(
            label=_("Mobile or e-mail address"),
            max_length=254,
            error_messages={"required": _("Enter a mobile number or an e-mail address.")},
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        )
        self.fields["password"] = password_field(_("Password"), autocomplete="current-password")
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        return {
            "username": attempt_key(self.cleaned_data["login"]),
            "password": self.cleaned_data["password"],
        }

    def _clean_with_password(self, credentials: dict[str, str]) -> dict[str, Any]:
        adapter = get_adapter(self.request)
        account = adapter.authenticate(self.request, **credentials)
        if account is None:
            raise adapter.validation_error("sign_in_mismatch")
        self._login = Login(user=account)
        self.user = account
        return self.cleaned_data

    def _login_with_password(
        self, request: HttpRequest, redirect_url: str | None, _credentials: dict[str, str]
    ) -> HttpResponse:
        self._login.redirect_url = redirect_url
        flows.login.record_authentication(request, self.user, method="password")
        response: HttpResponse = flows.login.perform_login(request, self._login)
        return response


class LoginNameForm(forms.Form):
    """The mobile or mailbox that gets the code for a new password."""

    login = forms.CharField(
        label=_("Mobile or e-mail address"),
        max_length=254,
        help_text=_("We send a code to it."),
        error_messages={"required": _("Enter a mobile number or an e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def clean_login(self) -> str:
        text: str = self.cleaned_data["login"]
        found = read_email(text) if is_meant_as_email(text) else read_mobile(text)
        if found is None:
            raise forms.ValidationError(_("Enter a mobile number or an e-mail address."), code="not_a_name")
        return found


class MobileForm(forms.Form):
    """A mobile to which a code goes."""

    mobile = MobileField()


class NewMobileForm(forms.Form):
    """A mobile that is to replace the present one."""

    mobile = MobileField(label=_("New mobile"))


class NewEmailForm(forms.Form):
    """A mailbox that is to replace the present one."""

    email = EmailField(label=_("New e-mail address"))


class CodeField(forms.CharField):
    """A code that was sent or shown; full-width digits and blanks in it do no harm."""

    def to_python(self, value: Any) -> str:
        return typed_code(super().to_python(value) or "")


def _code_input(autocomplete: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": autocomplete, "inputmode": "numeric", "spellcheck": "false"}
    )


class CodeForm(forms.Form):
    """The six digits that were sent."""

    code = CodeField(
        label=_("Code"),
        max_length=16,
        help_text=_("Six digits."),
        error_messages={"required": _("Enter the code that was sent.")},
        widget=_code_input("one-time-code"),
    )


class SignUpCodesForm(forms.Form):
    """The six digits that were sent to the mobile, and those that were sent to the mailbox.

    Neither is required here: one that has been proved already is not asked again.
    """

    mobile_code = CodeField(
        label=_("Code by SMS"), max_length=16, required=False, widget=_code_input("one-time-code")
    )
    email_code = CodeField(
        label=_("Code by e-mail"), max_length=16, required=False, widget=_code_input("off")
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    oldpassword = password_field(_("Current password"), autocomplete="current-password")

    field_order = ("oldpassword", "password1", "password2")

    def __init__(self, user: Account, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = self.account = user

    def clean_oldpassword(self) -> str:
        typed: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.account, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed

    def save(self) -> None:
        flows.password_change.change_password(self.account, self.cleaned_data["password1"])


class ConfirmPasswordForm(forms.Form):
    """One's own password again, before a sensitive step."""

    password = password_field(_("Password"), autocomplete="current-password")

    def __init__(self, *args: Any, user: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("incorrect_password")
        return typed
