"""The words for a code that cannot be sent or tried."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.accounts.limits import LimitReached
from registry.errors import FilingError


def refusal_text(error: FilingError) -> str:
    """Why no code was sent, and when to try again."""
    if not isinstance(error, LimitReached):
        return _("The message could not be sent. Wait a minute, then try again.")
    if error.facts["scope"] == "code.tries":
        return _("The code was wrong too often and is void. Ask for a new one.")
    if error.facts["scope"].endswith(".pause"):
        return _("A message was sent a moment ago. Wait a minute before asking for another.")
    until = timezone.localtime(error.facts["retry_at"]).strftime("%Y-%m-%d %H:%M")
    return _("Too many messages were asked for. Try again after %(until)s.") % {"until": until}
