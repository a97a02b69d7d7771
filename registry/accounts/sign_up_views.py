"""The page of the two codes that prove mobile and mailbox of whoever opens an account."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.signup import complete_signup
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from registry.accounts import sign_up
from registry.accounts.codes import CodeNotSent, Purpose, awaited_code, check_code
from registry.accounts.forms import SignUpCodesForm
from registry.accounts.limits import LimitReached
from registry.accounts.refusals import refusal_text
from registry.labels.masking import mask_email, mask_phone
from registry.labels.telephone import telephone

_FIELDS = {Purpose.SIGN_UP_MOBILE: "mobile_code", Purpose.SIGN_UP_EMAIL: "email_code"}
_SEND_AGAIN = {"resend_mobile": Purpose.SIGN_UP_MOBILE, "resend_email": Purpose.SIGN_UP_EMAIL}


@method_decorator(never_cache, name="dispatch")
class SignUpCodesView(FormView[SignUpCodesForm]):
    """Asks for both codes at once. What one of them has proved stands, whatever becomes of the other."""

    form_class = SignUpCodesForm
    template_name = "account/sign_up_codes.html"
    pending: sign_up.PendingSignUp

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        pending = sign_up.pending_sign_up(request)
        if pending is None:
            messages.warning(request, _("No code is awaited here. It may have run out: ask for a new one."))
            return HttpResponseRedirect(reverse("account_signup"))
        self.pending = pending
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        purpose = _SEND_AGAIN.get(request.POST.get("action", ""))
        return super().post(request, *args, **kwargs) if purpose is None else self._send_again(purpose)

    def _send_again(self, purpose: Purpose) -> HttpResponse:
        """Sends another code; what was typed of the other one stays on the page."""
        try:
            sign_up.send_again(self.request, self.pending, purpose)
        except (LimitReached, CodeNotSent) as error:
            messages.error(self.request, refusal_text(error))
        else:
            messages.info(self.request, _("A new code is on its way. The one before is void."))
        typed = {name: self.request.POST.get(name, "") for each, name in _FIELDS.items() if each != purpose}
        return self.render_to_response(self.get_context_data(form=SignUpCodesForm(initial=typed)))

    def form_valid(self, form: SignUpCodesForm) -> HttpResponse:
        for purpose, name in _FIELDS.items():
            if self.pending.has_proved(purpose):
                continue
            if fault := self._fault_of(purpose, form.cleaned_data[name]):
                form.add_error(name, fault)
            else:
                sign_up.record_proof(self.request, self.pending, purpose)
        if not all(self.pending.has_proved(each) for each in _FIELDS):
            return self.form_invalid(form)
        try:
            account = sign_up.complete(self.request, self.pending)
        except sign_up.AlreadyRegistered:
            messages.error(self.request, _("This account has been opened already. Sign in."))
            return HttpResponseRedirect(reverse("account_login"))
        messages.success(self.request, _("Your account is open."))
        next_url = self.pending.next_url or None
        response: HttpResponse = complete_signup(self.request, user=account, redirect_url=next_url)
        return response

    def _fault_of(self, purpose: Purpose, typed: str) -> str:
        """What is wrong with a code; empty where it is the right one. A try is counted for a code that was typed."""
        if not typed:
            return _("Enter the code that was sent.")
        awaited = awaited_code(self.request, purpose)
        if awaited is None:
            return _("This code has run out, or is void. Ask for another below.")
        try:
            return "" if check_code(self.request, awaited, typed) else _("This is not the code.")
        except LimitReached as error:
            return refusal_text(error)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, pending = context["form"], self.pending
        recipients = {
            Purpose.SIGN_UP_MOBILE: mask_phone(telephone(pending.mobile)),
            Purpose.SIGN_UP_EMAIL: mask_email(pending.email),
        }
        for purpose, name in _FIELDS.items():
            form.fields[name].asked = True
            form.fields[name].help_text = _("Six digits, sent to %(recipient)s.") % {
                "recipient": recipients[purpose]
            }
        awaited = [awaited_code(self.request, each) for each in _FIELDS]
        return context | {
            "codes": [
                {
                    "field": form[name],
                    "recipient": recipients[purpose],
                    "is_proved": pending.has_proved(purpose),
                }
                for purpose, name in _FIELDS.items()
            ],
            # Only with sample data: a message to an invented mobile would reach nobody.
            "sample_codes": [each for each in awaited if each is not None and each.can_pass]
            if settings.SAMPLE_DATA
            else [],
        }
