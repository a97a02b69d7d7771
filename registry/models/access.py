"""Sessions, and the counters that limit how often something may be done."""

from __future__ import annotations

import uuid

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from registry.models.account import Account
from registry.models.encrypted import EncryptedTextField


class AccountSession(AbstractBaseSession):
    """A session, stored under a keyed digest of its key: who reads this table cannot use the session.

    `session_data` is encrypted, for it holds mobiles and e-mail addresses that are still being verified.
    """

    session_key = models.CharField(primary_key=True, max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions", null=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    browser = EncryptedTextField(null=True)

    class Meta:
        indexes = (models.Index(fields=("account", "-seen_at"), name="session_by_account"),)

    def __str__(self) -> str:
        return self.session_key[:12]


class UseCounter(models.Model):
    """How often one thing was done by or to one subject since its window opened; see `accounts.limits`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    window_opened_at = models.DateTimeField()
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scope", "subject"), name="use_counter_per_subject"),)
        indexes = (models.Index(fields=("window_opened_at",), name="use_counter_by_age"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.subject[:12]}: {self.uses}"
