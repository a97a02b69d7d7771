"""Signing up and in, and choosing a new password when the old one is forgotten."""

from __future__ import annotations

import uuid
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.password_reset import reset_password
from allauth.account.mixins import NextRedirectMixin, RedirectAuthenticatedUserMixin
from allauth.account.views import LoginView, SignupView
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from registry import clock
from registry.accounts import sign_up
from registry.accounts.adapter import AccountAdapter
from registry.accounts.backends import find_account, password_limit
from registry.accounts.codes import Channel, CodeNotSent, Purpose, send_code
from registry.accounts.forms import LoginNameForm, MobileForm, NewPasswordForm
from registry.accounts.limits import LimitReached, address_limits, consume, reset_limits
from registry.accounts.officers import account_of_first_password
from registry.accounts.refusals import refusal_text
from registry.accounts.sessions import end_sessions
from registry.models import Account

RESET_SESSION_KEY = "reset_password"
_RESET_SECONDS = 900


def _refuse_too_many(request: HttpRequest, scope: str, per_minute: int) -> HttpResponse | None:
    """Counts a form sent from the visitor's address; gives a 429 response when there were too many."""
    try:
        consume(address_limits(request, scope, per_minute, timedelta(minutes=1)))
    except LimitReached:
        refusal: HttpResponse = respond_429(request)
        return refusal
    return None


class SignInView(LoginView):
    """Signs in with a mobile or e-mail address and a password."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = _refuse_too_many(request, "sign_in.forms", settings.SIGN_INS_PER_ADDRESS_PER_MINUTE)
        response: HttpResponse = refusal or super().post(request, *args, **kwargs)
        return response


class SignUpView(SignupView):
    """The first page of opening an account; the page of the two codes follows."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = _refuse_too_many(request, "sign_up.forms", settings.SIGN_UPS_PER_ADDRESS_PER_MINUTE)
        response: HttpResponse = refusal or super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        data = form.cleaned_data
        try:
            sign_up.begin(
                self.request,
                name=data["name"],
                mobile=data["mobile"],
                email=data["email"],
                password=data["password1"],
                next_url=self.get_next_url() or "",
            )
        except (LimitReached, CodeNotSent) as error:
            form.add_error(None, refusal_text(error))
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("account_sign_up_codes"))


class _RequestCodeView(RedirectAuthenticatedUserMixin, NextRedirectMixin, FormView[Form]):
    """A form that sends a code to the mobile or mailbox named, whether or not it has an account."""

    purpose: Purpose

    def send_to(self, form: Form, recipient: str, channel: Channel) -> HttpResponse:
        account = find_account(recipient)
        usable = account is not None and account.is_active
        try:
            send_code(
                self.request,
                self.purpose,
                channel,
                recipient,
                can_pass=usable,
                account_id=str(account.pk) if account is not None and usable else "",
                next_url=self.get_next_url() or "",
            )
        except (LimitReached, CodeNotSent) as error:
            form.add_error(None, refusal_text(error))
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("account_confirm_code"))


class SignInByCodeView(_RequestCodeView):
    """Sends a code by SMS with which to sign in."""

    form_class = MobileForm
    template_name = "account/sign_in_by_code.html"
    purpose = Purpose.SIGN_IN

    def form_valid(self, form: Form) -> HttpResponse:
        return self.send_to(form, form.cleaned_data["mobile"], Channel.SMS)


class ResetPasswordView(_RequestCodeView):
    """Sends the code for a new password to the mobile or mailbox, even when the account is locked out."""

    form_class = LoginNameForm
    template_name = "account/password_reset.html"
    purpose = Purpose.RESET_PASSWORD

    def form_valid(self, form: Form) -> HttpResponse:
        login = form.cleaned_data["login"]
        return self.send_to(form, login, Channel.EMAIL if "@" in login else Channel.SMS)


def first_password(request: HttpRequest, account_id: uuid.UUID, token: str) -> HttpResponse:
    """Accepts an officer's link to the first password; redirects so that the token leaves the address bar."""
    account = account_of_first_password(account_id, token)
    if account is None:
        messages.error(request, _("This link is used up or too old. Ask for a new one."))
        return HttpResponseRedirect(reverse("account_login"))
    request.session[RESET_SESSION_KEY] = {"account_id": str(account.pk), "at": clock.now().timestamp()}
    return HttpResponseRedirect(reverse("account_choose_password"))


class ChooseNewPasswordView(FormView[NewPasswordForm]):
    """Sets a new password for the account whose code was right."""

    form_class = NewPasswordForm
    template_name = "account/password_reset_choose.html"
    account: Account

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account = self._account_in_reset(request)
        if account is None:
            return HttpResponseRedirect(reverse("account_reset_password"))
        self.account = account
        return super().dispatch(request, *args, **kwargs)

    @staticmethod
    def _account_in_reset(request: HttpRequest) -> Account | None:
        proved = request.session.get(RESET_SESSION_KEY)
        if not proved or clock.now().timestamp() - proved["at"] > _RESET_SECONDS:
            return None
        return Account.objects.filter(pk=proved["account_id"], is_active=True).first()

    def get_form(self, form_class: type[NewPasswordForm] | None = None) -> NewPasswordForm:
        form = super().get_form(form_class)
        form.account = self.account
        if not self.account.has_usable_password():
            form.fields["password1"].label = _("Password")
            form.fields["password2"].label = _("Confirm password")
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Whoever has none yet came by the link of the office account, and nothing is set anew.
        return super().get_context_data(**kwargs, is_first=not self.account.has_usable_password())

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        account = self.account
        is_first = not account.has_usable_password()
        reset_password(account, form.cleaned_data["password1"])
        end_sessions(account)
        unlock(account)
        self.request.session.flush()
        AccountAdapter(self.request).send_notification_mail("account/email/password_changed", account)
        messages.success(
            self.request,
            _("Your password is set. Sign in with it.")
            if is_first
            else _("Your password is changed. Sign in with it."),
        )
        return HttpResponseRedirect(reverse("account_login"))


def unlock(account: Account) -> None:
    """Forgets failed attempts: the person who has proved the mobile or mailbox is not the one who guessed."""
    from axes.utils import reset

    reset(username=str(account.pk))
    reset_limits([password_limit(str(account.pk))])


def locked_out(request: HttpRequest, *_details: Any) -> HttpResponse:
    """The answer to a sign-in that django-axes refuses, the same for unknown accounts."""
    return render(request, "account/locked_out.html", status=HTTPStatus.TOO_MANY_REQUESTS)
