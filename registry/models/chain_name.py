"""What the office decided on names of chains that applicants typed because the list did not have them."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.rules.substance import LONGEST_REASON


class ChainNameDecision(models.Model):
    """One decision on a typed name. Decisions are only ever added: the newest of a name holds.

    `form` is the name as names are compared, `name` as it was typed, `code` that of the entry of the list which it is
    counted under; a refused name has none.
    """

    class Act(models.TextChoices):
        ADOPT = "adopt", _("Adopt as a new entry of the list")
        JOIN = "join", _("Join to an entry of the list")
        REFUSE = "refuse", _("Refuse")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    act = models.CharField(max_length=8, choices=Act.choices)
    code = models.SlugField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("form", "version"), name="chain_name_decision_version"),
            models.CheckConstraint(
                condition=models.Q(act="refuse", code="") & ~models.Q(reason="")
                | ~models.Q(act="refuse") & ~models.Q(code=""),
                name="chain_name_refused_with_a_reason",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="chain_name_decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.act}"
