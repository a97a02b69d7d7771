"""A mobile or mailbox that somebody without an account has proved by a code; kept in the encrypted session."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from registry import clock

_SESSION_KEY = "proven_contact"
_HOLDS_FOR = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class ProvenContact:
    """A mobile in E.164 or an e-mail address, by its channel."""

    channel: str
    address: str
    proved_at: str


def keep_proven(request: HttpRequest, *, channel: str, address: str) -> None:
    """Keeps a contact whose code was right."""
    contact = ProvenContact(channel, address, clock.now().isoformat())
    request.session[_SESSION_KEY] = asdict(contact)


def proven_contact(request: HttpRequest) -> ProvenContact | None:
    """The contact that this session has proved within the last hours, or None."""
    stored = request.session.get(_SESSION_KEY)
    if not stored:
        return None
    contact = ProvenContact(**stored)
    is_over = clock.now() >= datetime.fromisoformat(contact.proved_at) + _HOLDS_FOR
    return None if is_over else contact
