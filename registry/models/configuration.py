"""What the administrator keeps: the lists that forms choose from."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class ListEntry(models.Model):
    """One entry of a list. `code` is stored in materials or events and never changes; names may be mended.

    Only a reason for not filing has an article, a remedy and places; only a chain has a kind.
    """

    class ListName(models.TextChoices):
        APPLICATION_FIELDS = "application_fields", _("Application fields")
        PRIOR_APPROVAL_MATTERS = "prior_approval_matters", _("Prior-approval matters")
        MAIN_CHAINS = "main_chains", _("Main chains")
        REASONS = "reasons", _("Reasons for not filing")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list_name = models.CharField(max_length=32, choices=ListName.choices)
    code = models.SlugField(max_length=64)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, blank=True, default="")
    article = models.CharField(max_length=8, blank=True, default="")
    remedy_zh = models.CharField(max_length=1000, blank=True, default="")
    remedy_en = models.CharField(max_length=1000, blank=True, default="")
    places = models.JSONField(blank=True, default=list)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("list_name", "position", "code")
        verbose_name = _("list entry")
        verbose_name_plural = _("list entries")
        constraints = (models.UniqueConstraint(fields=("list_name", "code"), name="list_entry_code"),)

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh
