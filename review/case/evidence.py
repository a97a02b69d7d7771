"""Which documents prove which particulars, so that both can be viewed side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise

from registry.labels import particulars as words
from registry.rules.particulars import slots
from registry.rules.particulars.materials import files_of

_IDENTITY = (
    "attachments.business_licence",
    "attachments.organisation_certificate",
    "attachments.identity_document_front",
)
_PERSON = ("attachments.person_in_charge_document", "attachments.identity_document_front")
_AUTHORITY = ("attachments.letter_of_authority",)
_RELATED = tuple(slot.key for slot in slots() if slot.key.startswith("attachments.related_licence_"))

EVIDENCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "applicant.name": _IDENTITY,
        "applicant.organisation_type": _IDENTITY,
        "applicant.division_code": _IDENTITY,
        "applicant.document_number": _IDENTITY,
        "applicant.document_address": _IDENTITY,
        "applicant.agent_name": _AUTHORITY,
        "applicant.authority_scope": _AUTHORITY,
        "applicant.authority_expires_on": _AUTHORITY,
        "person_in_charge.name": _PERSON + _IDENTITY,
        "person_in_charge.document_type": _PERSON,
        "person_in_charge.document_number": _PERSON,
        "service.service_name": ("attachments.authenticity_statement",),
        "service.websites": ("attachments.icp_proof",),
        "service.description": ("attachments.product_introduction",),
        "service.has_management_system": ("attachments.management_system_documents",),
        "service.prior_approval_matters": ("attachments.prior_approval_licences",),
        "service.related_licences": _RELATED,
    }
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A document that proves a particular: its label, and the id of its first file."""

    label: Promise
    file_id: str


def proofs_of(key: str, materials: Mapping[str, Any]) -> list[Proof]:
    """The attached documents that prove a particular, one for each slot."""
    found = dict.fromkeys(EVIDENCE.get(key, ()))
    return [
        Proof(words.label_of(slot), str(files[0].get("id", "")))
        for slot in found
        if (files := files_of(materials, slot))
    ]
