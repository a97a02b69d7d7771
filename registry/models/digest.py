"""What the chains of all streams came to, day by day."""

from __future__ import annotations

import pgtrigger
from django.db import models


class RegisterDigest(models.Model):
    """The ends of all chains that grew since the digest before, bound to it by its hash.

    A chain whose last events were taken away is whole in itself; the digest knows that it was longer.
    `heads` holds by stream the sequence and the hash of its last event; `event_count` is the register's whole.
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
