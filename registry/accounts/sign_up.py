"""Opening an account: what was typed waits in the encrypted session until mobile and mailbox are proved.

No account exists before that, so nobody can occupy somebody else's mobile or e-mail address.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import get_language

from registry import clock
from registry.accounts.agreements import agree
from registry.accounts.codes import AwaitedCode, Channel, Purpose, Wanted, send_codes
from registry.errors import FilingError
from registry.models import Account
from registry.rules.site_texts import AgreedText, current_version

_SESSION_KEY = "sign_up"
_WAITS_FOR = timedelta(hours=1)


class AlreadyRegistered(FilingError):
    """An account with this mobile or e-mail address was opened in the meantime."""


@dataclass(slots=True)
class PendingSignUp:
    """A sign-up whose mobile and mailbox are still to be proved. Holds the password's hash only.

    `notice_version` is the version of the privacy notice that was agreed to, 0 where the version before asked for none.
    """

    name: str
    mobile: str
    email: str
    password_hash: str
    begun_at: str
    next_url: str = ""
    mobile_proved_at: str = ""
    notice_version: int = 0
    email_proved_at: str = ""

    def has_proved(self, purpose: Purpose) -> bool:
        """Whether the code of this purpose has been entered."""
        return bool(self.mobile_proved_at if purpose is Purpose.SIGN_UP_MOBILE else self.email_proved_at)


def begin(request: HttpRequest, *, name: str, mobile: str, email: str, password: str, next_url: str) -> None:
    """Keeps the sign-up and sends a code to the mobile and one to the mailbox. Raises LimitReached, CodeNotSent."""
    pending = PendingSignUp(
        name=name,
        mobile=mobile,
        email=email,
        password_hash=make_password(password),
        begun_at=clock.now().isoformat(),
        next_url=next_url,
        notice_version=current_version(AgreedText.PRIVACY_NOTICE),
    )
    # The mail first: that it cannot be handed over is known before a text message is paid for.
    send_codes(request, [_wanted(pending, Purpose.SIGN_UP_EMAIL), _wanted(pending, Purpose.SIGN_UP_MOBILE)])
    _keep(request, pending)


def send_again(request: HttpRequest, pending: PendingSignUp, purpose: Purpose) -> AwaitedCode:
    """A new code in place of one that did not arrive; the old one is void. Raises LimitReached, CodeNotSent."""
    return send_codes(request, [_wanted(pending, purpose)])[0]


def record_proof(request: HttpRequest, pending: PendingSignUp, purpose: Purpose) -> None:
    """Records that the code of this purpose was entered: it is asked no more."""
    now = clock.now().isoformat()
    if purpose is Purpose.SIGN_UP_MOBILE:
        pending.mobile_proved_at = now
    else:
        pending.email_proved_at = now
    _keep(request, pending)


def _wanted(pending: PendingSignUp, purpose: Purpose) -> Wanted:
    """The code that proves mobile or mailbox; one with an account already gets a message that says so."""
    if purpose is Purpose.SIGN_UP_MOBILE:
        is_free = Account.objects.by_mobile(pending.mobile) is None
        return Wanted(purpose, Channel.SMS, pending.mobile, is_free)
    is_free = Account.objects.by_email(pending.email) is None
    return Wanted(purpose, Channel.EMAIL, pending.email, is_free)


def complete(request: HttpRequest, pending: PendingSignUp) -> Account:
    """Creates the account, its mobile and mailbox both proved, with its agreement to the privacy notice.

    Raises AlreadyRegistered.
    """
    account = Account(name=pending.name, password=pending.password_hash, language=get_language() or "")
    account.mobile, account.email = pending.mobile, pending.email
    account.mobile_verified_at = datetime.fromisoformat(pending.mobile_proved_at)
    account.email_verified_at = datetime.fromisoformat(pending.email_proved_at)
    try:
        with transaction.atomic():
            account.save()
            if pending.notice_version:
                agree(
                    account,
                    AgreedText.PRIVACY_NOTICE,
                    version=pending.notice_version,
                    at=datetime.fromisoformat(pending.begun_at),
                )
    except IntegrityError as error:
        raise AlreadyRegistered("already_registered") from error
    finally:
        request.session.pop(_SESSION_KEY, None)
    return account


def pending_sign_up(request: HttpRequest) -> PendingSignUp | None:
    """The sign-up that waits in this session; None when there is none or it has expired."""
    stored = request.session.get(_SESSION_KEY)
    if not stored:
        return None
    pending = PendingSignUp(**stored)
    if clock.now() >= datetime.fromisoformat(pending.begun_at) + _WAITS_FOR:
        request.session.pop(_SESSION_KEY, None)
        return None
    return pending


def _keep(request: HttpRequest, pending: PendingSignUp) -> None:
    request.session[_SESSION_KEY] = asdict(pending)
