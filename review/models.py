"""Working papers of the offices. They decide nothing: decisions are events in the register."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import Application, BatchList
from registry.models.encrypted import EncryptedTextField
from registry.models.evidence import EvidenceFile


class Assignment(models.Model):
    """An officer's claim on a case; it blocks nobody and expires after three idle working days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    office = models.CharField(max_length=8)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    claimed_at = models.DateTimeField()
    active_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("application", "office"),
                condition=models.Q(released_at__isnull=True),
                name="assignment_one_per_office",
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.application_id}"


class CaseWork(models.Model):
    """That an officer worked on a case, claimed it or acted on it, and when first and last."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="worked_on")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    # The unique constraint below finds an officer's cases, the order of them has an index of its own.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases_worked_on", db_index=False
    )
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("officer", "application"), name="case_work_once"),)
        indexes = (models.Index(fields=("officer", "-last_at", "-application"), name="case_work_by_moment"),)

    def __str__(self) -> str:
        return f"{self.officer_id} {self.application_id}"


class ChecklistMark(models.Model):
    """An office's mark on one particular, made on one revision.

    A mark on an earlier revision stays valid while the particular is unchanged. `code` is the fault the officer
    chose from the catalogue, if any.
    """

    class Verdict(models.TextChoices):
        FINE = "fine", _("Fine")
        DEFICIENT = "deficient", _("Deficient")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="marks")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    office = models.CharField(max_length=8)
    key = models.CharField(max_length=80)
    revision_number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    code = models.CharField(max_length=64, blank=True, default="")
    remark = models.CharField(max_length=500, blank=True, default="")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "office", "key"), name="checklist_mark_once"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.key} {self.verdict}"


class MarkVersion(models.Model):
    """A mark as it was made, or taken back. Rows are only ever added; `ChecklistMark` has the newest.

    `version` counts what an office did with its mark on one particular, from 1.
    """

    class Verdict(models.TextChoices):
        FINE = "fine", _("Fine")
        DEFICIENT = "deficient", _("Deficient")
        REMOVED = "removed", _("Mark taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="mark_versions")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    office = models.CharField(max_length=8)
    key = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    revision_number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    code = models.CharField(max_length=64, blank=True, default="")
    remark = models.CharField(max_length=500, blank=True, default="")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("application", "office", "key", "version"), name="mark_version_once"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="mark_version_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.key} {self.version} {self.verdict}"


class PersonalDataReveal(models.Model):
    """A record that an officer viewed a masked personal value, and why. Rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reveals")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    revision_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("application", "officer", "at"), name="reveal_by_case"),
            models.Index(fields=("-at", "-id"), name="reveal_by_moment"),
        )
        constraints = (models.CheckConstraint(condition=~models.Q(reason=""), name="reveal_has_a_reason"),)
        triggers = (
            pgtrigger.Protect(name="reveal_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.application_id} {self.key}"


class WorkingNote(models.Model):
    """An officer's note on a case for colleagues. It belongs to the writing office; rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    office = models.CharField(max_length=8)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=2000)
    written_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("application", "written_at"), name="note_by_case"),)
        constraints = (models.CheckConstraint(condition=~models.Q(text=""), name="note_has_a_text"),)
        triggers = (
            pgtrigger.Protect(name="note_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.application_id}"


class LikenessTrait(models.Model):
    """One trait by which similar applications are found; derived data, created by a periodic job.

    Derived from public columns alone, so it holds no personal data.
    """

    class Kind(models.TextChoices):
        NAME = "name"
        DOMAIN = "domain"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="likeness_traits")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    revision_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    value = models.CharField(max_length=255)

    class Meta:
        indexes = (models.Index(fields=("kind", "value"), name="likeness_by_value"),)
        constraints = (
            models.UniqueConstraint(fields=("application", "kind", "value"), name="likeness_trait_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.application_id}"


class SavedFilters(models.Model):
    """Queue filters that an officer saved under a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("officer", "name"), name="saved_filters_by_name"),)

    def __str__(self) -> str:
        return self.name


class CaseOpening(models.Model):
    """When an officer last opened a case; shown to colleagues for a short time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="openings")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("application", "officer"), name="case_opening_once"),)

    def __str__(self) -> str:
        return f"{self.officer_id} {self.application_id}"


class DocumentOpening(models.Model):
    """That an officer had a page of a document before him or her on a case, the first time. Rows are only ever added.

    `file_id` is that of the attachment, whose bytes the case's revisions name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="document_openings")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    office = models.CharField(max_length=8)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file_id = models.UUIDField()
    page_number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("application", "officer", "file_id", "page_number"), name="document_opening_once"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="document_opening_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.application_id} {self.file_id} {self.page_number}"


class UnsentForm(models.Model):
    """What an officer typed into a form of a case and has not sent: seen by nobody else, gone once it is sent.

    `place` names the form on the case's pages. `body` is the form as a browser would send it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="unsent_forms")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=100)
    body = EncryptedTextField()
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "officer", "place"), name="unsent_form_once"),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.application_id} {self.place}"


class OwnText(models.Model):
    """A text that an officer keeps under a name, to put it into forms of one kind. Nobody else reads it.

    `position` orders those of one kind; two may share one for a moment.
    """

    class Place(models.TextChoices):
        OPINION = "opinion", pgettext_lazy("what a template is for", "Opinions and grounds")
        REASON = "reason", pgettext_lazy("what a template is for", "Reasons and what to do")
        POINT = "point", pgettext_lazy("what a template is for", "Points to be corrected")
        REMARK = "remark", pgettext_lazy("what a template is for", "Remarks and notes")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=8, choices=Place.choices)
    name = EncryptedTextField()
    text = EncryptedTextField()
    position = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("officer", "place", "position"), name="own_text_in_order"),)

    def __str__(self) -> str:
        return f"{self.officer_id} {self.place} {self.position}"


class ListDraft(models.Model):
    """The office's draft of its next batch list, one for each kind of list. A draft is not a list: nothing reads it.

    `announcement` has its places in braces; `held_back` is the reason by the id of each filing held back.
    `corrections` are those of a corrigendum, each with `entry`, `column`, `after` and `reason`. `batch_list` is what
    the draft was last proposed as.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, unique=True)
    cut_off_on = models.DateField()
    order = models.CharField(max_length=12)
    announcement = models.TextField()
    publish_at = models.DateTimeField(null=True)
    held_back = models.JSONField(default=dict)
    corrections = models.JSONField(null=True)
    batch_list = models.ForeignKey(BatchList, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class AnnouncementText(models.Model):
    """A version of the standing text with which announcements begin; an empty text means the shipped one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "version"), name="announcement_text_version"),)
        triggers = (
            pgtrigger.Protect(
                name="announcement_text_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class OfficerLeave(models.Model):
    """Days of leave of an officer, both inclusive, and who stands in; over with its last day, or when it is ended.

    `cases` are the ids of the cases that the officer wants handed over when it begins; `begun_at` says that they were.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leaves")
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    cases = models.JSONField(default=list)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")), name="leave_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(officer=models.F("substitute")), name="leave_has_another_substitute"
            ),
        )
        indexes = (models.Index(fields=("last_on", "first_on"), name="leave_by_last_day"),)

    def __str__(self) -> str:
        return f"{self.officer_id} {self.first_on} {self.last_on}"


class SiteVisit(models.Model):
    """One look at one filed web address: what a visitor saw. Rows are only ever added.

    `key` is the particular that the address stands at, `address` a keyed digest of it. `seen` is JSON, as
    `review.visits.seen` reads it; a page may name people. `asked_by` is null where nobody asked: the case arrived.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="site_visits")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    revision_number = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    address = models.CharField(max_length=64)
    seen = EncryptedTextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField()

    class Meta:
        # Finds the looks of a case, and those at one address of it; the newest first.
        indexes = (models.Index(fields=("application", "-looked_at"), name="site_visit_by_case"),)
        triggers = (
            pgtrigger.Protect(name="site_visit_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.key}"


class WaitingVisit(models.Model):
    """A web address that waits to be looked at: the work list of the visits. The row goes when the look is kept.

    The look takes the id of the row, so that it is kept once. `order` is JSON: the address, and the words to look for.
    While a process is at work, `taken_by` names it; one that has been silent for long has lost the row. Of one host,
    which `host` is a keyed digest of, one row is taken at a time.
    """

    class Urgency(models.IntegerChoices):
        ASKED = 0
        ARRIVED = 1

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="waiting_visits")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    revision_number = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    address = models.CharField(max_length=64)
    host = models.CharField(max_length=64)
    order = EncryptedTextField()
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    taken_by = models.CharField(max_length=64, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("urgency", "asked_at"), name="waiting_visit_in_turn"),)
        constraints = (
            models.UniqueConstraint(fields=("application", "address"), name="waiting_visit_once"),
            models.UniqueConstraint(
                fields=("host",), condition=~models.Q(taken_by=""), name="waiting_visit_one_of_a_host"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.key}"


class VisitedRevision(models.Model):
    """That the addresses of a revision were put on the list of the visits when it arrived at a desk."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="visited_revisions")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    revision_number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "revision_number"), name="visited_revision_once"),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.revision_number}"


class ContactNote(models.Model):
    """What an officer noted of a contact about a case, or of a site visit. Rows are only ever added.

    It belongs to the writing office. `on` is the day of the contact in China; a site visit has its `place`, the
    `officers` who went and its `result`. `corrects` is the note whose place this one takes.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone call")
        VISIT = "visit", _("Visit to the office")
        LETTER = "letter", _("Letter (paper)")
        MAIL = "mail", pgettext_lazy("of a contact", "E-mail")
        SITE = "site", _("Site visit")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="contacts")
    applicant_id = models.UUIDField()
    province_code = models.CharField(max_length=6)
    office = models.CharField(max_length=8)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()
    with_whom = EncryptedTextField()
    place = EncryptedTextField()
    officers = models.CharField(max_length=200, blank=True, default="")
    content = EncryptedTextField()
    result = EncryptedTextField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("applicant_id", "-on"), name="contact_by_applicant"),)
        triggers = (
            pgtrigger.Protect(name="contact_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.application_id} {self.kind}"


class ContactFile(EvidenceFile):
    """A file that came with a contact or was made on a site visit."""

    note = models.ForeignKey(ContactNote, on_delete=models.PROTECT, related_name="files")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("note", "position"), name="contact_file_position"),)

    def __str__(self) -> str:
        return f"{self.note_id} {self.position}"
