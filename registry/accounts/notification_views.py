"""The page on which an account chooses the channels and the language of its notices."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language as keep_language

from registry.accounts.channels import channels_to
from registry.accounts.notification_choices import choose_channels, choose_language
from registry.labels.masking import mask_email, mask_phone
from registry.labels.telephone import telephone
from registry.models import Account, Delivery, NotificationSettings


class NotificationsForm(forms.Form):
    """The channels that can be switched off, and the language of the notices."""

    by_email = forms.BooleanField(label=gettext_lazy("By e-mail"), required=False)
    by_sms = forms.BooleanField(label=gettext_lazy("By text message"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of the notices"), choices=settings.LANGUAGES)


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """Shows and saves the channels and the language of the account's notices."""
    account = cast(Account, request.user)
    kept = NotificationSettings.objects.filter(account=account).first() or NotificationSettings()
    given = {
        "by_email": kept.by_email,
        "by_sms": kept.by_sms,
        "language": account.language or settings.LANGUAGE_CODE,
    }
    form = NotificationsForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        choose_channels(account, by_email=data["by_email"], by_sms=data["by_sms"])
        choose_language(account, data["language"])
        messages.success(request, _("Saved."))
        return redirect("account_notifications")
    ways = channels_to(account)
    context = {
        "form": form,
        "email": mask_email(account.email or "") if Delivery.Channel.EMAIL in ways else "",
        "mobile": mask_phone(telephone(account.mobile or "")) if Delivery.Channel.SMS in ways else "",
    }
    return render(request, "account/notifications.html", context)


def set_language(request: HttpRequest) -> HttpResponse:
    """Switches the language of the pages, and for a signed-in account also that of its notices."""
    response: HttpResponse = keep_language(request)
    code = request.POST.get("language", "")
    if request.method == "POST" and isinstance(request.user, Account) and check_for_language(code):
        choose_language(request.user, code)
    return response
