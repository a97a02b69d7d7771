"""Notices as they were sent, their delivery by each channel, and the texts they are made from."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.applicant import Applicant
from registry.models.encrypted import EncryptedTextField
from registry.models.event import Event
from registry.models.evidence import EvidenceFile
from registry.models.filing import Application, Filing
from registry.models.objection import Objection


class EventTold(models.Model):
    """An event whose notices for one audience were made by the version before `EventEffect`.

    Kept for that version, which reads and writes it when it is started again; nothing else writes it any more.
    """

    class Audience(models.TextChoices):
        APPLICANT = "applicant", _("Applicant")
        OFFICE = "office", _("Office")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="told")
    audience = models.CharField(max_length=9, choices=Audience.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event", "audience"), name="event_told_once_per_audience"),
        )

    def __str__(self) -> str:
        return f"{self.event_id} {self.audience}"


class Notice(models.Model):
    """One notice to one account, or to who made an objection: the words as sent, in the recipient's language.

    The row of an account is its entry in the inbox; an objector has none. The primary key is derived from kind, key and
    recipient, so that two sweeps at once make one notice. The `told_` fields say how an officer notified the recipient
    outside the portal.
    """

    class ToldHow(models.TextChoices):
        PHONE = "phone", _("By telephone")
        POST = "post", _("By post")
        IN_PERSON = "in_person", _("In person")
        OTHER = "other", _("Otherwise")

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices", null=True
    )
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="notices", null=True)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+", null=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notices", null=True)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="+", null=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices", null=True)
    province_code = models.CharField(max_length=6, blank=True, default="")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    sms = models.CharField(max_length=600, blank=True, default="")
    sms_parameters = models.JSONField(default=dict)
    link_path = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=9, choices=ToldHow.choices, blank=True, default="")
    told_note = models.CharField(max_length=300, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "key", "account"), name="notice_once_per_account"),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, objection__isnull=True)
                | models.Q(account__isnull=True, objection__isnull=False),
                name="notice_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=models.Q(told_at__isnull=True, told_how="", told_by__isnull=True)
                | (models.Q(told_at__isnull=False, told_by__isnull=False) & ~models.Q(told_how="")),
                name="notice_told_otherwise_is_whole",
            ),
        )
        indexes = (
            models.Index(fields=("account", "-created_at", "-id"), name="notice_by_account"),
            models.Index(
                fields=("kind",),
                name="notice_unopened",
                condition=models.Q(opened_at__isnull=True, told_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Delivery(models.Model):
    """A notice on its way through one channel.

    `sending` is committed before the gateway is called: a row that stays so has an unknown outcome.
    """

    class Channel(models.TextChoices):
        INBOX = "inbox", _("Inbox")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused, will be tried again")
        UNKNOWN = "unknown", _("Outcome unknown")
        GIVEN_UP = "given_up", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    is_fallback = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True, default="")
    gateway_reference = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        verbose_name_plural = _("deliveries")
        constraints = (
            models.UniqueConstraint(fields=("notice", "channel"), name="delivery_once_per_channel"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "refused"], next_attempt_at__isnull=False)
                | (~models.Q(state__in=["waiting", "refused"]) & models.Q(next_attempt_at__isnull=True)),
                name="delivery_next_attempt_while_due",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"),
                name="delivery_due",
                condition=models.Q(next_attempt_at__isnull=False),
            ),
            models.Index(
                fields=("state", "started_at"),
                name="delivery_unsettled",
                condition=models.Q(state__in=["sending", "unknown", "given_up"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"


class Telling(models.Model):
    """Evidence that an office told the recipient of a notice itself: when, who, whom and how. Rows are only ever added.

    `told_at` is when the recipient was told, `noted_at` when an officer noted it. `told_to` is who took it, empty where
    the notice says whom it is to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="telling")
    how = models.CharField(max_length=9, choices=Notice.ToldHow.choices)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_to = EncryptedTextField()
    tracking_number = models.CharField(max_length=40, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(told_at__lte=models.F("noted_at")), name="telling_before_its_note"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="telling_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.how}"


class TellingFile(EvidenceFile):
    """A file that proves that the recipient of a notice was told: a receipt of the post, a signed copy.

    One that could not be read stays, with why, when another takes its place: the newest of a place is what stands
    there. No row is removed, and what a row states of the bytes as they were sent stays what it was.
    """

    telling = models.ForeignKey(Telling, on_delete=models.PROTECT, related_name="files")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("telling", "position", "times_replaced"), name="telling_file_once_in_its_place"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="telling_file_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="telling_file_as_handed_in",
                fields=["telling", "position", "times_replaced", "sha256", "size_bytes", "attachment"],
            ),
        )

    def __str__(self) -> str:
        return f"{self.telling_id} {self.position}"


class NoticeText(models.Model):
    """One version of the administrator's wording of a kind in a language; the newest is used.

    Empty texts mean that this version restored the shipped wording. Versions are only ever added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField(blank=True, default="")
    sms = models.CharField(max_length=300, blank=True, default="")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "language", "version"), name="notice_text_version"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.language} v{self.version}"


class NotificationSettings(models.Model):
    """The channels an account wants besides its inbox; without a row, all of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notification_settings"
    )
    by_email = models.BooleanField(default=True)
    by_sms = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.account_id} email={self.by_email} sms={self.by_sms}"
