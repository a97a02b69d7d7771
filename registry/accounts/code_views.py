"""The page that asks for a code that was sent, and the step that follows when it is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from registry import clock
from registry.accounts.changes import change_email, change_mobile
from registry.accounts.codes import AwaitedCode, CodeNotSent, Purpose, awaited_code, check_code, send_again
from registry.accounts.forms import CodeForm
from registry.accounts.limits import LimitReached
from registry.accounts.proven_contact import keep_proven
from registry.accounts.refusals import refusal_text
from registry.accounts.sign_in_views import RESET_SESSION_KEY, unlock
from registry.models import Account

# The page to start again from when a code is void.
_STARTS = {
    Purpose.SIGN_IN: "account_sign_in_by_code",
    Purpose.RESET_PASSWORD: "account_reset_password",
    Purpose.CHANGE_MOBILE: "account_change_phone",
    Purpose.CHANGE_EMAIL: "account_email",
    Purpose.OBJECTION: "public:batches",
}


@method_decorator(never_cache, name="dispatch")
class ConfirmCodeView(FormView[CodeForm]):
    """Asks for the code that this session awaits; the two of signing up have a page of their own."""

    form_class = CodeForm
    template_name = "account/confirm_code.html"
    awaited: AwaitedCode

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        awaited = awaited_code(request)
        if awaited is None:
            messages.warning(request, _("No code is awaited here. It may have run out: ask for a new one."))
            return HttpResponseRedirect(reverse("account_login"))
        if awaited.purpose not in _NEXT:
            # Sent before both codes were asked for on one page.
            return HttpResponseRedirect(reverse("account_sign_up_codes"))
        self.awaited = awaited
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "resend":
            return self._resend()
        return super().post(request, *args, **kwargs)

    def _resend(self) -> HttpResponse:
        try:
            send_again(self.request, self.awaited)
        except (LimitReached, CodeNotSent) as error:
            messages.error(self.request, refusal_text(error))
        else:
            messages.info(self.request, _("A new code is on its way. The one before is void."))
        return HttpResponseRedirect(reverse("account_confirm_code"))

    def form_valid(self, form: CodeForm) -> HttpResponse:
        purpose = Purpose(self.awaited.purpose)
        try:
            if check_code(self.request, self.awaited, form.cleaned_data["code"]):
                return _NEXT[purpose](self.request, self.awaited)
        except LimitReached as error:
            messages.error(self.request, refusal_text(error))
            return HttpResponseRedirect(reverse(_STARTS[purpose]))
        form.add_error("code", _("This is not the code."))
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        purpose = Purpose(self.awaited.purpose)
        return super().get_context_data(**kwargs) | {
            "recipient": self.awaited.masked_recipient,
            "channel": self.awaited.channel,
            "purpose": purpose.value,
            "start_url": reverse(_STARTS[purpose]),
            # Only with sample data: a message to an invented mobile would reach nobody.
            "sample_code": self.awaited.code if settings.SAMPLE_DATA and self.awaited.can_pass else "",
            "sample_outbox": "sms.jsonl" if self.awaited.channel == "sms" else "mail.jsonl",
        }


def _sign_in(request: HttpRequest, awaited: AwaitedCode) -> HttpResponse:
    account = Account.objects.filter(pk=awaited.account_id, is_active=True).first()
    if account is None:
        return HttpResponseRedirect(reverse("account_login"))
    unlock(account)
    record_authentication(request, account, method="code")
    response: HttpResponse = perform_login(
        request, Login(user=account, redirect_url=awaited.next_url or None)
    )
    return response


def _reset_password(request: HttpRequest, awaited: AwaitedCode) -> HttpResponse:
    request.session[RESET_SESSION_KEY] = {
        "account_id": awaited.account_id,
        "at": clock.now().timestamp(),
    }
    return HttpResponseRedirect(reverse("account_choose_password"))


def _change_mobile(request: HttpRequest, awaited: AwaitedCode) -> HttpResponse:
    if str(request.user.pk) == awaited.account_id:
        change_mobile(request, awaited.recipient)
    return HttpResponseRedirect(reverse("account_home"))


def _change_email(request: HttpRequest, awaited: AwaitedCode) -> HttpResponse:
    if str(request.user.pk) == awaited.account_id:
        change_email(request, awaited.recipient)
    return HttpResponseRedirect(reverse("account_home"))


def _objection(request: HttpRequest, awaited: AwaitedCode) -> HttpResponse:
    keep_proven(request, channel=awaited.channel, address=awaited.recipient)
    return HttpResponseRedirect(awaited.next_url)


_NEXT: dict[Purpose, Callable[[HttpRequest, AwaitedCode], HttpResponse]] = {
    Purpose.SIGN_IN: _sign_in,
    Purpose.RESET_PASSWORD: _reset_password,
    Purpose.CHANGE_MOBILE: _change_mobile,
    Purpose.CHANGE_EMAIL: _change_email,
    Purpose.OBJECTION: _objection,
}
