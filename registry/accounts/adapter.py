"""What django-allauth asks the portal: where accounts are found, how failures count, where people go next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.core.mail import send_mail
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.accounts.agreements import is_asked
from registry.accounts.backends import ATTEMPTS_PERIOD, password_limit
from registry.accounts.limits import (
    Limit,
    LimitReached,
    address_limits,
    consume,
    give_back,
    reset_limits,
)
from registry.gateways.addresses import client_address
from registry.gateways.sms import send_sms
from registry.labels.date_format import moment
from registry.models import Account
from registry.rules.names import name_in_message
from registry.rules.site_texts import AgreedText
from registry.rules.workflow.states import HEADS, NATION, PROVINCE, Role

_START_PAGES: tuple[tuple[frozenset[Role], str], ...] = (
    (frozenset({Role.APPLICANT}), "applicants:dashboard"),
    (HEADS, "review:overview"),
    (PROVINCE | NATION, "review:queue"),
    (frozenset({Role.ADMINISTRATOR}), "office:lists"),
    (frozenset({Role.AUDITOR}), "office:events"),
)


# The changes of a sign-in of which the mobile is told as well; each has a text in templates/account/sms/.
CHANGES_BY_SMS = frozenset({"password_changed", "email_changed", "mobile_changed"})


def start_page(account: Account) -> str:
    """The path of the page where this account's work begins; the home page when its desk is not installed."""
    name = next(name for roles, name in _START_PAGES if account.acts_as in roles)
    try:
        return reverse(name)
    except NoReverseMatch:
        return "/"


class _Counted:
    """One counted attempt; django-allauth rolls it back when the password is right."""

    def __init__(self, *, addresses: Sequence[Limit], account: Limit) -> None:
        self.addresses, self.account = addresses, account

    def rollback(self) -> None:
        give_back(self.addresses)
        reset_limits([self.account])


class AccountAdapter(DefaultAccountAdapter):
    """Accounts with encrypted mobile and e-mail, verified before the account exists."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "sign_in_mismatch": _("The mobile or e-mail address and the password do not match."),
        "too_many_login_attempts": _("Too many attempts. Wait a quarter of an hour, then try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This is not the code."),
    }

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return start_page(request.user) if isinstance(request.user, Account) else "/"

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Whoever has opened an account has come to file: nothing stands on the dashboard yet."""
        try:
            return reverse("applicants:start")
        except NoReverseMatch:
            return self.get_login_redirect_url(request)

    def post_login(self, request: HttpRequest, user: Account, **facts: Any) -> HttpResponse:
        """On from the sign-in; past the privacy notice when it changed since the account agreed to it."""
        response: HttpResponse = super().post_login(request, user, **facts)
        if isinstance(response, HttpResponseRedirect) and is_asked(user, AgreedText.PRIVACY_NOTICE):
            query = urlencode({"next": response.url})
            return HttpResponseRedirect(f"{reverse('account_privacy')}?{query}")
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    # Attempts ---------------------------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempt before the password is checked, so that parallel requests share one count."""
        addresses = address_limits(
            request, "sign_in.address", settings.SIGN_IN_FAILURES_PER_ADDRESS, ATTEMPTS_PERIOD
        )
        account = password_limit(credentials["username"])
        try:
            consume(addresses)
        except LimitReached as error:
            raise self.validation_error("too_many_login_attempts") from error
        try:
            consume([account])
        except LimitReached as error:
            # The same answer as the lockout of django-axes, which counts failures only afterwards.
            request.axes_locked_out = True  # type: ignore[attr-defined]
            raise self.validation_error("too_many_login_attempts") from error
        self._login_failed_rl_usage = _Counted(addresses=addresses, account=account)

    def reauthenticate(self, user: Account, password: str) -> bool:
        found = self.authenticate(allauth_context.request, username=str(user.pk), password=password)
        return found is not None and found.pk == user.pk

    def set_password(self, user: Account, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    # Mobiles ----------------------------------------------------------------------------------------------

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        return (user.mobile, user.mobile_verified_at is not None) if user.mobile else None

    def get_user_by_phone(self, phone: str) -> Account | None:
        return Account.objects.by_mobile(phone)

    # Changes of the sign-in -------------------------------------------------------------------------------

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Account,
        context: Mapping[str, Any] | None = None,  # noqa: ARG002
        email: str | None = None,
        mobile: str | None = None,
    ) -> None:
        """Notifies the account's owner of a change to the sign-in, by e-mail and by text message.

        Both ways are used whichever of them brought the code: who has taken over one of them is seen by the other.
        `email` and `mobile` are the former addresses where the change is of one of them.
        """
        change = template_prefix.rpartition("/")[2]
        at = clock.now()
        if recipient := email or user.email:
            self._mail_change(template_prefix, user, recipient, at=at)
        verified = user.mobile if user.mobile_verified_at is not None else None
        if (recipient := mobile or verified) and change in CHANGES_BY_SMS:
            send_sms(recipient, change, {"at": moment(at)})

    def _mail_change(self, template_prefix: str, user: Account, recipient: str, *, at: datetime) -> None:
        facts = {
            "name": name_in_message(user.name),
            "at": at,
            "portal_base_url": settings.PORTAL_BASE_URL,
        }
        try:
            subject = render_to_string(f"{template_prefix}_subject.txt", facts)
            body = render_to_string(f"{template_prefix}_message.txt", facts)
        except TemplateDoesNotExist:
            return
        send_mail(
            " ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [recipient], fail_silently=True
        )

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        message = self.error_messages[code]
        return ValidationError(message % args if args else message, code=code)
