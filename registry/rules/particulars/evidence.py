"""Which documents prove which particulars, and which are issued anew when the particular changes.

The reviewer views both side by side; completeness asks for a new scan where a change leaves the old one behind.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.rules.particulars.attachments import related_licence_slot
from registry.rules.particulars.catalogue import find_particular, find_slot
from registry.rules.particulars.conditions import ALWAYS, NEVER, Condition, answered
from registry.rules.particulars.gaps import FORMER_PROOF, Gap
from registry.rules.particulars.likeness import registrable_domain
from registry.rules.particulars.materials import Materials, digest_of, files_of, is_given, value_of
from registry.rules.particulars.service import NO_PRIOR_APPROVAL, RELATED_LICENCE_KINDS

Facts = frozenset[object]

IDENTITY_SLOTS = (
    "attachments.business_licence",
    "attachments.organisation_certificate",
    "attachments.identity_document_front",
)
PERSON_SLOTS = ("attachments.person_in_charge_document", "attachments.identity_document_front")
AUTHORITY_SLOTS = ("attachments.letter_of_authority",)
SITE_SLOTS = ("attachments.icp_proof",)
PRIOR_APPROVAL_SLOTS = ("attachments.prior_approval_licences",)
RELATED_LICENCE_SLOTS = tuple(related_licence_slot(kind) for kind in RELATED_LICENCE_KINDS)
CLOUD_SLOTS = ("attachments.cloud_service_qualification",)


def _whole(value: Any) -> Facts:
    """The answer as a whole."""
    return frozenset({_spelling(value)} - {""})


def _sites(value: Any) -> Facts:
    """Of websites, what an ICP proof shows: the domain and the number of each, not what a site is called."""
    return frozenset(
        (registrable_domain(url) or _spelling(url), _spelling(row.get("icp_number")))
        for row in _rows(value)
        if isinstance(url := row.get("url"), str)
    )


def _licences_of(kind: str) -> Callable[[Any], Facts]:
    """Of the related licences, what a licence of this kind shows: its number and how long it holds."""

    def facts(value: Any) -> Facts:
        return frozenset(
            (
                _spelling(row.get("number")),
                _spelling(row.get("valid_from")),
                "" if row.get("has_no_expiry") else _spelling(row.get("valid_until")),
            )
            for row in _rows(value)
            if row.get("kind") == kind
        )

    return facts


def _matters(value: Any) -> Facts:
    """The matters that were approved beforehand, each by a licence."""
    chosen = value if isinstance(value, list) else []
    return frozenset(each for each in chosen if isinstance(each, str) and each != NO_PRIOR_APPROVAL)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Evidence:
    """The slots whose documents prove a particular; `renewed` says when a new value stands on a new document.

    `facts` gives what of an answer its documents show: a new one of these is a new value, and nothing else is.
    """

    key: str
    slots: tuple[str, ...]
    renewed: Condition = NEVER
    facts: Callable[[Any], Facts] = _whole


EVIDENCE: tuple[Evidence, ...] = (
    Evidence("applicant.name", IDENTITY_SLOTS, ALWAYS),
    Evidence("applicant.document_type", IDENTITY_SLOTS, ALWAYS),
    Evidence("applicant.document_number", IDENTITY_SLOTS, ALWAYS),
    Evidence("applicant.nationality", IDENTITY_SLOTS, ALWAYS),
    # The address as the document states it; the mailing address is proven by nothing.
    Evidence("applicant.document_address", IDENTITY_SLOTS, ALWAYS),
    # A correction of the type, or of a code of the divisions, leaves the document as it is.
    Evidence("applicant.organisation_type", IDENTITY_SLOTS),
    Evidence("applicant.division_code", IDENTITY_SLOTS),
    Evidence("applicant.agent_name", AUTHORITY_SLOTS, ALWAYS),
    Evidence("applicant.authority_scope", AUTHORITY_SLOTS, ALWAYS),
    Evidence("applicant.authority_expires_on", AUTHORITY_SLOTS, ALWAYS),
    Evidence("person_in_charge.name", PERSON_SLOTS, ALWAYS),
    # The licence names the legal representative, but no other principal.
    Evidence(
        "person_in_charge.name", IDENTITY_SLOTS, answered("person_in_charge.capacity", "legal_representative")
    ),
    Evidence("person_in_charge.document_type", PERSON_SLOTS, ALWAYS),
    Evidence("person_in_charge.document_number", PERSON_SLOTS, ALWAYS),
    Evidence("person_in_charge.nationality", PERSON_SLOTS, ALWAYS),
    Evidence("service.service_name", ("attachments.authenticity_statement",)),
    Evidence("service.websites", SITE_SLOTS, ALWAYS, _sites),
    Evidence("service.description", ("attachments.product_introduction",)),
    Evidence("service.has_management_system", ("attachments.management_system_documents",)),
    Evidence("service.prior_approval_matters", PRIOR_APPROVAL_SLOTS, ALWAYS, _matters),
    *(
        Evidence("service.related_licences", (related_licence_slot(kind),), ALWAYS, _licences_of(kind))
        for kind in RELATED_LICENCE_KINDS
    ),
    Evidence("content.baas_cloud_qualification", CLOUD_SLOTS, ALWAYS),
)


def proving_slots(key: str) -> tuple[str, ...]:
    """The slots whose documents prove a particular, each once."""
    return tuple(dict.fromkeys(slot for each in EVIDENCE if each.key == key for slot in each.slots))


def former_proofs(before: Materials, after: Materials) -> Iterator[Gap]:
    """A gap for each slot that still holds only scans of `before`, though what they prove has changed (Art. 12).

    An empty slot is a missing file, which is a gap of its own. A value that was not stated before may well stand
    on the document that was given.
    """
    return outdated_proofs((before,), after)


def outdated_proofs(versions: Sequence[Materials], after: Materials) -> Iterator[Gap]:
    """As `former_proofs`, where several versions were handed in one after another, the oldest first.

    A file proves what was stated when it was first handed in: what only a later version states needs another one.
    """
    for evidence in EVIDENCE:
        needed = evidence.facts(value_of(after, evidence.key))
        if not needed or not (find_particular(evidence.key).applies(after) and evidence.renewed(after)):
            continue
        first_with = _first_with(evidence.slots, versions)
        for slot in evidence.slots:
            files = files_of(after, slot) if find_slot(slot).applies(after) else []
            handed_in_with = [first_with.get(digest_of(file)) for file in files]
            if files and not _show(evidence, handed_in_with, needed):
                yield Gap(slot, FORMER_PROOF, {"changed": evidence.key})


def _first_with(slots: Sequence[str], versions: Sequence[Materials]) -> dict[object, Materials]:
    """The first version that had a file in one of these slots, by the digest of the file."""
    return {
        digest_of(file): version
        for version in reversed(versions)
        for slot in slots
        for file in files_of(version, slot)
    }


def _show(evidence: Evidence, handed_in_with: Sequence[Materials | None], needed: Facts) -> bool:
    """Whether files can show these facts, by the versions they were handed in with; None for a new file."""
    shown: set[object] = set()
    for version in handed_in_with:
        if version is None or not is_given(stated := value_of(version, evidence.key)):
            return True
        shown |= evidence.facts(stated)
    return needed <= shown


def _spelling(value: object) -> str:
    """A text without what only its spelling makes different: full-width characters, white space and case."""
    if not isinstance(value, str):
        return ""
    return "".join(unicodedata.normalize("NFKC", value).split()).casefold()
