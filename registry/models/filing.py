"""The book: filings, applications and revisions.

Only `registry.book.ledger` writes these tables. Filing and Application rows are folds of their events; they exist
so that the register can be searched and locked.
"""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models

from registry.models.applicant import Applicant
from registry.models.encrypted import EncryptedTextField
from registry.rules.end_grounds import EndGround
from registry.rules.workflow.states import (
    OPEN_STATES,
    PUBLIC_STANDINGS,
    Kind,
    Outcome,
    Standing,
    State,
    proposes_name,
)


def _choices(*members: str) -> list[tuple[str, str]]:
    return [(member, member) for member in members]


_OPEN = [state.value for state in OPEN_STATES]
# As the public register asks.
_IS_PUBLIC = models.Q(standing__in=sorted(standing.value for standing in PUBLIC_STANDINGS))
_AT_PROVINCE = [State.PROVINCIAL_REVIEW.value, State.PROVINCIAL_CONFIRMATION.value]


class Filing(models.Model):
    """One service in the register, pending ones included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="filings")
    province_code = models.CharField(max_length=6, db_index=True)
    standing = models.CharField(max_length=16, choices=_choices(*Standing))
    number = models.CharField(max_length=26, unique=True, null=True)
    division_code = models.CharField(max_length=6, null=True)
    applicant_name = models.CharField(max_length=200)
    service_name = models.CharField(max_length=200)
    columns = models.JSONField()
    opened_at = models.DateTimeField()
    numbered_at = models.DateTimeField(null=True)
    in_force_application_id = models.UUIDField(null=True)
    in_force_revision_number = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True)
    cancelled_on = models.DateField(null=True)
    last_event_sequence = models.PositiveIntegerField(default=0)
    # One a line: what the public knew the filing by before its changes.
    former_applicant_names = models.TextField(default="", db_default="")
    former_service_names = models.TextField(default="", db_default="")
    # The batch list that names it, from the list's own event on.
    list_number = models.PositiveIntegerField(null=True)
    # What the public search stands on, empty until the filing is public. On PostgreSQL the database makes of both
    # the column `search_parts`.
    search_form = models.TextField(default="", db_default="")
    facets = models.TextField(default="", db_default="")
    # Taken over from a list published before the register began: no application stands behind it.
    is_imported = models.BooleanField(default=False, db_default=False)
    # Struck off by the office: the day, why, and on what legal basis.
    struck_off_on = models.DateField(null=True)
    end_ground = models.CharField(max_length=20, choices=_choices(*EndGround), default="", db_default="")
    end_basis = models.TextField(default="", db_default="")
    # Where the service goes on, and, one a line, the filings struck off whose service goes on here.
    successor_number = models.CharField(max_length=26, null=True)
    predecessor_numbers = models.TextField(default="", db_default="")
    # One a line: the filings of the chains and platforms that the service runs on.
    upstream_numbers = models.TextField(default="", db_default="")

    class Meta:
        indexes = (
            models.Index(fields=("standing", "opened_at"), name="filing_by_standing"),
            models.Index(fields=("-numbered_at", "-id"), name="filing_by_number_date"),
            models.Index(fields=("service_name", "id"), name="filing_by_service_name", condition=_IS_PUBLIC),
            models.Index(
                fields=("applicant_name", "id"), name="filing_by_applicant_name", condition=_IS_PUBLIC
            ),
            models.Index(fields=("facets",), name="filing_by_facets", condition=_IS_PUBLIC),
            models.Index(
                fields=("upstream_numbers",),
                name="filing_by_upstream",
                condition=models.Q(standing=Standing.IN_FORCE.value) & ~models.Q(upstream_numbers=""),
            ),
            models.Index(
                fields=("ends_on", "id"),
                name="filing_to_end",
                condition=models.Q(standing=Standing.IN_FORCE.value, ends_on__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(number__isnull=True, standing__in=["pending", "awaiting_number"])
                | models.Q(number__isnull=False, standing__in=["in_force", "cancelled", "struck_off"]),
                name="filing_number_belongs_to_standing",
            ),
        )

    def __str__(self) -> str:
        return self.number or str(self.pk)


class Application(models.Model):
    """One request to the office.

    `received_on` is the date in China from which the current round's clock runs. Applications of one joint
    submission share their `together_id`; each is decided on its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="applications", null=True)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="applications")
    province_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=20, choices=_choices(*Kind))
    state = models.CharField(max_length=24, choices=_choices(*State))
    receipt_number = models.CharField(max_length=24, unique=True)
    applicant_name = models.CharField(max_length=200)
    service_name = models.CharField(max_length=200)
    columns = models.JSONField()
    round_number = models.PositiveIntegerField()
    first_received_on = models.DateField()
    received_on = models.DateField()
    submitted_at = models.DateTimeField()
    revision_number = models.PositiveIntegerField()
    revision_hash = models.CharField(max_length=64)
    event_on = models.DateField(null=True)
    late_by_working_days = models.PositiveIntegerField(default=0)
    opinion = models.CharField(max_length=10, choices=_choices(*Outcome), null=True)
    opinion_officer_id = models.UUIDField(null=True)
    opinion_revision_number = models.PositiveIntegerField(null=True)
    escalated = models.BooleanField(default=False)
    proposal = models.CharField(max_length=10, choices=_choices(*Outcome), null=True)
    proposer_id = models.UUIDField(null=True)
    proposal_revision_number = models.PositiveIntegerField(null=True)
    decision = models.CharField(max_length=10, choices=_choices(*Outcome), null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    clock_due_on = models.DateField(null=True)
    clock_late_by_working_days = models.PositiveIntegerField(null=True)
    clock_desk = models.CharField(max_length=20, null=True)
    late_desk = models.CharField(max_length=20, null=True)
    asked_until = models.DateField(null=True)
    last_event_sequence = models.PositiveIntegerField(default=0)
    together_id = models.UUIDField(null=True, db_index=True)
    filing_number = models.CharField(max_length=26, null=True)
    # What the offices' search of cases stands on. On PostgreSQL the database makes of it the column `search_parts`.
    search_form = models.TextField(default="", db_default="")

    class Meta:
        indexes = (
            models.Index(fields=("state", "province_code", "received_on", "id"), name="application_by_desk"),
            models.Index(fields=("applicant", "-submitted_at"), name="application_by_applicant"),
            models.Index(
                fields=("received_on", "id"),
                name="application_to_escalate",
                condition=models.Q(state__in=_AT_PROVINCE, escalated=False),
            ),
            models.Index(
                fields=("received_on", "id"),
                name="application_not_late_yet",
                condition=models.Q(clock_due_on__isnull=True, late_desk__isnull=True),
            ),
            # What lies where is counted from this index alone, without the rows.
            models.Index(
                fields=("province_code", "received_on", "state", "kind"),
                name="application_running",
                condition=models.Q(clock_due_on__isnull=True),
            ),
            models.Index(
                fields=("decided_at", "id"),
                name="application_rejected",
                condition=models.Q(state=State.REJECTED.value),
            ),
            models.Index(
                fields=("received_on", "id"),
                name="application_undelivered",
                condition=models.Q(state=State.REJECTED.value, clock_due_on__isnull=True),
            ),
            # The orders of the search of cases: of the whole country, and of one province.
            models.Index(fields=("received_on", "id"), name="application_by_receipt_day"),
            models.Index(fields=("province_code", "received_on", "id"), name="application_of_province"),
            models.Index(fields=("decided_at", "id"), name="application_by_decision"),
            models.Index(fields=("province_code", "decided_at", "id"), name="application_decided_there"),
            models.Index(fields=("applicant_name", "id"), name="application_by_name"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("filing",),
                condition=models.Q(state__in=_OPEN),
                name="application_one_open_per_filing",
            ),
            models.UniqueConstraint(
                fields=("applicant",),
                condition=models.Q(state__in=_OPEN, filing__isnull=True),
                name="application_one_open_about_applicant",
            ),
        )

    def __str__(self) -> str:
        return self.receipt_number

    @property
    def stream_id(self) -> uuid.UUID:
        """The chain its events belong to: its filing's, or its own when it concerns the applicant."""
        return self.filing_id if self.filing_id is not None else self.pk

    @property
    def applicant_called(self) -> str:
        """What its applicant is called: the name that a change of the applicant proposes is none before approval."""
        is_proposed = proposes_name(kind=self.kind, state=self.state)
        return self.applicant.name if is_proposed else self.applicant_name


class Uptake(models.Model):
    """When the claim of the office that holds an application was last active; applicants see nothing else of claims."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, primary_key=True)
    claimed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.application_id)


class Revision(models.Model):
    """An applicant's materials as submitted: one immutable, hashed snapshot.

    `content_hash` covers the public part, the commitment to the personal part and the digest of every file,
    so it can be verified after the personal part has been erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="revisions")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=6)
    number = models.PositiveIntegerField()
    public_part = models.JSONField()
    personal_commitment = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("application", "number"), name="revision_number_per_application"),
        )
        triggers = (
            pgtrigger.Protect(name="revision_immutable", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.application_id} r{self.number}"


class PersonalParticulars(models.Model):
    """The erasable part of a revision: personal data and the random key of its commitment, both encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="personal_particulars")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    province_code = models.CharField(max_length=6)
    content = EncryptedTextField()
    commitment_key = EncryptedTextField()

    def __str__(self) -> str:
        return str(self.revision_id)


class ReceiptCounter(models.Model):
    """The last receipt number that a province issued in a year, by the date in China."""

    province_code = models.CharField(max_length=6)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("province_code", "year"), name="receipt_counter_per_province_and_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.province_code} {self.year}: {self.last}"


class NumberHead(models.Model):
    """What an applicant's filing numbers share, fixed with the first; `last_sequence` is the counter.

    Of an imported one only those numbers are known that a list named: the sequence may have gaps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.OneToOneField(Applicant, on_delete=models.PROTECT, related_name="number_head")
    province_code = models.CharField(max_length=6)
    division_code = models.CharField(max_length=6)
    year = models.PositiveIntegerField()
    serial = models.CharField(max_length=8, unique=True)
    last_sequence = models.PositiveIntegerField(default=0)
    is_imported = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_sequence__lte=999), name="number_sequence_at_most_999"
            ),
        )

    def __str__(self) -> str:
        return f"{self.division_code} {self.year} {self.serial}"
