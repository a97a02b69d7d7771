"""The session store: kept in the database, encrypted, found by a keyed digest of the session's key."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet

from registry import clock
from registry.encryption import blind_index, decrypt, encrypt
from registry.errors import DecryptionFailed
from registry.models import Account, AccountSession

STARTED_AT = "started_at"
SEEN_AT = "seen_at"
BROWSER = "browser"


def stored_key(session_key: str) -> str:
    """The key of a session's row: a keyed digest of the session's key."""
    return blind_index(session_key, purpose="session.key")


class SessionStore(DatabaseStore):
    """Django's database store, with rows that reveal neither the key nor the content of a session."""

    @classmethod
    def get_model_class(cls) -> type[AccountSession]:
        return AccountSession

    def _get_session_from_db(self) -> AccountSession | None:
        if self.session_key is None:
            return None
        row = AccountSession.objects.filter(
            session_key=stored_key(self.session_key), expire_date__gt=clock.of_the_machine()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return bool(AccountSession.objects.filter(session_key=stored_key(session_key)).exists())

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            AccountSession.objects.filter(session_key=stored_key(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> AccountSession:
        row = AccountSession(
            session_key=stored_key(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(modification=clock.of_the_machine()),
            account_id=data.get(SESSION_KEY),
            started_at=_moment(data.get(STARTED_AT)),
            seen_at=_moment(data.get(SEEN_AT)),
        )
        row.browser = data.get(BROWSER)
        return row

    def encode(self, session_dict: dict[str, Any]) -> str:
        content = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(encrypt(content, bound_to=self._bound_to())).decode("ascii")

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """The content; an empty session when it cannot be read, so that its holder signs in anew."""
        try:
            content: dict[str, Any] = json.loads(
                decrypt(base64.b64decode(session_data), bound_to=self._bound_to())
            )
        except (DecryptionFailed, binascii.Error, ValueError):
            return {}
        return content

    def _bound_to(self) -> str:
        return f"session.{stored_key(self.session_key or '')}"


def end_sessions(account: Account, *, except_key: str | None = None) -> int:
    """Signs the account out everywhere, or everywhere else; gives how many sessions ended."""
    rows = AccountSession.objects.filter(account=account)
    if except_key is not None:
        rows = rows.exclude(session_key=stored_key(except_key))
    ended, _ = rows.delete()
    return ended


def sessions_of(account: Account) -> QuerySet[AccountSession]:
    """The account's sessions that have not expired."""
    return AccountSession.objects.filter(account=account, expire_date__gt=clock.of_the_machine())


def end_session(account: Account, *, key: str) -> None:
    """Ends one session of the account, by its stored key; the key of no such session changes nothing."""
    sessions_of(account).filter(session_key=key).delete()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
