"""Which documents prove which particulars, and which are issued anew when the particular changes.

The reviewer views both side by side; completeness asks for a new scan where a change leaves the old one behind.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from registry.rules.particulars.catalogue import find_particular, find_slot, slots
from registry.rules.particulars.conditions import ALWAYS, NEVER, Condition, answered
from registry.rules.particulars.gaps import FORMER_PROOF, Gap
from registry.rules.particulars.materials import Materials, digest_of, files_of, is_given, value_of

_IDENTITY = (
    "attachments.business_licence",
    "attachments.organisation_certificate",
    "attachments.identity_document_front",
)
_PERSON = ("attachments.person_in_charge_document", "attachments.identity_document_front")
_AUTHORITY = ("attachments.letter_of_authority",)
_RELATED = tuple(slot.key for slot in slots() if slot.key.startswith("attachments.related_licence_"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The slots whose documents prove a particular; `renewed` says when a new value stands on a new document."""

    key: str
    slots: tuple[str, ...]
    renewed: Condition = NEVER


EVIDENCE: tuple[Evidence, ...] = (
    Evidence("applicant.name", _IDENTITY, ALWAYS),
    Evidence("applicant.document_type", _IDENTITY, ALWAYS),
    Evidence("applicant.document_number", _IDENTITY, ALWAYS),
    Evidence("applicant.nationality", _IDENTITY, ALWAYS),
    # The address as the document states it; the mailing address is proven by nothing.
    Evidence("applicant.document_address", _IDENTITY, ALWAYS),
    # A correction of the type, or of a code of the divisions, leaves the document as it is.
    Evidence("applicant.organisation_type", _IDENTITY),
    Evidence("applicant.division_code", _IDENTITY),
    Evidence("applicant.agent_name", _AUTHORITY),
    Evidence("applicant.authority_scope", _AUTHORITY),
    Evidence("applicant.authority_expires_on", _AUTHORITY),
    Evidence("person_in_charge.name", _PERSON, ALWAYS),
    # The licence names the legal representative, but no other principal.
    Evidence(
        "person_in_charge.name", _IDENTITY, answered("person_in_charge.capacity", "legal_representative")
    ),
    Evidence("person_in_charge.document_type", _PERSON, ALWAYS),
    Evidence("person_in_charge.document_number", _PERSON, ALWAYS),
    Evidence("person_in_charge.nationality", _PERSON, ALWAYS),
    Evidence("service.service_name", ("attachments.authenticity_statement",)),
    Evidence("service.websites", ("attachments.icp_proof",)),
    Evidence("service.description", ("attachments.product_introduction",)),
    Evidence("service.has_management_system", ("attachments.management_system_documents",)),
    Evidence("service.prior_approval_matters", ("attachments.prior_approval_licences",)),
    Evidence("service.related_licences", _RELATED),
)


def proving_slots(key: str) -> tuple[str, ...]:
    """The slots whose documents prove a particular, each once."""
    return tuple(dict.fromkeys(slot for each in EVIDENCE if each.key == key for slot in each.slots))


def former_proofs(before: Materials, after: Materials) -> Iterator[Gap]:
    """A gap for each slot that still holds only scans of `before`, though what they prove has changed (Art. 12).

    An empty slot is a missing file, which is a gap of its own. A value that was not stated before may well stand
    on the document that was given.
    """
    for evidence in EVIDENCE:
        old, new = value_of(before, evidence.key), value_of(after, evidence.key)
        is_asked = find_particular(evidence.key).applies(after) and evidence.renewed(after)
        if not is_asked or not is_given(old) or _spelt_alike(old) == _spelt_alike(new):
            continue
        known = {digest_of(file) for slot in evidence.slots for file in files_of(before, slot)}
        for slot in evidence.slots:
            files = files_of(after, slot)
            if find_slot(slot).applies(after) and files and {digest_of(file) for file in files} <= known:
                yield Gap(slot, FORMER_PROOF, {"changed": evidence.key})


def _spelt_alike(value: object) -> object:
    """The value without what only its spelling makes different: full-width characters, white space and case."""
    if not isinstance(value, str):
        return value
    return "".join(unicodedata.normalize("NFKC", value).split()).casefold()
