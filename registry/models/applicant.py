"""Applicants (备案人) and the accounts that act for them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.encryption import blind_index
from registry.models.account import Account
from registry.models.encrypted import EncryptedTextField


def document_index(document_type: str, document_number: str) -> str:
    """The blind index of an identity document: one applicant per document number."""
    return blind_index(f"{document_type}\x1f{document_number}", purpose="applicant.document")


class Applicant(models.Model):
    """Who files, identified by one document.

    An organisation's credit code is public by law, a person's document number is not.
    """

    class Nature(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        INDIVIDUAL = "individual", _("Individual")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nature = models.CharField(max_length=16, choices=Nature.choices)
    name = models.CharField(max_length=200)
    document_type = models.CharField(max_length=40)
    credit_code = models.CharField(max_length=18, blank=True, default="", db_index=True)
    document_number = EncryptedTextField(null=True)
    document_index = models.CharField(max_length=64, unique=True, editable=False)
    division_code = models.CharField(max_length=6)
    province_code = models.CharField(max_length=6, db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(
                    models.Q(nature="organisation")
                    & ~models.Q(credit_code="")
                    & models.Q(document_number__isnull=True)
                )
                | (
                    models.Q(nature="individual")
                    & models.Q(credit_code="")
                    & models.Q(document_number__isnull=False)
                ),
                name="applicant_document_by_nature",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An account that acts for an applicant. Revoked memberships stay, so that old acts can be explained."""

    class MemberRole(models.TextChoices):
        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("Editor")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=MemberRole.choices)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("applicant", "account"),
                condition=models.Q(revoked_at__isnull=True),
                name="membership_once_per_account",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.applicant_id}"
