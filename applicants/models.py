"""Drafts of applications. A draft is not a filing; nothing here is part of the register."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import models

from registry.book.letters import LetterOnFile
from registry.models import Applicant, CalendarNotice
from registry.models.encrypted import EncryptedTextField
from registry.rules.particulars.materials import empty_materials
from registry.rules.workflow.states import Kind

_EMPTY_NOTES: Mapping[str, Any] = MappingProxyType(
    {"answers": {}, "explanation": "", "opened": [], "changed_on": {}, "late_reason": "", "base": None}
)


class Draft(models.Model):
    """A draft of an application, encrypted, visible only to accounts that may act for its applicant.

    `version` counts the saves. `section_saves` counts them per section, with the page that saved last, so
    that two tabs can work on two sections and cannot overwrite each other unseen in one. `statement_values`
    are the values that the signed authenticity statement printed, None while none is uploaded.
    `application_id` names the application it was submitted as.

    An amendment is a draft as well: `amends_application_id` names the application it corrects or supplements,
    `base_revision_number` the revision it started from; `amendment_notes` holds the answers, the explanation and
    the sections opened. An application has at most one unsent amendment.

    A change is a draft of another `kind`: of the filing `filing_id`, or of the applicant if that is None.

    Drafts with the same `together_id` form a joint submission (`applicants.drafts.services.joint`): they are locked
    in the order of `number`, which never changes, and shown in the order of `place`. `statement_services` are
    the drafts that the signed statement lists; empty if it was signed for this draft alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, null=True, related_name="drafts")
    province_code = models.CharField(max_length=6, blank=True, default="")
    filing_id = models.UUIDField(null=True)
    content = EncryptedTextField()
    version = models.PositiveIntegerField(default=1)
    section_saves = models.JSONField(default=dict)
    statement_values = EncryptedTextField(null=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    application_id = models.UUIDField(null=True)
    submission_key = models.UUIDField(default=uuid.uuid4, editable=False)
    amends_application_id = models.UUIDField(null=True)
    base_revision_number = models.PositiveIntegerField(null=True)
    amendment_notes = EncryptedTextField(null=True)
    together_id = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(default=1)
    place = models.PositiveIntegerField(default=1)
    statement_services = models.JSONField(default=list)

    # What the draft held before the register's facts were put into it (`applicants.drafts.register_facts`).
    former_materials: dict[str, Any] | None = None
    # What the register has of its applicant, once it was taken; empty before the first approval.
    facts_in_force: Mapping[str, Any] | None = None
    # Files whose successors in the same place have been read since (`applicants.drafts.read_files`).
    superseded_files: frozenset[str] = frozenset()
    # The letter of the agent who created the draft, where it files under one (`applicants.drafts.register_facts`).
    letter_on_file: LetterOnFile | None = None

    class Meta:
        indexes = (models.Index(fields=("account", "-saved_at"), name="draft_by_account"),)
        constraints = (
            models.UniqueConstraint(
                fields=("application_id",),
                condition=models.Q(amends_application_id__isnull=True),
                name="one_first_draft_per_application",
            ),
            models.UniqueConstraint(
                fields=("amends_application_id",),
                condition=models.Q(application_id__isnull=True),
                name="one_open_amendment_per_application",
            ),
            models.UniqueConstraint(fields=("together_id", "number"), name="draft_number_together"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def materials(self) -> dict[str, Any]:
        """The materials as last saved (shape: `registry.rules.particulars.materials`)."""
        return {**empty_materials(), **json.loads(self.content or "{}")}

    @materials.setter
    def materials(self, materials: dict[str, Any]) -> None:
        self.content = json.dumps(materials, ensure_ascii=False)

    @property
    def printed_on_statement(self) -> dict[str, Any] | None:
        """The values that the signed statement printed, by key; None while no signed scan is uploaded."""
        return None if self.statement_values is None else json.loads(self.statement_values)

    @printed_on_statement.setter
    def printed_on_statement(self, values: dict[str, Any] | None) -> None:
        self.statement_values = None if values is None else json.dumps(values, ensure_ascii=False)

    @property
    def notes(self) -> dict[str, Any]:
        """The data of an amendment or a change besides its materials.

        An amendment has its answers, explanation and opened sections; a change has the day of each changed item,
        the reason for lateness, and the revision in force when it started.
        """
        return {**_EMPTY_NOTES, **json.loads(self.amendment_notes or "{}")}

    @notes.setter
    def notes(self, notes: dict[str, Any]) -> None:
        self.amendment_notes = json.dumps(notes, ensure_ascii=False)

    def version_of(self, section: str) -> int:
        """The number of saves of a section; a form carries it, so that an outdated form is recognised."""
        return int(self.section_saves.get(section, {}).get("version", 0))


class CalendarNoticeTold(models.Model):
    """A holiday notice whose effects on drafts and planned ends have been announced to all applicants."""

    notice = models.OneToOneField(CalendarNotice, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.notice_id)
