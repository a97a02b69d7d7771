"""Changes of an account's mobile or e-mail address, once the new one is proved."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from registry import clock
from registry.accounts.adapter import AccountAdapter
from registry.models import Account


def change_mobile(request: HttpRequest, mobile: str) -> None:
    """Gives the signed-in account a mobile that was just proved, and notifies its mailbox and the old mobile."""
    account = _account(request)
    before = account.mobile
    account.mobile, account.mobile_verified_at = mobile, clock.now()
    if _save(request, account, "mobile"):
        AccountAdapter(request).send_notification_mail("account/email/mobile_changed", account, mobile=before)
        messages.success(request, _("Your mobile is changed."))


def change_email(request: HttpRequest, email: str) -> None:
    """Gives the signed-in account an e-mail address that was just proved, and notifies old mailbox and mobile."""
    account = _account(request)
    before = account.email
    account.email, account.email_verified_at = email, clock.now()
    if _save(request, account, "email"):
        AccountAdapter(request).send_notification_mail("account/email/email_changed", account, email=before)
        messages.success(request, _("Your e-mail address is changed."))


def _account(request: HttpRequest) -> Account:
    return Account.objects.get(pk=cast(Account, request.user).pk)


def _save(request: HttpRequest, account: Account, field: str) -> bool:
    """Saves the account and returns whether it could: another account may have registered the same by now."""
    try:
        with transaction.atomic():
            account.save(update_fields=[field, f"{field}_verified_at"])
    except IntegrityError:
        messages.error(request, _("It could not be changed: it belongs to another account by now."))
        return False
    return True
