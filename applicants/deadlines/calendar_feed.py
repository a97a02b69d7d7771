"""The calendar feed of an account's deadlines, and its secret address."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from applicants.deadlines.own_deadlines import deadlines_of, years_of
from registry import clock
from registry.calendar import ics
from registry.calendar.current import current_calendar
from registry.calendar.explanations import PROVISIONAL
from registry.errors import NotFound
from registry.models import Account, CalendarFeed
from registry.notices.wording import language_of
from registry.rules.workflow.states import Role

_TOKEN_BYTES = 24


def make_address(account: Account, *, at: datetime) -> str:
    """Creates a new secret for the account's calendar and revokes the old one. Only a digest is stored."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(
        account=account, defaults={"token_digest": _digest(token), "made_at": at}
    )
    return token


def withdraw_address(account: Account) -> None:
    """Revokes the secret address of the account's calendar."""
    CalendarFeed.objects.filter(account=account).delete()


def account_of(token: str) -> Account:
    """The account whose calendar a secret opens. Raises NotFound."""
    feed = CalendarFeed.objects.select_related("account").filter(token_digest=_digest(token)).first()
    if feed is None or not feed.account.is_active or feed.account.acts_as is not Role.APPLICANT:
        raise NotFound("calendar_feed_unknown")
    return feed.account


def feed_text(account: Account, *, at: datetime) -> str:
    """The account's deadlines as iCalendar text in its language, with numbers only: no names leave the portal."""
    with translation.override(language_of(account.language)):
        found = deadlines_of(account, today=clock.china_date(at), calendar=current_calendar())
        events = [
            ics.AllDayEvent(
                key=each.key,
                on=each.on,
                summary=f"{each.label}: {each.reference}",
                description=str(PROVISIONAL) if each.provisional else "",
                url=f"{settings.PORTAL_BASE_URL}{each.path}",
                is_tentative=each.provisional,
            )
            for each in found
        ]
        years = years_of(found) or str(clock.china_date(at).year)
        return ics.calendar_text(
            events,
            name=_("Filing deadlines %(years)s") % {"years": years},
            description=_(
                "Last days of filings and applications in %(years)s. A day marked as provisional lies in or counts "
                "through a year whose holidays are not announced yet: it may move."
            )
            % {"years": years},
            at=at,
        )


def _digest(token: str) -> str:
    """The token is 24 random bytes: its plain digest cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
