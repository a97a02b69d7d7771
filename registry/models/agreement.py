"""What accounts have agreed to."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from registry.rules.site_texts import AgreedText


class Agreement(models.Model):
    """An account's agreement to one version of a text. Rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agreements")
    text = models.CharField(max_length=24, choices=[(each.value, each.value) for each in AgreedText])
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "text", "version"), name="agreement_once_per_version"),
        )
        triggers = (
            pgtrigger.Protect(name="agreement_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.text} {self.version}"
