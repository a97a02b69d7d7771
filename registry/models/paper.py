"""The numbers of an office's papers, and what each office has set for them."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from registry.models.event import Event
from registry.rules.office.papers import LONGEST_MARK, LONGEST_NAME


class PaperCounter(models.Model):
    """The last serial that was given under an office's characters (机关代字) in a year, by the date in China."""

    mark = models.CharField(max_length=LONGEST_MARK)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("mark", "year"), name="paper_counter_per_mark_and_year"),
        )

    def __str__(self) -> str:
        return f"{self.mark} {self.year}: {self.last}"


class PaperNumber(models.Model):
    """The number (发文字号) of the paper that an event calls for, given before the paper was made, and for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="paper_number")
    office_code = models.CharField(max_length=8)
    series = models.CharField(max_length=16)
    mark = models.CharField(max_length=LONGEST_MARK)
    year = models.PositiveIntegerField()
    serial = models.PositiveIntegerField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("mark", "year", "serial"), name="paper_number_given_once"),
            models.CheckConstraint(condition=models.Q(serial__gte=1), name="paper_number_from_one"),
        )
        triggers = (
            pgtrigger.Protect(name="paper_number_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.mark} {self.year} {self.serial}"


class PaperSetting(models.Model):
    """One version of what an office sets for its papers; the newest is used. Versions are only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office_code = models.CharField(max_length=8)
    version = models.PositiveIntegerField()
    office_name = models.CharField(max_length=LONGEST_NAME)
    mark_receipt = models.CharField(max_length=LONGEST_MARK)
    mark_request = models.CharField(max_length=LONGEST_MARK)
    mark_decision = models.CharField(max_length=LONGEST_MARK)
    mark_striking_off = models.CharField(max_length=LONGEST_MARK)
    # Empty in versions from before letters to other bodies were numbered.
    mark_consultation = models.CharField(max_length=LONGEST_MARK, blank=True, default="", db_default="")
    reconsideration_body = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    court = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    needs_signed_form = models.BooleanField(default=False, db_default=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("office_code", "version"), name="paper_setting_version"),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("proposed_by")), name="paper_setting_by_two"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="paper_setting_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.office_code} v{self.version}"
