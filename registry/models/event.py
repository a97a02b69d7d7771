"""The one table of events: every act on every kind of stream, and what each calls for."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.applicant import Applicant
from registry.models.filing import Application, Filing
from registry.rules.workflow.effects import EffectKind, EffectOutcome
from registry.rules.workflow.events import FIRST_VERSION
from registry.rules.workflow.states import StreamKind


class Event(models.Model):
    """One act in a stream: append-only, in a chain of SHA-256 over canonical JSON.

    `stream_kind` says which table of acts and which fold the stream has, `version` in which form its payload is
    written. The stream of a filing has the filing's id; an application about the applicant itself has a stream of its
    own under its own id; the members of an applicant have theirs under the applicant's. Only `registry.streams` makes
    rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream_kind = models.CharField(max_length=16, db_default=StreamKind.FILING.value)
    stream_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="events", null=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events", null=True)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="events", null=True)
    province_code = models.CharField(max_length=6)
    act = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    actor_role = models.CharField(max_length=24)
    revision_number = models.PositiveIntegerField(null=True)
    version = models.PositiveSmallIntegerField(db_default=FIRST_VERSION)
    payload = models.JSONField()
    idempotency_key = models.UUIDField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event")
        constraints = (models.UniqueConstraint(fields=("stream_id", "sequence"), name="event_sequence"),)
        indexes = (
            models.Index(fields=("act", "at"), name="event_by_act"),
            models.Index(fields=("stream_kind", "-at", "-id"), name="event_by_kind_and_moment"),
        )
        triggers = (
            pgtrigger.Protect(name="event_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.stream_id} #{self.sequence} {self.act}"


class EventEffect(models.Model):
    """One thing that an event calls for; `done_at` and `outcome` say when and how it was done.

    `registry.streams.effects` puts the rows in with their event and settles them. A row is never deleted: that there
    was nobody to tell is an outcome.
    """

    # The unique constraint finds an event's effects; an index of the reference alone would be a second one.
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="effects", db_index=False)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in EffectKind])
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=12,
        choices=[(outcome.value, outcome.value) for outcome in EffectOutcome],
        blank=True,
        default="",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event", "kind"), name="event_effect_once"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, outcome="")
                | (models.Q(done_at__isnull=False) & ~models.Q(outcome="")),
                name="event_effect_done_has_outcome",
            ),
        )
        indexes = (
            models.Index(
                fields=("kind", "event"),
                name="event_effect_undone",
                condition=models.Q(done_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind}"
