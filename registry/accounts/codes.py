"""Codes that prove a mobile or a mailbox: sent, awaited in the encrypted session, checked once.

The page looks the same whether or not the recipient is known here. Where a code makes no sense (signing up
with a mobile that has an account), a message that says so goes out instead, and no code will ever pass.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from registry import clock
from registry.accounts.limits import Limit, LimitReached, address_limits, consume
from registry.errors import FilingError
from registry.gateways.sms import Handover, Message, hand_over, send_sms
from registry.labels.masking import mask_email, mask_phone
from registry.labels.telephone import telephone

DIGITS = 6
VALID_FOR = timedelta(minutes=10)
ATTEMPTS = 5
_DAY = timedelta(days=1)


class CodeNotSent(FilingError):
    """The message with the code could not be handed over."""


class Channel(StrEnum):
    """How a code travels."""

    SMS = "sms"
    EMAIL = "email"


class Purpose(StrEnum):
    """What a code is for."""

    SIGN_UP_MOBILE = "sign_up_mobile"
    SIGN_UP_EMAIL = "sign_up_email"
    SIGN_IN = "sign_in"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CHANGE_MOBILE = "change_mobile"
    CHANGE_EMAIL = "change_email"
    OBJECTION = "objection"


# Where a session keeps the code it awaits. Who signs up awaits two at once.
_SESSION_KEY = "awaited_code"
_SESSION_KEYS = {
    Purpose.SIGN_UP_MOBILE: "awaited_code_to_mobile",
    Purpose.SIGN_UP_EMAIL: "awaited_code_to_mailbox",
}

# The purposes whose code goes to a mobile.
SMS_PURPOSES = (
    Purpose.SIGN_UP_MOBILE,
    Purpose.SIGN_IN,
    Purpose.RESET_PASSWORD,
    Purpose.CHANGE_MOBILE,
    Purpose.OBJECTION,
)


# What a code is for, as its message says, so that nobody gives it away for another purpose.
_OPENING = pgettext_lazy("what a code is for", "opening an account")
CODE_USES: Mapping[Purpose, Promise] = {
    Purpose.SIGN_UP_MOBILE: _OPENING,
    Purpose.SIGN_UP_EMAIL: _OPENING,
    Purpose.SIGN_IN: pgettext_lazy("what a code is for", "signing in"),
    Purpose.RESET_PASSWORD: pgettext_lazy("what a code is for", "choosing a new password"),
    Purpose.CHANGE_MOBILE: pgettext_lazy("what a code is for", "a new mobile of an account"),
    Purpose.CHANGE_EMAIL: pgettext_lazy("what a code is for", "a new e-mail address of an account"),
    Purpose.OBJECTION: pgettext_lazy("what a code is for", "an objection to a batch list"),
}

# The message that is sent instead of a code which makes no sense, by purpose; it says why.
_INSTEAD = {
    Purpose.SIGN_UP_MOBILE: "already_registered",
    Purpose.SIGN_UP_EMAIL: "already_registered",
    Purpose.CHANGE_MOBILE: "already_registered",
    Purpose.CHANGE_EMAIL: "already_registered",
    Purpose.SIGN_IN: "no_account",
    Purpose.RESET_PASSWORD: "no_account",
}
MESSAGES_INSTEAD = tuple(sorted(set(_INSTEAD.values())))


@dataclass(slots=True)
class AwaitedCode:
    """A code on its way. `can_pass` is False when the recipient got another message instead."""

    purpose: str
    channel: str
    recipient: str
    code: str
    can_pass: bool
    sent_at: str
    account_id: str = ""
    next_url: str = ""

    @property
    def masked_recipient(self) -> str:
        if self.channel == Channel.SMS:
            return mask_phone(telephone(self.recipient))
        return mask_email(self.recipient)

    @property
    def expires_at(self) -> datetime:
        return datetime.fromisoformat(self.sent_at) + VALID_FOR


@dataclass(frozen=True, slots=True)
class Wanted:
    """A code that is to be sent. `can_pass` is False when the recipient gets another message instead."""

    purpose: Purpose
    channel: Channel
    recipient: str
    can_pass: bool
    account_id: str = ""
    next_url: str = ""


def send_code(
    request: HttpRequest,
    purpose: Purpose,
    channel: Channel,
    recipient: str,
    *,
    can_pass: bool,
    account_id: str = "",
    next_url: str = "",
) -> AwaitedCode:
    """Sends a code and awaits it in this session. Raises LimitReached, or CodeNotSent."""
    wanted = Wanted(purpose, channel, recipient, can_pass, account_id, next_url)
    return send_codes(request, [wanted])[0]


def send_codes(request: HttpRequest, wanted: Sequence[Wanted]) -> list[AwaitedCode]:
    """Sends several codes and awaits them in this session; none is sent when a limit of one is used up.

    Raises LimitReached, or CodeNotSent for the first that could not be handed over.
    """
    consume([limit for each in wanted for limit in _limits(request, each.channel, each.recipient)])
    return [_sent(request, each) for each in wanted]


def _sent(request: HttpRequest, wanted: Wanted) -> AwaitedCode:
    purpose, recipient = wanted.purpose, wanted.recipient
    awaited = AwaitedCode(
        purpose=purpose.value,
        channel=wanted.channel.value,
        recipient=recipient,
        code="".join(secrets.choice("0123456789") for _ in range(DIGITS)),
        can_pass=wanted.can_pass,
        sent_at=clock.now().isoformat(),
        account_id=wanted.account_id,
        next_url=wanted.next_url,
    )
    if wanted.channel is Channel.EMAIL:
        outcome = _send_mail(recipient, purpose, awaited.code if wanted.can_pass else "")
    elif wanted.can_pass:
        outcome = hand_over(code_message(purpose, recipient, awaited.code))
    else:
        outcome = send_sms(recipient, _INSTEAD[purpose], {})
    if not outcome.sent and outcome.is_known:
        raise CodeNotSent("code_not_sent", channel=wanted.channel.value)
    _keep(request, awaited)
    return awaited


def code_message(purpose: Purpose, mobile: str, code: str) -> Message:
    """The text message with a code; carriers know it by a template of its purpose, such as `code_sign_in`."""
    text = render_to_string("account/sms/code.txt", {"code": code, "use": CODE_USES[purpose]}).strip()
    return Message(mobile, f"code_{purpose}", {"code": code}, text)


def send_again(request: HttpRequest, awaited: AwaitedCode) -> AwaitedCode:
    """A new code in place of one that did not arrive; the old one is void. Raises LimitReached, CodeNotSent."""
    return send_code(
        request,
        Purpose(awaited.purpose),
        Channel(awaited.channel),
        awaited.recipient,
        can_pass=awaited.can_pass,
        account_id=awaited.account_id,
        next_url=awaited.next_url,
    )


def awaited_code(request: HttpRequest, purpose: Purpose | None = None) -> AwaitedCode | None:
    """The code this session awaits; None when there is none or it has expired.

    The codes of signing up, of which there are two, are asked for by their `purpose`.
    """
    stored = request.session.get(_session_key(purpose))
    if not stored:
        return None
    awaited = AwaitedCode(**stored)
    if clock.now() >= awaited.expires_at:
        forget_code(request, purpose)
        return None
    return awaited


def check_code(request: HttpRequest, awaited: AwaitedCode, typed: str) -> bool:
    """Whether this is the code. After five tries the code is void: raises LimitReached.

    A try is counted in the database before it is checked, so that parallel requests share one count.
    """
    tries = Limit("code.tries", f"{awaited.recipient}\x1f{awaited.sent_at}", ATTEMPTS, VALID_FOR)
    try:
        consume([tries])
    except LimitReached:
        forget_code(request, Purpose(awaited.purpose))
        raise
    if not (compare_user_code(actual=typed, expected=awaited.code) and awaited.can_pass):
        return False
    forget_code(request, Purpose(awaited.purpose))
    return True


def forget_code(request: HttpRequest, purpose: Purpose | None = None) -> None:
    """Removes the awaited code from the session."""
    request.session.pop(_session_key(purpose), None)


def _keep(request: HttpRequest, awaited: AwaitedCode) -> None:
    request.session[_session_key(Purpose(awaited.purpose))] = asdict(awaited)


def _session_key(purpose: Purpose | None) -> str:
    return _SESSION_KEYS.get(purpose, _SESSION_KEY) if purpose is not None else _SESSION_KEY


def _limits(request: HttpRequest, channel: Channel, recipient: str) -> list[Limit]:
    return [
        Limit(f"{channel}.pause", recipient, 1, timedelta(seconds=settings.CODE_SECONDS_BETWEEN)),
        Limit(f"{channel}.recipient", recipient, settings.CODES_PER_RECIPIENT_PER_DAY, _DAY),
        *address_limits(
            request, f"{channel}.address", settings.CODES_PER_ADDRESS_PER_HOUR, timedelta(hours=1)
        ),
        Limit(f"{channel}.all", "all", settings.CODES_PER_DAY, _DAY),
    ]


def _send_mail(recipient: str, purpose: Purpose, code: str) -> Handover:
    template = "code" if code else _INSTEAD[purpose]
    facts = {"code": code, "use": CODE_USES[purpose], "portal_base_url": settings.PORTAL_BASE_URL}
    subject = render_to_string(f"account/email/{template}_subject.txt", facts).strip()
    body = render_to_string(f"account/email/{template}_message.txt", facts)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [recipient])
    except OSError as error:
        return Handover(sent=False, detail=type(error).__name__)
    return Handover(sent=True)
