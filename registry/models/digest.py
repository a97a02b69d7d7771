"""The daily digests of all event chains."""

from __future__ import annotations

import pgtrigger
from django.db import models


class RegisterDigest(models.Model):
    """The ends of all event chains that grew since the previous digest, chained to it by hash.

    A chain that lost its last events still verifies; the digest shows that it was longer. `heads` maps each
    stream to the sequence and hash of its last event; `event_count` counts the events of the whole register.
    """

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    event_count = models.PositiveBigIntegerField()
    heads = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        triggers = (
            pgtrigger.Protect(name="digest_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:12]}"
