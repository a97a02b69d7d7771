"""Applicants (备案人) and the accounts that act for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.encryption import blind_index
from registry.models.account import Account
from registry.models.encrypted import EncryptedTextField
from registry.rules.members.permissions import MemberRole, Scope
from registry.rules.particulars.applicant import PASSPORT


def document_index(document_type: str, document_number: str, nationality: str | None = None) -> str:
    """The blind index of an identity document: one applicant per document number.

    A passport is known by its nationality and number; that of one stored before nationalities were asked is not known.
    """
    parts = [document_type, document_number]
    if document_type == PASSPORT and nationality:
        parts.append(nationality)
    return blind_index("\x1f".join(parts), purpose="applicant.document")


def index_of_identity(given: Mapping[str, Any]) -> str:
    """The blind index of the document that a section of materials states."""
    return document_index(
        given.get("document_type") or "", given.get("document_number") or "", given.get("nationality")
    )


def indexes_of_identity(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The blind indexes by which the register may know the stated document, the exact one first.

    A passport whose nationality the register does not know may be the stated one: nobody can tell them apart, so that
    it is taken for it.
    """
    without = document_index(given.get("document_type") or "", given.get("document_number") or "")
    return tuple(dict.fromkeys((index_of_identity(given), without)))


def head_index(head: str) -> str:
    """The index that stands for the document of an imported applicant: one applicant per head of numbers."""
    return blind_index(head, purpose="applicant.number_head")


class Applicant(models.Model):
    """Who files, identified by one document.

    An organisation's credit code is public by law, a person's document number is not. The revision that
    `facts_application_id` and `facts_revision_number` name is the one home of the applicant's facts (name, document,
    place, addresses, person in charge). The first approved filing sets it, and after that only an approved change of
    the applicant: nothing approved later brings an older value back.

    An imported one is known by the head of its numbers alone, as an earlier batch list names it: it has no document,
    nobody acts for it, and whether it is an organisation or a person is not known.
    """

    class Nature(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        INDIVIDUAL = "individual", _("Individual")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nature = models.CharField(max_length=16, choices=Nature.choices, blank=True)
    name = models.CharField(max_length=200)
    document_type = models.CharField(max_length=40)
    credit_code = models.CharField(max_length=18, blank=True, default="", db_index=True)
    document_number = EncryptedTextField(null=True)
    # Of a passport; None where it was stored before it was asked.
    nationality = EncryptedTextField(null=True)
    document_index = models.CharField(max_length=64, unique=True, editable=False)
    division_code = models.CharField(max_length=6)
    province_code = models.CharField(max_length=6, db_index=True)
    created_at = models.DateTimeField()
    facts_application_id = models.UUIDField(null=True)
    facts_revision_number = models.PositiveIntegerField(null=True)
    is_imported = models.BooleanField(default=False, db_default=False)

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
                )
                | models.Q(is_imported=True, nature="", credit_code="", document_number__isnull=True),
                name="applicant_document_by_nature",
            ),
        )

    def __str__(self) -> str:
        return self.name


class AuthorityScope(models.TextChoices):
    """What a letter of authority covers."""

    ALL_ACTS = Scope.ALL_ACTS.value, _("All acts")
    PREPARE_ONLY = Scope.PREPARE_ONLY.value, _("Preparing only; an owner hands in")


def agents_have_letters() -> models.Q:
    """The constraint that agents, and only they, are editors under a letter of authority."""
    without = models.Q(is_agent=False, scope="", letter__isnull=True, letter_valid_until__isnull=True)
    under_a_letter = models.Q(
        is_agent=True, role=MemberRole.EDITOR.value, letter__isnull=False, letter_valid_until__isnull=False
    )
    return without | (under_a_letter & ~models.Q(scope=""))


class Membership(models.Model):
    """An account that acts for an applicant. Revoked memberships stay, so that old acts can be explained.

    An agent (代理人) is an editor under a letter of authority, whose last day counts.
    """

    class MemberRole(models.TextChoices):
        OWNER = MemberRole.OWNER.value, _("Owner")
        EDITOR = MemberRole.EDITOR.value, _("Editor")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=MemberRole.choices)
    is_agent = models.BooleanField(default=False)
    scope = models.CharField(max_length=12, choices=AuthorityScope.choices, blank=True, default="")
    letter = models.ForeignKey("registry.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    letter_valid_until = models.DateField(null=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("letter_valid_until", "id"),
                name="membership_by_letter_end",
                condition=models.Q(is_agent=True, revoked_at__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=agents_have_letters(), name="membership_letter_exactly_for_agents"
            ),
            models.UniqueConstraint(
                fields=("applicant", "account"),
                condition=models.Q(revoked_at__isnull=True),
                name="membership_once_per_account",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.applicant_id}"
