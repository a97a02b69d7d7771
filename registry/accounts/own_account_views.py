"""The pages of one's own account: contact details, password and sessions."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.views import LogoutView, PasswordChangeView, ReauthenticateView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from registry.accounts import sessions as account_sessions
from registry.accounts.browsers import describe_browser
from registry.accounts.codes import Channel, CodeNotSent, Purpose, send_code
from registry.accounts.forms import NewEmailForm, NewMobileForm
from registry.accounts.limits import LimitReached
from registry.accounts.refusals import refusal_text
from registry.labels.masking import mask_email, mask_phone
from registry.labels.states import label_of
from registry.labels.telephone import telephone
from registry.models import Account
from registry.rules.workflow.states import Role


class SignOutView(LogoutView):
    """Ends this session, by POST."""


class ConfirmPasswordView(ReauthenticateView):
    """Asks for the password again before a sensitive step."""


class ChangePasswordView(PasswordChangeView):
    """Changes the password; every other session ends."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # An officer who signed in by code before ever choosing a password has none to change.
        if not cast(Account, request.user).has_usable_password():
            return HttpResponseRedirect(reverse("account_home"))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        account_sessions.end_sessions(self.request.user, except_key=self.request.session.session_key)
        return response

    def get_default_success_url(self) -> str:
        return reverse("account_home")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Shows the account's own data, with links to the pages that change them."""
    account = cast(Account, request.user)
    return render(
        request,
        "account/home.html",
        {
            "account": account,
            "role": label_of(account.acts_as),
            "role_is_applicant": account.acts_as is Role.APPLICANT,
            "mobile": mask_phone(telephone(account.mobile)) if account.mobile else "",
            "email": mask_email(account.email) if account.email else "",
            "second_factor": is_mfa_enabled(account),
            "session_count": account_sessions.sessions_of(account).count(),
        },
    )


class _ChangeView(FormView[Form]):
    """Sends a code to a new mobile or e-mail address; the change follows when the code is right."""

    purpose: Purpose
    channel: Channel
    field: str

    def form_valid(self, form: Form) -> HttpResponse:
        account = cast(Account, self.request.user)
        value = form.cleaned_data[self.field]
        if value == getattr(account, self.field):
            form.add_error(self.field, _("This is the one you have."))
            return self.form_invalid(form)
        find = Account.objects.by_mobile if self.channel is Channel.SMS else Account.objects.by_email
        try:
            send_code(
                self.request,
                self.purpose,
                self.channel,
                value,
                can_pass=find(value) is None,
                account_id=str(account.pk),
            )
        except (LimitReached, CodeNotSent) as error:
            form.add_error(None, refusal_text(error))
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("account_confirm_code"))


@method_decorator(reauthentication_required(app="allauth.account"), name="dispatch")
class ChangeMobileView(_ChangeView):
    """Changes the mobile."""

    form_class = NewMobileForm
    template_name = "account/phone_change.html"
    purpose = Purpose.CHANGE_MOBILE
    channel = Channel.SMS
    field = "mobile"


@method_decorator(reauthentication_required(app="allauth.account"), name="dispatch")
class ChangeEmailView(_ChangeView):
    """Changes the e-mail address."""

    form_class = NewEmailForm
    template_name = "account/email_change.html"
    purpose = Purpose.CHANGE_EMAIL
    channel = Channel.EMAIL
    field = "email"


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the account is signed in, this session first."""
    account = cast(Account, request.user)
    present = account_sessions.stored_key(request.session.session_key or "")
    found: list[dict[str, Any]] = [
        {
            "key": row.session_key,
            "browser": describe_browser(row.browser or ""),
            "started_at": row.started_at,
            "seen_at": row.seen_at,
            "is_this": row.session_key == present,
        }
        for row in account_sessions.sessions_of(account).order_by("-seen_at")
    ]
    found.sort(key=lambda each: not each["is_this"])
    return render(request, "account/sessions.html", {"sessions": found})


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Ends one other session, or all others."""
    account = cast(Account, request.user)
    if request.POST.get("all"):
        account_sessions.end_sessions(account, except_key=request.session.session_key)
    else:
        account_sessions.end_session(account, key=request.POST.get("key", ""))
    messages.success(request, _("Signed out there."))
    return redirect("account_sessions")
